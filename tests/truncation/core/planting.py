"""Planted errors: a module with one line of its source replaced, run beside the right one."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType


def planted(name: str, right: str, wrong: str) -> ModuleType:
    """The module of that name, with one place that reads otherwise."""
    module = importlib.import_module(name)
    source = inspect.getsource(module)
    assert source.count(right) == 1, f"{right!r} stands {source.count(right)} times in {name}"
    found = ModuleType(name)
    found.__file__ = module.__file__
    exec(compile(source.replace(right, wrong), f"{name}, planted", "exec"), found.__dict__)
    return found
