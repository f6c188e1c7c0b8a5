"""What ``python -m benchmarks`` sets before JAX is imported is set here for a test, and taken back after it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

import pytest


@pytest.fixture(autouse=True)
def jax_in_float64() -> Iterator[None]:
    if find_spec("jax") is None:
        yield
        return
    config = import_module("jax").config
    before = config.jax_enable_x64
    config.update("jax_enable_x64", True)
    yield
    config.update("jax_enable_x64", before)
