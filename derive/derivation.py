"""A derivation as data: a list of explained steps, each a claim that can be proven, checked and printed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

import sympy as sp

from derive.expr import Node, Var
from derive.model import Model
from derive.prover.claim import Claim, Method
from derive.prover.domain import Domain
from derive.prover.facts import Range as Range
from derive.prover.facts import assumptions

Prose = tuple[str | Node | sp.Expr, ...]
"""Words, expressions and indices in a row."""


@dataclass(frozen=True)
class Step:
    """lhs = rhs, for every index in ``where``.

    ``rule`` names the law that was used, ``because`` says in one sentence why this step is taken.  ``proof`` is None
    where the step is a definition or a theorem of calculus, which evidence of another kind has to support.
    """

    key: str
    lhs: Node
    rhs: Node
    rule: str
    because: Prose
    where: tuple[Range, ...] = ()
    proof: Method | None = None

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    @property
    def phase(self) -> str:
        """The name of the phase that the step is about; empty for the one with the losses."""
        return self.key.partition(":")[0] if ":" in self.key else ""

    @property
    def role(self) -> str:
        """The key without the phase: ``local.c``."""
        return self.key.rpartition(":")[2]

    @property
    def assumptions(self) -> Domain:
        """T ≥ 1, S ≥ 1 and the ranges of the free indices."""
        return assumptions(self.where)


def key_of(section: str, name: str, reserved: Collection[str]) -> str:
    """The key of a step about a quantity of the model: its name, primed where the section has a step so called."""
    return f"{section}.{name}'" if name in reserved else f"{section}.{name}"


@dataclass(frozen=True)
class Section:
    """A heading of the derivation, with a sentence or two that say what it is for."""

    key: str
    title: str
    about: Prose


Place = tuple[str, str]
"""A letter without its time: its name and its kind."""


def letter(variable: Var) -> Place:
    return variable.name, variable.kind


@dataclass(frozen=True)
class Derivation:
    """All steps, in order.

    ``definitions`` names the steps that compute each letter, first come first served: δ_T by "gradient.last", every
    other δ_t by "gradient.delta".
    """

    model: Model
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    definitions: dict[Place, tuple[str, ...]]

    def __getitem__(self, key: str) -> Step:
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(f"there is no step {key!r}")

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def of(self, section: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.section == section)

    def claim(self, step: Step) -> Claim:
        """A step as a claim for the prover, which may rest on the steps before it alone.

        Raises ValueError where the step carries no proof.
        """
        if step.proof is None:
            raise ValueError(f"{step.key} carries no proof")
        before = takewhile(lambda other: other.key != step.key, self.steps)
        return Claim(step.lhs, step.rhs, step.proof, step.where, {other.key: other for other in before}, step.key)

    def with_step(self, key: str, *, lhs: Node | None = None, rhs: Node | None = None) -> Derivation:
        """The same derivation with another claim in one step: how an error is planted."""
        old = self[key]
        new = replace(old, lhs=lhs or old.lhs, rhs=rhs or old.rhs)
        return replace(self, steps=tuple(new if step is old else step for step in self.steps))
