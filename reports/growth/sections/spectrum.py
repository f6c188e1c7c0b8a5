"""All singular values of the chain by lag, and Lyapunov exponents beside them."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.growth.study import Study
from reports.document.blocks import Block, Heading, para
from reports.document.charts import Plot, Series, fan, style
from reports.document.inline import Cite, Inline
from reports.formula.tree import Frac, row
from reports.growth.letters import DECADES as UNIT
from reports.growth.letters import LAG, LOG10, exponent, sigma
from reports.growth.material import Growth
from reports.growth.numbers import DECADES, averaged
from reports.numbers import fixed, scientific

_MOST_CURVES = 64


def blocks(growth: Growth) -> list[Block]:
    study = growth.study
    return [
        Heading(2, "All singular values", label="sec:growth-spectrum"),
        para(*_said(study)),
        singular_values(study),
        para(*_exponents_said(study)),
        exponents(study),
    ]


def singular_values(study: Study) -> Plot:
    """log₁₀ σ_k by lag, of the first of the sequences."""
    lags, by_lag = tuple(float(lag) for lag in study.lags), study.spectra[0].by_lag * DECADES
    chosen = np.unique(np.rint(np.linspace(0, by_lag.shape[1] - 1, min(_MOST_CURVES, by_lag.shape[1]))).astype(int))
    curves = [tuple(by_lag[:, k]) for k in chosen]
    return Plot(
        fan(("every ", sigma("k")), lags, curves), LAG, (row(LOG10, sigma("k")), *UNIT), log_x=study.steps > 60,
        caption=_fan_caption(study, len(curves)), label="fig:growth-spectrum",
        alt="The logarithms of the singular values of the product chain against the lag: they fan out.",
    )  # fmt: skip


def _fan_caption(study: Study, count: int) -> Inline:
    which = "of the first sequence" if len(study.spectra) > 1 else "of the chain"
    all_ = "All" if count == study.chain.size else f"{count} of the {study.chain.size}"
    return (f"{all_} singular values {which} that ends at the last step, against its lag.",)


def exponents(study: Study) -> Plot:
    """λ_k and (1/T) log σ_k against k."""
    found, values = (averaged(np.array(rows))[0] for rows in _pairs(study))
    k = tuple(float(number) for number in range(1, study.chain.size + 1))
    return Plot(
        (
            Series(("Lyapunov exponent ", exponent("k")), k, tuple(found), style(0)),
            Series(row(Frac(row("1"), row("T")), "log", sigma("k")), k, tuple(values / study.steps), style(1)),
        ),
        ("number ", row("k")), ("nats per step",),
        caption=("Lyapunov exponents and the singular values of the very product, per step.",),
        label="fig:growth-exponents",
        alt="Lyapunov exponents and logarithms of singular values per step, in descending order.",
    )  # fmt: skip


def _pairs(study: Study) -> tuple[list[Array], list[Array]]:
    return [own.exponents for own in study.spectra], [own.log_singular_values for own in study.spectra]


def _said(study: Study) -> Inline:
    own, size = study.spectra[0], study.chain.size
    lost = size - own.rank
    said: Inline = (
        "A product of so many factors neither fits a float nor keeps its small singular values when it is formed. Its "
        "triangular factor is carried in logarithms instead ", Cite("benettin1980"), ", forwards and backwards, "
        "until two sweeps agree. The error is estimated from their difference and from the growth that the chain takes "
        "back: ", scientific(max(s.agreement for s in study.spectra), 1),
        " (relative to the larger of the logarithm and one). ",
    )  # fmt: skip
    if np.isfinite(study.determinant_error):
        said += ("The sum of all logarithms is that of the factors' determinants, up to ",
                 scientific(study.determinant_error, 1), ". ")  # fmt: skip
    if lost:
        said += (f"{lost} of the {size} singular values are zero: some factor is singular.",)
    return said


def _exponents_said(study: Study) -> Inline:
    top, value = (float(np.mean([pair[0] for pair in rows])) for rows in _pairs(study))
    if not (np.isfinite(top) and np.isfinite(value)):
        return ("Every direction is lost: the chain is zero.",)
    return (
        "The exponents describe a typical direction in the long run, the singular values this very product. ",
        row("T", exponent("1")), " is ", fixed(top * study.steps, 2), ", ", row("log", sigma(1)), " is ",
        fixed(value, 2), ": they differ by ", fixed(value - top * study.steps, 2),
        ", which does not grow with ", row("T"), ", and vanishes only per step.",
    )  # fmt: skip
