"""The error at the output: from ℓ_t back through the output function to the state of the same step."""

from __future__ import annotations

from derive.accumulate import Backward, backward
from derive.cell import Equation
from derive.derivation import Prose, Section, Step
from derive.expr import Fill, Node
from derive.indices import T, t
from derive.proofs import Cancelling, Rewriting, over
from derive.simplify import cancel_reciprocals
from derive.sums import substitute
from derive.theory import Theory

SECTION = Section(
    "seed",
    "The error at the output",
    ("A bar marks an adjoint: the gradient of the summed loss with respect to that quantity, in its shape.",),
)
_EVERY = (over(t, 1, T),)


def sweep(theory: Theory) -> Backward:
    """The reverse sweep through loss, output and score, seeded with dℓ_t = 1."""
    readout = theory.model.readout
    return backward(readout.equations, {readout.loss.target: Fill(1, 1, 1)}, [theory.state, *readout.parameters])


def _named(equation: Equation) -> Step:
    return Step(
        f"seed.{equation.target.name}", equation.target, equation.expression, "adjoint",
        ("Everything that uses this quantity sends back its share.",), _EVERY,
    )  # fmt: skip


def shortcut(theory: Theory) -> list[Step]:
    """The last adjoint with the earlier ones put in, simplified, and then with what is assumed of the target."""
    named = sweep(theory).named
    last = named[-1]
    whole: Node = last.expression
    for equation in reversed(named[:-1]):
        whole = substitute(whole, {equation.target: equation.expression})
    cancelled = cancel_reciprocals(whole)
    steps = []
    if cancelled != last.expression:
        keys = tuple(f"seed.{e.target.name}" for e in named[:-1])
        because: Prose = ("Put in, and cancel: no entry of the output is zero.",)
        proof = Cancelling(using=keys, start=f"seed.{last.target.name}", how="cancelling")
        steps.append(Step("seed.cancel", last.target, cancelled, "cancel", because, _EVERY, proof))
    assumptions = theory.model.loss.assumptions(theory.model.readout.target)
    assumed = substitute(cancelled, dict(assumptions))
    if assumed != cancelled:
        because = ("The target is a probability vector: its entries sum to one.",)
        steps += [Step("seed.assumption", left, right, "assumption", because, _EVERY) for left, right in assumptions]
        steps.append(
            Step("seed.shortcut", last.target, assumed, "assumption",
                 ("With that, output minus target is left.",), _EVERY,
                 Rewriting(using=("seed.assumption",), start="seed.cancel", at=tuple(left for left, _ in assumptions)))
        )  # fmt: skip
    return steps


def steps(theory: Theory) -> tuple[Step, ...]:
    back = sweep(theory)
    return (
        *(_named(equation) for equation in back.named),
        *shortcut(theory),
        Step(
            "seed.g", theory.g(), back.at_sources[theory.state], "adjoint",
            ("Through the readout to the state: the seed of step ", t, "."), _EVERY,
        ),
    )  # fmt: skip
