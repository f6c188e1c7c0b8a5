"""Generated functions, one a stage, with the memory that they work in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property

import sympy as sp

from derive.arithmetic import Array
from derive.compiled.functions import source
from derive.compiled.stages import Stage
from derive.compiled.support import loaded
from derive.compiled.three_address import Instruction
from derive.compiled.workspace import Workspaces

_SET = frozenset({"lag", "letter", "carry", "seed"})
"""Kinds of what is read that a run sets by itself."""


class Generated(ABC):
    """What is made of some stages; ``source`` is all that was generated."""

    @property
    @abstractmethod
    def stages(self) -> Mapping[str, Stage]:
        """By name, in an order in which they may be run."""

    @property
    @abstractmethod
    def sizes(self) -> Mapping[sp.Symbol, str]:
        """What sizes are called in the source."""

    @cached_property
    def source(self) -> str:
        return "\n\n".join(source(stage, self.sizes, workspace=True) for stage in self.stages.values())

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., tuple[Array, ...]]]:
        return loaded(self.source)

    @cached_property
    def workspaces(self) -> Workspaces:
        return Workspaces()

    @cached_property
    def given(self) -> tuple[Instruction, ...]:
        """What is read of what is given: parameters, constants, inputs, targets and initial states."""
        reads = {read for stage in self.stages.values() for read in stage.inputs if read.is_read}
        return tuple(read for read in reads if read.operands[0] not in _SET)
