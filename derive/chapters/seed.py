"""The error at the output: from ℓ_t back through the output function to the state of the same step."""

from __future__ import annotations

from derive.accumulate import Backward, backward
from derive.build import stack
from derive.cell import Equation
from derive.derivation import Prose, Range, Section, Step, key_of
from derive.expr import Fill, Node, Var, zeros
from derive.indices import t
from derive.proofs import Cancelling, Rewriting, over
from derive.simplify import Inverse, cancel_reciprocals
from derive.sums import substitute
from derive.theory import Theory

SECTION = Section(
    "seed",
    "The error at the output",
    ("A bar marks an adjoint: the gradient of the summed loss with respect to that quantity, in its shape.",),
)


def sweep(theory: Theory) -> Backward:
    """The reverse sweep through loss, output and score, seeded with dℓ_t = 1, at a step t with a loss."""
    model = theory.model
    sources = [*theory.phase.states, *model.parameters_after]
    return backward(model.after, {model.readout.loss.target: Fill(1, 1, 1)}, sources)


def of_state(theory: Theory, state: Var) -> Node:
    """What a state gets from the loss of its own step, where there is one."""
    return sweep(theory).at_sources.get(state, zeros(*state.shape))


def stacked(theory: Theory) -> Node:
    """The seed g_t."""
    return stack(*(of_state(theory, state) for state in theory.phase.states))


def _where(theory: Theory) -> tuple[Range, ...]:
    return () if theory.single else (over(t, theory.first, theory.last),)


def _step(theory: Theory, key: str, left: Node, right: Node, rule: str, because: Prose, **more: object) -> Step:
    return Step(key, theory.at_loss(left), theory.at_loss(right), rule, because, _where(theory), **more)  # type: ignore[arg-type]


def _key(equation: Equation) -> str:
    return key_of("seed", equation.target.name, ("cancel", "assumption", "shortcut", "g"))


def _named(theory: Theory, equation: Equation) -> Step:
    because: Prose = ("Everything that uses this quantity sends back its share.",)
    key = _key(equation)
    return _step(theory, key, equation.target, equation.expression, "adjoint", because)


def inverses(theory: Theory) -> tuple[Inverse, ...]:
    """What may be cancelled against the reciprocals of a loss that takes logarithms of its output.

    Where the output excludes entries (``Normalisation.excluded`` is one there), the target is zero there too: so
    y ⊙ o ⊘ (o + excluded) = y in every entry.
    """
    readout = theory.model.readout
    o, y = readout.output.target, readout.target
    if readout.excluded == zeros(*o.shape):
        return ()
    return (Inverse(theory.at_loss(o + readout.excluded), theory.at_loss(o), beside=theory.at_loss(y)),)


def shortcut(theory: Theory) -> list[Step]:
    """The last adjoint with the earlier ones put in, simplified, and then with what is assumed of the target."""
    named = sweep(theory).named
    if len(named) < 2:
        return []
    last = named[-1]
    whole: Node = last.expression
    for equation in reversed(named[:-1]):
        whole = substitute(whole, {equation.target: equation.expression})
    left, known = theory.at_loss(last.target), inverses(theory)
    cancelled = cancel_reciprocals(theory.at_loss(whole), known)
    steps = []
    if cancelled != theory.at_loss(last.expression):
        keys = tuple(_key(e) for e in named[:-1])
        because: Prose = (
            ("Put in, and cancel: an output of the vocabulary is not zero, and the target of any other is.",) if known
            else ("Put in, and cancel: no entry of the output is zero.",)
        )  # fmt: skip
        proof = Cancelling(using=keys, start=_key(last), how="cancelling", inverses=known)
        steps.append(_step(theory, "seed.cancel", left, cancelled, "cancel", because, proof=proof))
    return [*steps, *_assumed(theory, left, cancelled)]


def _assumed(theory: Theory, left: Node, cancelled: Node) -> list[Step]:
    model = theory.model
    facts = model.loss.facts(model.readout.target)
    table = {theory.at_loss(fact.left): theory.at_loss(fact.right) for fact in facts}
    assumed = substitute(cancelled, table)
    if assumed == cancelled:
        return []
    steps = [_step(theory, "seed.assumption", f.left, f.right, "assumption", (f.why,)) for f in facts]
    proof = Rewriting(using=("seed.assumption",), start="seed.cancel", at=tuple(table))
    because: Prose = ("With that, output minus target is left.",)
    return [*steps, _step(theory, "seed.shortcut", left, assumed, "assumption", because, proof=proof)]


def steps(theory: Theory) -> tuple[Step, ...]:
    named = sweep(theory).named
    through: Prose = ("Through the readout to the state: the seed of step ", theory.seeded, ".")
    return (
        *(_named(theory, equation) for equation in named),
        *shortcut(theory),
        _step(theory, "seed.g", theory.g(), stacked(theory), "adjoint", through),
    )
