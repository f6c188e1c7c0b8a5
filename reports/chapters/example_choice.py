"""Which lines of the derivation the worked example follows: one entry of each kind, whatever the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp

from derive.chapters.entries import COL, ROW, UNIT
from derive.derivation import Derivation, Step, key_of
from derive.entries import FIRST, Entry, entry, summation_names
from derive.expr import Node, Var
from derive.indices import t, value
from derive.phase import Phase
from derive.sums import walk
from derive.theory import Theory, theories

_STATES = 2
"""The most states whose adjoints are followed."""


@dataclass(frozen=True)
class Choice:
    """lhs = rhs with some indices fixed by ``at``."""

    key: str
    lhs: Node
    rhs: Node
    at: Mapping[sp.Symbol, int]
    why: str

    @property
    def phase(self) -> str:
        return self.key.partition(":")[0] if ":" in self.key else ""


def widest(phase: Phase, sizes: Mapping[sp.Symbol, int]) -> Var:
    """The parameter whose gradient is followed: the first of the recurrent matrices, failing that of the widest."""
    heights = {lagged.shape[0] for lagged in phase.states}
    recurrent = [w for w in phase.parameters if w.shape[1] in heights]
    return max(recurrent or phase.parameters, key=lambda w: value(w.shape[1], sizes))


def choices(derivation: Derivation, sizes: Mapping[sp.Symbol, int]) -> Iterator[Choice]:
    """Forwards to a state, backwards from the output to one weight; of an encoder how the gradient crosses, too."""
    for theory in theories(derivation.model):
        if theory.is_main:
            yield from _forwards(derivation, theory)
            yield from _error(derivation, theory)
        else:
            yield from _across(derivation, theory)
        yield from _backwards(derivation, theory, sizes)


def _first_entry(step: Step, at: Mapping[sp.Symbol, int], why: str) -> Choice:
    """Row 1 of a claim about columns."""
    sides = (Entry(step.lhs, FIRST, FIRST), entry(step.rhs, FIRST, FIRST, summation_names()))
    return Choice(step.key, *sides, at, why)


def _forwards(derivation: Derivation, theory: Theory) -> Iterator[Choice]:
    """The first sum of a step, what becomes of it, and every state."""
    steps = [derivation[key] for key in _model_keys(derivation, theory)]
    first = {step.key for step in steps[:2]}
    for step in steps:
        if step.key in first or step.lhs in theory.phase.states:
            yield _first_entry(step, {t: 1}, "first unit, first step")


def _model_keys(derivation: Derivation, theory: Theory) -> Iterator[str]:
    targets = {equation.target for equation in theory.equations}
    for step in derivation.of(theory.key("model")):
        if step.rule == "model" and step.lhs in targets:
            yield step.key


def _error(derivation: Derivation, theory: Theory) -> Iterator[Choice]:
    """What the output sends to a state at one step; where it goes through several adjoints, the last of them."""
    keys = {step.key for step in derivation}
    at = {} if theory.single else {t: 2}
    if "entry.g" in keys:
        yield _at_unit(derivation["entry.g"], {**at, UNIT: 1}, "what the output sends to unit 1")
        return
    bars = [step for step in derivation.of("seed") if isinstance(step.lhs, Var) and step.lhs.kind == "adjoint"]
    yield from (_first_entry(step, at, "the error at the output") for step in bars[-1:])


def _across(derivation: Derivation, theory: Theory) -> Iterator[Choice]:
    """The seed of an encoder, which the decoder sends."""
    whole = derivation[theory.key("crossing.g")]
    state = theory.phase.states[0]
    sides = (theory.part(side, state) for side in (whole.lhs, whole.rhs))
    left, right = (entry(side, FIRST, FIRST, summation_names()) for side in sides)
    yield Choice(whole.key, left, right, {}, "what the decoder sends to the encoder's first unit")


def _backwards(derivation: Derivation, theory: Theory, sizes: Mapping[sp.Symbol, int]) -> Iterator[Choice]:
    """The adjoint of a unit in the middle, what it sends towards one weight, and that weight over all steps."""
    phase, before = theory.phase, value(theory.length, sizes) - 1
    names = [f"-{state.name}" for state in phase.states[:_STATES]] if len(phase.states) > 1 else [""]
    for name in names:
        step = derivation[theory.key(f"entry.delta{name}")]
        yield _at_unit(step, {t: before, UNIT: 1}, f"what all steps after step {before} add")
    w = widest(phase, sizes)
    step = derivation[theory.key(key_of("entry", w.name, ("delta", "g")))]
    for bar in _adjoints(step):
        found = derivation[theory.key(f"gradient.{bar.name}-bar")]
        yield _first_entry(found, {t: before}, f"what step {before} sends back to the sum that the weight is in")
    yield _at_unit(step, {ROW: 1, COL: value(w.shape[1], sizes)}, "one weight, over all steps")


def _at_unit(step: Step, at: Mapping[sp.Symbol, int], why: str) -> Choice:
    return Choice(step.key, step.lhs, step.rhs, at, why)


def _adjoints(step: Step) -> list[Var]:
    """The adjoints that a claim is written in, each once, whatever their times."""
    found = {part.name: part for part in walk(step.rhs) if isinstance(part, Var) and part.kind == "adjoint"}
    return list(found.values())
