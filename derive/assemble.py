"""The pipeline: a model goes in, its derivation comes out.  Nothing here depends on the cell or on T."""

from __future__ import annotations

from derive.chapters import back, chain, entries, exchange, expansion, forms, gradients, local, model, recursion, seed
from derive.derivation import Derivation, Place, Step, letter
from derive.expr import Var
from derive.model import Model
from derive.theory import Theory

CHAPTERS = (model, chain, recursion, expansion, back, exchange, local, seed, gradients, forms, entries)


def derivation(of: Model) -> Derivation:
    """Every step of the gradient of ``of``, for symbolic t, T and dimensions."""
    theory = Theory(of)
    steps = tuple(step for chapter in CHAPTERS for step in chapter.steps(theory))
    keys = [step.key for step in steps]
    assert len(set(keys)) == len(keys), "two steps with one key"
    return Derivation(
        model=of,
        sections=tuple(chapter.SECTION for chapter in CHAPTERS),
        steps=steps,
        definitions=_definitions(theory, steps),
    )


def _definitions(theory: Theory, steps: tuple[Step, ...]) -> dict[Place, tuple[str, ...]]:
    """The steps that compute each letter; an adjoint is computed by the last, simplest, step about it."""
    adjoints = {letter(s.lhs): (s.key,) for s in steps if isinstance(s.lhs, Var) and s.lhs.kind == "adjoint"}
    return {
        **adjoints,
        letter(theory.c()): ("local.c",),
        letter(theory.g()): ("seed.g",),
        letter(theory.delta()): ("gradient.last", "gradient.delta"),
    }
