"""Where the points of a sweep are computed: one file of ``bptt.sweeps.executors`` a kind of place.

Such a file has ``TITLE``, ``add_option(group)`` with its own option, and ``chosen(arguments)``: the executor that the
option asks for, or None where it is not given.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Protocol, cast

from bptt.sweeps.task import Batch, Measure, Task
from derive import registry
from derive.errors import InputError

PACKAGE = "bptt.sweeps.executors"
DEFAULT = "processes"

Batches = Generator[Batch, None, None]
Run = Callable[[Measure, Iterable[Task]], Batches]
"""Measures all tasks; the batches come in any order, each task's outcome in one of them."""


class Executor(Protocol):
    """A place to compute."""

    def session(self) -> AbstractContextManager[Run]:
        """Ready to run until it is left.  Raises InputError when the place cannot be reached."""
        ...


class ExecutorModule(Protocol):
    """A module of ``bptt.sweeps.executors``."""

    TITLE: str
    OPTION: str

    def add_option(self, group: argparse._ArgumentGroup) -> None: ...
    def chosen(self, arguments: argparse.Namespace) -> Executor | None: ...
    def default(self) -> Executor: ...


def modules() -> tuple[ExecutorModule, ...]:
    return tuple(cast(ExecutorModule, import_module(f"{PACKAGE}.{name}")) for name in registry.names(PACKAGE))


def default() -> Executor:
    """All cores of this machine."""
    return cast(ExecutorModule, import_module(f"{PACKAGE}.{DEFAULT}")).default()


def executor(arguments: argparse.Namespace) -> Executor:
    """The one that the options ask for.  Raises InputError when they ask for two."""
    asked = [(module.OPTION, found) for module in modules() if (found := module.chosen(arguments)) is not None]
    if len(asked) > 1:
        options = " and ".join(option for option, _ in asked)
        raise InputError(f"{options} are given, but the points are computed in one place", mend="leave one out")
    return asked[0][1] if asked else default()
