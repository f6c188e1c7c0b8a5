"""What truncation leaves out, for what random cuts make up, and how far they stray: the steps, printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from derive.derivation import Derivation
from derive.indices import k as lag_of
from derive.indices import t
from derive.truncation.formulas.constant import ADDED, c, pi, rho
from derive.truncation.formulas.letters import kappa, tau, xi
from derive.truncation.formulas.tail import M, beta, k0, phi
from reports.document.blocks import Block, Bullets, Heading, Table, para
from reports.document.inline import Cite, Inline
from reports.finding_counts import counted
from reports.formula.tree import row
from reports.present import show
from reports.present.index import index
from reports.present.scalars import expression
from reports.truncation.formula_lines import Told
from verify.verdicts import Finding

K = sp.Symbol("K", integer=True)
_GROUPS = (
    ("window.", "a window"), ("tail.", "the bound of what it leaves out"), ("links.", "a factor before every link"),
    ("error.", "the error, term by term"), ("chunks.", "chunks"), ("mean.", "the mean"),
    ("onestep.", "the estimate with the exact step before"), ("variance.", "the variance"),
    ("constant.", "the variance with constant factors"),
)  # fmt: skip


def blocks(derivation: Derivation, findings: Sequence[Finding]) -> list[Block]:
    """``findings`` are those of ``verify.truncation.formulas.judge.evidence``."""
    told = Told(derivation, findings)
    return [
        *_window(told),
        *_tail(told),
        *_links(told),
        *_error(told),
        *_mean(told),
        *_variance(told),
        table(findings),
    ]


def _window(told: Told) -> Iterator[Block]:
    theory, z = told.theory, told.letters.z
    yield Heading(2, "What a window leaves out", label="sec:truncation-formulas-window")
    yield para(
        "A window of ", index(tau), " steps keeps the terms with ", row("t", "-", index(theory.early), "<", index(tau)),
        ", so that ", show(z()), " takes the place of ", show(theory.a()), ". The expansion, stopped early, says what "
        "that leaves out:",
    )  # fmt: skip
    yield told.display("window", "window.tail", "window.define", "window.whole", "window.rest", ranges=True)
    yield para("So the bias of the gradient is known in closed form, and nothing is left of it for long windows:")
    yield told.display("window-bias", "window.bias", "window.closed", "window.zero", ranges=True)
    yield para("From the other end, the same cut seen by the errors on their way back:")
    yield told.display("window-back", "window.kept", "window.grow", ranges=True)


def _tail(told: Told) -> Iterator[Block]:
    size, k = expression(phi(lag_of)), index(lag_of)
    yield Heading(2, "A bound of what is left out", label="sec:truncation-formulas-tail")
    yield para(
        "Where errors fade on their way back, so does what a window leaves out ", Cite("aicher2019"), ". With ", size,
        " for the mean size of an error after ", k, " links and ", expression(M), " for a bound of the ",
        show(told.theory.b(told.theory.early)), ":",
    )  # fmt: skip
    yield told.display("tail", "tail.terms", "tail.sizes", "tail.mean", "tail.lags")
    yield told.display("tail-bound", "tail.assumed", "tail.faded", "tail.bound")
    yield para(
        "Here the lags ", row("0", ",", "ldots", ",", index(tau - 1)), " are kept. In the source the lags up to ",
        row("K"), " are, so that ", row("K", "=", index(tau - 1)), " there: it has ",
        row(expression(beta ** (K - k0)), expression(beta)), " where ", expression(beta ** (tau - k0)),
        " stands above.",
    )  # fmt: skip


def _links(told: Told) -> Iterator[Block]:
    yield Heading(2, "A number before every factor", label="sec:truncation-formulas-links")
    yield para(
        "Chunks, the recursive randomised truncation ", Cite("zhang2023"), " and ARTBP ", Cite("tallec2017"),
        " all put a number ", expression(xi(t)), " before each factor ", show(told.theory.c()), ". With the two in one "
        "letter it is the recurrence that is already solved. All of this holds on every single run, for any numbers.",
    )  # fmt: skip
    yield told.display("links", "links.run", "links.factor", "links.short", "links.expanded", "links.weights")
    yield told.display("links-back", "links.back", "links.back-short", "links.adjoint", "links.equal")


def _error(told: Told) -> Iterator[Block]:
    yield Heading(2, "The error, term by term", label="sec:truncation-formulas-error")
    yield para("What such an estimate is off by satisfies the recurrence once more:")
    yield told.display("error", "error.define", "error.recurrence", "error.expanded")
    yield told.display("error-identity", "error.gap", "error.identity")
    yield para(
        "From this one equation follow the bias of chunks of ", index(tau), " steps, where the factor is 0 at every "
        "border and 1 elsewhere, and below the mean and the variance of random cuts.",
    )  # fmt: skip
    yield told.display("chunks", "chunks.cut", "chunks.bias")


def _mean(told: Told) -> Iterator[Block]:
    one, letters = told.letters.one(), told.letters
    yield Heading(2, "Why random cuts are unbiased", label="sec:truncation-formulas-mean")
    yield para(
        "After step ", index(t - 1), " the chain is cut with the chance ", expression(kappa(t - 1)), ", and what is "
        "not cut is divided by the chance of that. Its mean is one, and nothing else is used:",
    )  # fmt: skip
    yield told.display("mean", "mean.outcomes", "mean.law", "mean.define", "mean.recurrence", "mean.equal")
    yield para(
        "Without the division the mean of a factor would be ", expression(1 - kappa(t - 1)), ", and so would be that "
        "of the weight of the lag 1. The estimate ", show(one), ", as the textbook prints it, has the exact ",
        show(told.theory.a(t - 1)), " where the recursive one has ", show(letters.z(t - 1)), ":",
    )  # fmt: skip
    yield told.display("onestep", "onestep.define", "onestep.mean", "onestep.unbiased", "onestep.difference")


def _variance(told: Told) -> Iterator[Block]:
    yield Heading(2, "How far a random estimate strays", label="sec:truncation-formulas-variance")
    yield para("The covariance of the whole gradient, for matrices of any size and chances that depend on the past:")
    yield told.display("variance", "variance.keep", "variance.law")
    yield told.display("variance-gradient", "variance.martingale")
    yield para("For one unit and one parameter, where all letters are numbers and cuts are independent:")
    yield told.display("variance-number", "variance.define", "variance.recursion", "variance.sum", "variance.onestep")
    yield para(
        "With the same numbers at every step, ", row("b", "ne", "0"), " and ", row("rho", "=", expression(rho)),
        ", the sums are geometric:",
    )  # fmt: skip
    yield told.display("variance-constant", "constant.state", "constant.recursion", "constant.solution",
                       "constant.limit", "constant.grows")  # fmt: skip
    yield Bullets(tuple(_cases()))


def _cases() -> Iterator[Inline]:
    """Every case of c and π, for b other than 0."""
    square, one = expression(c**2), row("1")
    yield (row(square, "<", "pi"), ": the variance stays bounded, and tends to the limit above.")
    yield (row(square, "=", "pi", "<", one), ": it grows without a bound, in the end by the same amount at every "
           "step, ", expression(sp.factor(sp.cancel(ADDED.subs(pi, c**2) * (1 - c))) / (1 - c)), ".")  # fmt: skip
    yield (row("pi", "<", square, "<", one), ": it grows like the powers of ", expression(c**2 / pi),
           ", although the gradient itself stays bounded.")  # fmt: skip
    yield (
        row(square, "ge", one),
        " and ",
        row("pi", "<", one),
        ": it grows even faster than the square of the gradient.",
    )
    yield (row("c", "=", "0"), " or ", row("pi", "=", one), ": there is nothing to cut, or nothing is cut, and the "
           "variance is 0.")  # fmt: skip


def table(findings: Sequence[Finding]) -> Table:
    """A row for every group of steps, a column for every grade that occurs."""
    caption = (
        "Findings about the steps above, and those between them. PROVED: the prover, or a theorem of Coq; EXACT: "
        "random rational matrices, means over all runs; ENCLOSED: the same, where norms lie between two rational "
        "numbers. A definition is put to the test as well: its letters are computed from the double sum.",
    )
    return counted(findings, _GROUPS, caption, "tab:truncation-formulas")
