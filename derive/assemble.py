"""The pipeline: a model goes in, its derivation comes out.  Nothing here depends on the cell or on T."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from types import ModuleType

from derive.chapters import (
    back,
    chain,
    crossing,
    entries,
    exchange,
    expansion,
    forms,
    gradients,
    local,
    model,
    recursion,
    seed,
)
from derive.derivation import Derivation, Place, Section, Step, letter
from derive.expr import Var
from derive.model import Model
from derive.prover import Method
from derive.theory import Theory, theories

CHAPTERS = (model, chain, recursion, expansion, back, exchange, local, seed, gradients, forms, entries)
BEFORE = (crossing, recursion, expansion, back, exchange, local, gradients, forms, entries)
"""Of a phase that has no loss of its own; its model is told before that of the phase that it starts."""
_KEYS = ("using", "start", "then", "recurrence", "whole", "facts")


def derivation(of: Model) -> Derivation:
    """Every step of the gradient of ``of``, for symbolic t, T and dimensions."""
    plan = tuple(_plan(of))
    steps = tuple(step for theory, chapter in plan for step in _steps(theory, chapter))
    keys = [step.key for step in steps]
    assert len(set(keys)) == len(keys), "two steps with one key"
    return Derivation(
        model=of,
        sections=tuple(_section(theory, chapter) for theory, chapter in plan),
        steps=steps,
        definitions=_definitions(of, steps),
    )


def _plan(of: Model) -> Iterator[tuple[Theory, ModuleType]]:
    """Which chapters are told, and of which phase."""
    main, *earlier = theories(of)
    yield from ((theory, model) for theory in reversed(earlier))
    yield from ((main, chapter) for chapter in CHAPTERS)
    yield from ((theory, chapter) for theory in earlier for chapter in BEFORE)


def _section(theory: Theory, chapter: ModuleType) -> Section:
    """A chapter whose title depends on the model has a function ``section`` besides."""
    by_model = getattr(chapter, "section", None) if theory.is_main else None
    found: Section = by_model(theory) if by_model else chapter.SECTION if theory.is_main else chapter.ENCODER
    return replace(found, key=theory.key(found.key))


def _steps(theory: Theory, chapter: ModuleType) -> Iterator[Step]:
    """The steps of a chapter, under the keys of their phase."""
    for step in chapter.steps(theory):
        proof = step.proof and _rekeyed(step.proof, theory)
        yield replace(step, key=theory.key(step.key), proof=proof)


def _rekeyed(proof: Method, theory: Theory) -> Method:
    """The same proof resting on the steps of the same phase."""

    def keyed(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(value, tuple):
            return tuple(theory.key(key) for key in value)
        return theory.key(value) if value else value

    names = [own.name for own in fields(proof) if own.name in _KEYS]  # type: ignore[arg-type]
    return replace(proof, **{name: keyed(getattr(proof, name)) for name in names})  # type: ignore[type-var]


def _definitions(of: Model, steps: tuple[Step, ...]) -> dict[Place, tuple[str, ...]]:
    """The steps that compute each letter; of several about one adjoint at one time, the last, simplest, one."""
    adjoints: dict[Place, dict[object, str]] = {}
    for step in steps:
        if isinstance(step.lhs, Var) and step.lhs.kind == "adjoint":
            adjoints.setdefault(letter(step.lhs), {})[step.lhs.time] = step.key
    found = {place: tuple(by_time.values()) for place, by_time in adjoints.items()}
    for theory in theories(of):
        found |= _letters(theory)
    return found


def _letters(theory: Theory) -> dict[Place, tuple[str, ...]]:
    states = theory.phase.states
    several = len(states) > 1
    names = {letter(theory.delta_of(state)): f"-{state.name}" if several else "" for state in states}
    deltas = {
        place: (theory.key(f"gradient.last{suffix}"), theory.key(f"gradient.delta{suffix}"))
        for place, suffix in names.items()
    }
    whole = {letter(theory.delta()): (theory.key("gradient.split"),)} if several else {}
    return {
        **whole,
        **deltas,
        letter(theory.c()): (theory.key("local.c"),),
        letter(theory.g()): (theory.key(theory.seed_key),),
    }
