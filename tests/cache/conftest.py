"""A cache of its own for every test that asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptt.cache.folder import folder
from bptt.cache.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Where commands keep their answers meanwhile."""
    monkeypatch.setenv("BPTT_CACHE", str(tmp_path / "cache"))
    where = folder()
    assert where is not None
    return Store(where)
