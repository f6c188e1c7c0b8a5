"""Small networks for the remedies: by name, with the recurrent matrices at a stated spectral radius."""

from __future__ import annotations

from functools import lru_cache

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.growth.recurrent import recurrent
from derive.model import build
from derive.unroll import place
from tests.derive.models import Names
from verify.growth.drawing import with_radius
from verify.growth.remedies.case import Case, case_of
from verify.growth.remedies.replaced import with_weights
from verify.problem import Problem, random_problem

CELLS = (
    *(Names("rnn", variant) for variant in ("tanh", "relu", "identity", "sigmoid")),
    Names("gru"), Names("lstm"), Names("leaky"), Names("diagonal"), Names("indrnn"), Names("jordan"), Names("peephole"),
    Names("rnn", layers=2), Names("lstm", layers=2), Names("rnn", feedback=True), Names("gru", feedback=True),
    Names("rnn", wiring="seq2seq"), Names("rnn", wiring="last"), Names("rnn", loss="softmax_cross_entropy"),
)  # fmt: skip


@lru_cache(maxsize=32)
def derived(names: Names) -> Derivation:
    return derivation(
        build(
            names.cell, variant=names.variant, loss=names.loss, wiring=names.wiring, layers=names.layers,
            feedback=names.feedback,
        )
    )  # fmt: skip


def problem(names: Names, *, radius: float = 0.0, hidden: int = 4, steps: int = 6, drive: float = 1.0) -> Problem:
    """A random instance; of ``radius`` 0 as it was drawn."""
    drawn = random_problem(derived(names).model, steps=steps, hidden=hidden, drive=drive)
    if not radius:
        return drawn
    new = {w: with_radius(w, drawn.given[place(w)], radius) for w in recurrent(drawn.model)}
    return drawn.with_given(with_weights(drawn.given, new))


def case(names: Names, *, radius: float = 0.0, hidden: int = 4, steps: int = 6, drive: float = 1.0) -> Case:
    return case_of(problem(names, radius=radius, hidden=hidden, steps=steps, drive=drive), derived(names))
