"""What is done against vanishing and exploding gradients, before and after on the same input."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reports.document.blocks import Block, Bullets, Column, Derivation, Heading, Line, Table, para
from reports.document.inline import Cite, Inline, InlineLike
from reports.formula.tree import Formula, Norm, row
from reports.growth.letters import LOG10, chain_norm
from reports.growth.material import Growth
from reports.growth.sentences import formulated
from reports.numbers import fixed, scientific
from reports.present import show
from verify.growth.remedies import Remedy, Shown

_LAGS = 3
_BEFORE = "before"


@dataclass(frozen=True)
class Network:
    """A row of the table: what the network is called, and its numbers by the keys of a remedy's rows."""

    name: str
    numbers: dict[str, float | None]


def blocks(growth: Growth) -> list[Block]:
    if not growth.remedies:
        return []
    return [
        Heading(2, "Remedies, before and after", label="sec:growth-remedies"),
        para(*_said(growth)),
        _table(growth),
        *_derived(growth),
        Bullets(tuple(_remark(own, said) for own in growth.remedies for said in _sentences(own))),
    ]


def networks(growth: Growth) -> list[Network]:
    """The network as it is, then what each remedy makes of it."""
    applied = [own for own in growth.remedies if own.applies]
    found = [Network("as it is", applied[0].column(_BEFORE))] if applied else []
    for own in applied:
        for name in own.columns:
            if name != _BEFORE:
                found.append(Network(_called(own, name), own.column(name)))
    return found


def _called(own: Remedy, column: str) -> str:
    names = {"after": own.name.replace("_", " "), "omega": "descent on Ω"}
    return names.get(own.name, names["after"]) if column == "after" else column


def lags(growth: Growth) -> list[int]:
    """Up to three of the lags that were measured, the longest among them."""
    applied = next(own for own in growth.remedies if own.applies)
    found = sorted(row.lag for row in applied.rows if row.key.startswith("chain.") and row.lag is not None)
    chosen = {found[round(k * (len(found) - 1) / (_LAGS - 1))] for k in range(_LAGS)}
    return sorted(chosen)


def _said(growth: Growth) -> Inline:
    window = next((own.window for own in growth.remedies if own.applies), "")
    return (
        "Each remedy is measured on the same input and targets. ", window, " The chain ends at the last step; ",
        Norm(row("partial", "calL", "/", "partial", "W")), " is the gradient of the recurrent weights, all together.",
    )  # fmt: skip


def _table(growth: Growth) -> Table:
    at = lags(growth)
    columns = (
        Column("Network"), *(Column(("lag ", str(lag)), "right") for lag in at), Column("Per step", "right"),
        Column(Norm(row("partial", "calL", "/", "partial", "W")), "right"), Column(row("calL"), "right"),
    )  # fmt: skip
    rows: list[tuple[InlineLike, ...]] = []
    for own in networks(growth):
        number = own.numbers
        rows.append((
            own.name, *(_decades(number.get(f"chain.{lag}")) for lag in at), _decades(number.get("rate"), 4),
            scientific(number.get("gradient.recurrent"), 1), _decades(number.get("loss"), 4),
        ))  # fmt: skip
    said = " at three lags, its growth in decades a step, the gradient and the loss."
    caption: Inline = (row(LOG10, chain_norm(growth.study)), said)
    return Table(columns, tuple(rows), caption=caption, label="tab:growth-remedies")


def _decades(value: float | None, digits: int = 2) -> Formula:
    if value is None or math.isnan(value):
        return row("–")
    return row("-", "infinity") if math.isinf(value) else fixed(value, digits)


def _derived(growth: Growth) -> Iterator[Block]:
    """The term that gates add to the factor, found in the derived one."""
    for own in growth.remedies:
        pairs = list(zip(own.shown[::2], own.shown[1::2], strict=False)) if own.name == "gating" else []
        if pairs:
            yield para("What a gate hands on is a term of the derived factor, found in its formula:")
            yield Derivation(tuple(_term(whole, term) for whole, term in pairs), label="eq:growth-gates")


def _term(whole: Shown, term: Shown) -> Line:
    """∂c_t/∂c_{t−1} = diag(f_t), or with what else there is in it."""
    name = whole.what.removeprefix("the derived ")
    alone = whole.expression == term.expression
    said = f"{name}, and nothing else" if alone else f"a term of {name}, beside what goes through the gates"
    return Line(None, "", show(term.expression), formulated(said))


def _sentences(own: Remedy) -> tuple[str, ...]:
    if own.reason:
        return (f"Does not apply: {own.reason}.".replace("..", "."),)
    remarks = own.remarks if len(own.remarks) <= _MOST else own.remarks[:_MOST]
    return (" ".join((own.changed, *remarks)),)


_MOST = 4


def _remark(own: Remedy, said: str) -> Inline:
    return (f"{own.title[:1].upper()}{own.title[1:]} ", Cite(own.reference.key), ": ", *formulated(said))
