"""What is measured of a network on its input: its chain by lag, its growth rate, its gradients and its loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.errors import InputError
from derive.growth.chain import chain_of
from derive.growth.recurrent import multiplying
from derive.run import FORMS, gradients
from derive.unroll import place
from verify.growth.remedies.norms import known, log10_norms, rate, size
from verify.growth.remedies.remedy import Number, Row, rows
from verify.problem import Problem

_ADJOINT = next(form for form in FORMS if form.descending)


@dataclass(frozen=True)
class Measure:
    """``log_norms`` are log₁₀ ‖P(T, T−lag)‖₂ of the first sequence, by lag; ``rate`` their slope, in decades a step.

    ``recurrent`` is the Euclidean norm of the gradients of all recurrent weights together, ``whole`` that of all
    parameters, ``loss`` L itself; of a batch they are means.  ``why`` says why a number is missing.
    """

    lags: tuple[int, ...]
    log_norms: tuple[Number, ...]
    rate: Number
    recurrent: Number
    whole: Number
    loss: Number
    why: str = ""


def measured(derivation: Derivation, problem: Problem, lags: Sequence[int]) -> Measure:
    """All numbers of one network.  A network that explodes has those that are finite."""
    with np.errstate(all="ignore"):
        logs, why = _chain(derivation, problem, lags)
        found = parameter_gradients(derivation, problem)
        recurrent = {w.name for phase in derivation.model.phases for w in multiplying(phase)}
        return Measure(
            lags=tuple(lags),
            log_norms=logs,
            rate=rate(lags, logs),
            recurrent=known(size(array for name, array in found.items() if name in recurrent)),
            whole=known(size(found.values())),
            loss=known(loss(problem)),
            why=why,
        )


def parameter_gradients(derivation: Derivation, problem: Problem) -> dict[str, Array]:
    """∂L/∂w of every parameter, by name, in its shape, from the derived adjoint sweep; initial states left out."""
    names = {w.name for w in derivation.model.parameters}
    with np.errstate(all="ignore"):
        found = gradients(derivation, problem.forward, _ADJOINT)
    return {name: np.asarray(array) for name, array in found.items() if name in names}


def loss(problem: Problem) -> float:
    """L, averaged over the batch."""
    with np.errstate(all="ignore"):
        return float(np.mean(problem.forward.values[place(problem.model.total)]))


def _chain(derivation: Derivation, problem: Problem, lags: Sequence[int]) -> tuple[tuple[Number, ...], str]:
    one = problem.one_sequence()
    try:
        found = log10_norms(chain_of(derivation, one.given, one.sizes), lags)
    except InputError as error:
        return (None,) * len(lags), str(error)
    return tuple(known(number) for number in found), ""


def table(measures: Mapping[str, Measure]) -> tuple[Row, ...]:
    """The rows that every remedy has, a column for each of the networks."""
    found = tuple(measures.values())
    chain = rows("chain", "log₁₀ ‖P(T, T−{lag})‖₂", [m.log_norms for m in found], found[0].lags)
    return (
        *chain,
        Row("rate", "growth of the chain, decades a step", tuple(m.rate for m in found)),
        Row("gradient.recurrent", "‖∂L/∂W‖ of the recurrent weights", tuple(m.recurrent for m in found)),
        Row("gradient.all", "‖∂L/∂θ‖ of all parameters", tuple(m.whole for m in found)),
        Row("loss", "L", tuple(m.loss for m in found)),
    )
