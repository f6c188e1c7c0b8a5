"""The error at the output: from ℓ_t back through the output function to the state of the same step."""

from __future__ import annotations

from derive.build import stack
from derive.cell import Equation
from derive.chapters.shortcut import Place
from derive.chapters.shortcut import shortcut as shortcuts
from derive.derivation import Prose, Range, Section, Step, key_of
from derive.expr import Node, Var, zeros
from derive.indices import t
from derive.prover import Cancelling, over
from derive.sums import substitute
from derive.theory import Theory

SECTION = Section(
    "seed",
    "The error at the output",
    ("A bar marks an adjoint: the gradient of the summed loss with respect to that quantity, in its shape.",),
)


def of_state(theory: Theory, state: Var) -> Node:
    """What a state gets from the loss of its own step, where there is one."""
    return theory.readout_sweep.at_sources.get(state, zeros(*state.shape))


def stacked(theory: Theory) -> Node:
    """The seed g_t."""
    return stack(*(of_state(theory, state) for state in theory.phase.states))


def _where(theory: Theory) -> tuple[Range, ...]:
    return () if theory.single else (over(t, theory.first, theory.last),)


def _step(theory: Theory, key: str, left: Node, right: Node, rule: str, because: Prose, **more: object) -> Step:
    return Step(key, theory.at_loss(left), theory.at_loss(right), rule, because, _where(theory), **more)  # type: ignore[arg-type]


def _key(equation: Equation) -> str:
    return key_of("seed", equation.target.name, ("cancel", "assumption", "vocabulary", "shortcut", "g"))


def _named(theory: Theory, equation: Equation) -> Step:
    because: Prose = ("Everything that uses this quantity sends back its share.",)
    key = _key(equation)
    return _step(theory, key, equation.target, equation.expression, "adjoint", because)


def shortcut(theory: Theory) -> tuple[Step, ...]:
    """The last adjoint with the earlier ones put in, and simplified."""
    named = theory.readout_sweep.named
    if len(named) < 2:
        return ()
    last = named[-1]
    whole: Node = last.expression
    for equation in reversed(named[:-1]):
        whole = substitute(whole, {equation.target: equation.expression})
    place = Place("seed", "", _where(theory), {t: theory.last} if theory.single else {})
    proof = Cancelling(using=tuple(map(_key, named[:-1])), start=_key(last))
    return shortcuts(theory, place, place.at(last.target), place.at(last.expression), place.at(whole), proof)


def steps(theory: Theory) -> tuple[Step, ...]:
    named = theory.readout_sweep.named
    through: Prose = ("Through the readout to the state: the seed of step ", theory.seeded, ".")
    return (
        *(_named(theory, equation) for equation in named),
        *shortcut(theory),
        _step(theory, "seed.g", theory.g(), stacked(theory), "adjoint", through),
    )
