"""A kind of mistake, and one mistake of that kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeGuard

from derive.derivation import Derivation, Step
from derive.expr import Node
from verify.mutations.places import Changes, Context, everywhere, places, replaced

PROGRAM = ("local", "crossing", "seed", "gradient", "form")
"""The sections whose formulas compute a gradient."""


def section(step: Step) -> str:
    """The section of a step, whatever its phase."""
    return step.role.partition(".")[0]


@dataclass(frozen=True)
class Kind:
    """A mistake that people make.

    ``name`` is what they call it, ``why`` says in one sentence what is wrong with it, ``changes`` are what it makes
    of an expression, of any cell, and ``steps`` says in which steps of a derivation.  What a ``general`` kind makes
    counts as one of a more special kind where that makes the same.
    """

    name: str
    why: str
    changes: Changes
    steps: Callable[[Step], bool] = lambda step: True
    general: bool = False

    def mutants(self, derivation: Derivation) -> Iterator[Mutant]:
        """The mistake in every single place; then, consistently, in all steps that compute a gradient."""
        made: dict[str, dict[str, str]] = {}
        known: dict[Any, Any] = {}
        for step in filter(self.steps, derivation):
            for path, place in places(Context(derivation, step, known)):
                for change in self.changes(place):
                    new = replaced(step.rhs, path, change.new)
                    if _is_another(new, step):
                        made.setdefault(change.label, {})[step.key] = change.phrase
                        yield Mutant(self, change.label, change.phrase, derivation, {step.key: new})
        for label, steps in made.items():
            changed = dict(self._consistent(label, [Context(derivation, derivation[key], known) for key in steps]))
            if changed:
                swept = [phrase for key, phrase in steps.items() if section(derivation[key]) == "gradient"]
                yield Mutant(self, label, [*steps.values(), *swept][-1], derivation, changed)

    def _consistent(self, label: str, contexts: Iterable[Context]) -> Iterator[tuple[str, Node]]:
        for context in contexts:
            if section(context.step) in PROGRAM:
                new = everywhere(self.changes, label, context)
                if _is_another(new, context.step):
                    yield context.step.key, new


def _is_another(new: Node | None, step: Step) -> TypeGuard[Node]:
    """Whether it is a claim at all, and not the right one."""
    return new is not None and new != step.rhs and new.shape == step.rhs.shape


@dataclass(frozen=True, eq=False)
class Mutant:
    """One mistake: what the right-hand sides of some steps become."""

    kind: Kind
    label: str
    phrase: str
    right: Derivation
    steps: Mapping[str, Node]

    @property
    def where(self) -> str:
        """The step, or how many."""
        keys = tuple(self.steps)
        return keys[0] if len(keys) == 1 else f"{len(keys)} steps, from {keys[0]} on"

    @property
    def says(self) -> str:
        """``h_t for h_{t−1}: with h_t in place of h_{t−1} (gradient.W_h)``."""
        return f"{self.kind.name}: {self.phrase} ({self.where})"

    @cached_property
    def changed(self) -> tuple[Step, ...]:
        """The steps that it changes, as they then are."""
        return tuple(replace(step, rhs=self.steps[step.key]) for step in self.right if step.key in self.steps)

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation with the mistake in it."""
        wrong = tuple(replace(s, rhs=self.steps[s.key]) if s.key in self.steps else s for s in self.right)
        return replace(self.right, steps=wrong)
