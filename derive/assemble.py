"""The pipeline: a model goes in, its derivation comes out.  Nothing here depends on the cell or on T."""

from __future__ import annotations

from derive.chapters import back, chain, entries, exchange, expansion, forms, gradients, local, model, recursion, seed
from derive.derivation import Derivation
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
        definitions=_definitions(theory),
    )


def _definitions(theory: Theory) -> dict[Var, str]:
    """The steps that the letters are evaluated by; the last two are recurrences that run from T down."""
    return {
        theory.a().head: "recursion.short",
        theory.c().head: "local.c",
        theory.g().head: "seed.g",
        theory.delta().head: "gradient.delta",
    }
