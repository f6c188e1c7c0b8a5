"""JAX in the precision that its module's own check sets, for one test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def double() -> Iterator[None]:
    """float64 in JAX, where that is installed."""
    try:
        import jax
    except ImportError:
        yield
        return
    config: Any = jax.config
    before = config.jax_enable_x64
    config.update("jax_enable_x64", True)
    yield
    config.update("jax_enable_x64", before)
