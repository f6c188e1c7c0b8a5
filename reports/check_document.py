"""A checked derivation as a document of our own: every line as a formula, with its mark and what there is to say.

Only formulas that were read are typeset, from a presentation tree; all else is shown as code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from reports.check_formulas import formula
from reports.check_lines import Item, items
from reports.check_words import GRADES, Said, names, parts, said, strength, summary, unread, verdict
from reports.check_wrapping import clean
from reports.document.blocks import (
    Block,
    Bullets,
    CodeBlock,
    Derivation,
    Document,
    Heading,
    KeepTogether,
    Line,
    Note,
    para,
)
from reports.document.inline import Code, Inline, Part, Strong
from reports.formula.shape import flatten
from reports.formula.tree import Atom, Formula, Role, row
from verify.check.result import OPEN, RIGHT, WRONG, Checked, Link

_SIGNS: dict[str, Formula] = {
    RIGHT: Role(Atom("checkmark"), "unknown"),
    WRONG: Role(Atom("crossmark"), "jacobian"),
    OPEN: Role(Atom("?"), "local"),
}
_LONGEST_CODE = 2000


def document(found: Checked, answer: bool = False, command: str = "", remark: str = "") -> Document:
    """``command`` made it; ``remark`` stands at its beginning."""
    return Document(
        title="A derivation, checked line by line",
        subtitle=found.file,
        abstract=_abstract(found),
        blocks=(*_reading(found, remark), Heading(1, "Line by line"), *_lines(found, answer)),
        colophon=("Made by ", Code(command), f", bptt {version('bptt')}.") if command else (),
    )


def _abstract(found: Checked) -> Inline:
    known = strength(found)
    return (f"{verdict(found)} {summary(found)}.", f" Of the right ones: {known}." if known else "")


def _reading(found: Checked, remark: str) -> Iterator[Block]:
    """What the letters were taken for, and what is assumed."""
    if remark:
        yield Note(remark)
    read = names(found)
    said_of_all = [*([f"Read: {'; '.join(read)}."] if read else []), found.convention, *found.notes]
    shown = tuple(parts(words) for words in said_of_all if words)
    if shown:
        yield Heading(1, "How it was read")
        yield Bullets(shown)


def _lines(found: Checked, answer: bool) -> Iterator[Block]:
    """One derivation for each chain, interrupted below a line that there is something to say of."""
    chain: list[Line] = []
    for item in items(found):
        line = _line(item)
        remarks = list(said(item, answer)) if isinstance(item, Link) else [unread(item)]
        if chain and (line is None or line.lhs is not None):
            yield Derivation(tuple(chain))
            chain = []
        chain += [line] if line else []
        shown = [Derivation(tuple(chain))] if line else list(_as_code(item))
        if line and not remarks:
            continue
        chain = []
        yield KeepTogether((*shown, _note(remarks)) if remarks else tuple(shown))
    if chain:
        yield Derivation(tuple(chain))


def _mark(item: Item) -> str:
    return item.mark if isinstance(item, Link) else OPEN


def _line(item: Item) -> Line | None:
    """A link as a line of a derivation; None where it cannot be typeset."""
    shown = formula(item.latex or item.source) if isinstance(item, Link) else None
    if shown is None:
        return None
    sides = _split(shown)
    return Line(sides.lhs, "=", sides.rhs, why=(_SIGNS[_mark(item)], f" {_where(item)}"))


def _where(item: Item) -> str:
    """Which line, and how strongly it is known to be right."""
    word = GRADES[item.verdict][0] if isinstance(item, Link) and item.mark == RIGHT else ""
    return f"line {item.place.line}" + (f", {word}" if word else "")


@dataclass(frozen=True)
class _Sides:
    lhs: Formula | None
    rhs: Formula


def _split(shown: Formula) -> _Sides:
    """At the first sign of equality; what has none is a right side.  Without the punctuation around it."""
    whole = list(flatten(shown))
    while len(whole) > 1 and whole[-1] in (Atom(","), Atom("."), Atom(";"), Atom("quad"), Atom("thin")):
        whole.pop()
    at = whole.index(Atom("=")) if Atom("=") in whole else -1
    left, right = whole[: max(at, 0)], whole[at + 1 :]
    return _Sides(row(*left) if left else None, row(*right) if right else Atom(""))


def _as_code(item: Item) -> Iterator[Block]:
    source = "\n".join(map(clean, item.source[:_LONGEST_CODE].splitlines()))
    source += " …" if len(item.source) > _LONGEST_CODE else ""
    yield para(_SIGNS[_mark(item)], f" {_where(item)}:")
    yield CodeBlock(source or " ", "latex")


def _note(remarks: list[Said]) -> Note:
    shown: list[Part] = []
    for remark in remarks:
        end = "" if remark.text[-1:] in (".", "?", "!") else "."
        shown += [*([" "] if shown else []), Strong(f"{_sentence(remark.lead)}:"), " ", *remark.inline, end]
    return Note(tuple(part for part in shown if part))


def _sentence(lead: str) -> str:
    return lead[:1].upper() + lead[1:]
