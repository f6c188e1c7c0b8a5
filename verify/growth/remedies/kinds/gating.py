"""The same input through gated cells, without and with a bias that keeps their gates open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from derive.cell import Reference
from derive.derivation import Derivation
from derive.errors import InputError
from derive.indices import N_STATE
from derive.unroll import place
from verify.growth.remedies.case import Case
from verify.growth.remedies.gates import Gate, biases, gates, log_products
from verify.growth.remedies.measure import Measure, measured, table
from verify.growth.remedies.remarks import compared, text
from verify.growth.remedies.remedy import Number, Remedy, Row, Shown, rows
from verify.growth.remedies.replaced import with_weights
from verify.growth.remedies.transplant import around, transplanted
from verify.problem import Problem

NAME = "gating"
TITLE = "gates that hand the state on (LSTM, GRU), and a bias that opens them"
REFERENCE = Reference(
    "jozefowicz2015", "R. Jozefowicz, W. Zaremba, I. Sutskever", 2015,
    "An empirical exploration of recurrent network architectures", "ICML 2015",
    "https://proceedings.mlr.press/v37/jozefowicz15.html",
)  # fmt: skip
CELLS = ("lstm", "gru")
BIASES = (1.0, 2.0)
_OWN = "that keeps the state are set to sum to 1 or 2."
_CHANGED = (
    "The cell is replaced by {cells} of the same size, with the same input, target and readout; weights are drawn from"
    " N(0, 1/n) with seed {seed}, biases are zero, and then that of the gate which keeps the state is 1 or 2."
)


@dataclass(frozen=True)
class Gated:
    """One gated network, with and without a bias, and what was found in its Jacobian."""

    name: str
    measure: Measure
    products: tuple[Number, ...]
    gates: tuple[Gate, ...]


def measure(case: Case) -> Remedy:
    """The cell beside every gated one; a cell that is one of them keeps its own weights there."""
    if N_STATE not in case.problem.sizes:
        return Remedy(NAME, TITLE, "", REFERENCE, reason=f"The cell has no size called {N_STATE} to be compared at.")
    try:
        found = [gated for cell in CELLS for gated in _networks(case, cell)]
    except InputError as error:
        return Remedy(NAME, TITLE, "", REFERENCE, reason=f"No gated cell fits in the place of this one: {error}.")
    measures = {"before": case.baseline, **{gated.name: gated.measure for gated in found}}
    unknown: tuple[Number, ...] = (None,) * len(case.lags)
    products = [unknown, *(gated.products for gated in found)]
    return Remedy(
        NAME, TITLE, _CHANGED.format(cells=" and ".join(CELLS), seed=case.seed), REFERENCE,
        columns=tuple(measures),
        rows=(*table(measures), *_of_gates(products, case.lags)),
        remarks=tuple(_remarks(case, found)),
        shown=tuple(_shown(found)),
        window=case.sentence,
    )  # fmt: skip


def _networks(case: Case, cell: str) -> Iterator[Gated]:
    """One cell with zero biases, or its own, and with every bias."""
    own = case.model.cell.name == cell and case.model.cell.variant == ""
    derivation = case.derivation if own else around(case.model, cell)
    problem = case.problem if own else transplanted(case.problem, derivation.model, case.seed)
    found = gates(derivation)
    if not found:
        raise InputError(f"the derived Jacobian of {cell} has no term diag(gate)")
    case.progress(f"{TITLE}: {cell}")
    yield _gated(cell, derivation, problem, found, case)
    for bias in BIASES:
        gate = found[-1].gate.head.name
        yield _gated(
            f"{cell}, bias of {gate} {bias:g}", derivation, opened(derivation, problem, found, bias), found, case
        )


def _gated(name: str, derivation: Derivation, problem: Problem, found: tuple[Gate, ...], case: Case) -> Gated:
    result = measured(derivation, problem, case.lags)
    return Gated(name, result, log_products(derivation, problem, found, case.lags), found)


def opened(derivation: Derivation, problem: Problem, found: tuple[Gate, ...], bias: float) -> Problem:
    """The biases of every gate sum to ``bias`` (Gers et al. 2000; Jozefowicz et al. 2015)."""
    new = {}
    for gate in found:
        for number, b in enumerate(biases(derivation, gate)):
            new[b] = np.full_like(problem.given[place(b)], 0.0 if number else bias)
    return problem.with_given(with_weights(problem.given, new))


def _of_gates(products: list[tuple[Number, ...]], lags: tuple[int, ...]) -> Iterator[Row]:
    yield from rows("gates", "log₁₀ ‖∏ diag(gate)‖₂ over {lag} steps", products, lags)


def _shown(found: list[Gated]) -> Iterator[Shown]:
    """Of every cell once: the derived block, and the term in it."""
    seen = set()
    for gate in (gate for gated in found for gate in gated.gates):
        if gate.block not in seen:
            seen.add(gate.block)
            name = gate.state.head.name
            yield Shown(f"the derived ∂{name}_t/∂{name}_(t−1)", gate.block)
            yield Shown("the additive term in it", gate.term)


def _remarks(case: Case, found: list[Gated]) -> Iterator[str]:
    lag, own = case.lags[-1], case.model.cell.name
    if own in CELLS:
        yield f"{own}: the network's own weights and biases; only the biases of the gate {_OWN}"
    for gated in found:
        yield from compared(case.baseline, gated.measure, gated.name)
        gate, whole = gated.gates[-1].gate.head.name, text(gated.measure.log_norms[-1])
        yield (
            f"{gated.name}: the gates' own product ∏ diag({gate}_t) has log₁₀ norm {text(gated.products[-1])} over the"
            f" last {lag} steps, the whole chain {whole}."
        )
