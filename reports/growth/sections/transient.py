"""The transient of a recurrent matrix that is not normal: what its spectral radius does not tell."""

from __future__ import annotations

from derive.growth.transient import Transient
from derive.unroll import place
from reports.document.blocks import Block, Column, Heading, Table, para
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import Norm, Paren, Script, row
from reports.growth.letters import sigma
from reports.growth.material import Growth
from reports.numbers import fixed
from reports.present import show


def blocks(growth: Growth) -> list[Block]:
    found = growth.study.transients
    matrices = {w: own for w, own in found.items() if growth.problem.given[place(w)].shape[1] > 1}
    if not matrices:
        return []
    columns = (
        Column("Matrix"), Column(row("rho"), "right"), Column(sigma(1), "right"), Column("Largest power", "right"),
        Column("at", "right"), Column("Kreiss bound", "right"), Column("Numerical radius", "right"),
        Column("Departure", "right"),
    )  # fmt: skip
    rows: list[tuple[InlineLike, ...]] = [(show(w), *_cells(own)) for w, own in matrices.items()]
    return [
        Heading(2, "The transient", label="sec:growth-transient"),
        para(*_said(any(own.relative for own in matrices.values()))),
        Table(columns, tuple(rows), caption=_CAPTION, label="tab:growth-transient"),
    ]


def _cells(own: Transient) -> tuple[InlineLike, ...]:
    numbers = (own.radius, own.sigma, own.hump)
    return (*(fixed(x, 3) for x in numbers), row("k", "=", own.at), fixed(own.kreiss, 3),
            fixed(own.numerical_radius, 3), fixed(own.departure, 3))  # fmt: skip


def _said(relative: bool) -> Inline:
    said: Inline = (
        "The spectral radius decides how powers end, not how they begin: unless the matrix is normal they may grow "
        "first. The largest of them is at least its Kreiss constant, ", row("sup"), " of ",
        row(Paren(row(_SIZE, "-", "1")), Norm(Script(Paren(row("z", "I", "-", "W")), None, row("-", "1")))),
        " over ", row(_SIZE, ">", "1"), " ", Cite("trefethen2005"),
        ", of which a search gives a lower bound. The departure from normality is Henrici's, between 0 and 1.",
    )  # fmt: skip
    if relative:
        said += (" Where ", row("rho"), " is at least one, powers grow in the end; power, constant and numerical "
                 "radius are then those of ", row("W", "/", "rho"), ".")  # fmt: skip
    return said


_SIZE = Paren(row("z"), "|", "|")
_CAPTION: Inline = (
    "How large the powers of the recurrent weights get before the spectral radius decides: the largest spectral norm "
    "among the first 400 and the power that has it.",
)
