"""The front door: a derivation goes in, a verdict for every line of it comes out."""

from __future__ import annotations

from pathlib import Path

from verify.check.convention import admitted
from verify.check.links import Judged
from verify.check.reading.document import Member, Reading, read
from verify.check.reading.text import Span
from verify.check.result import Checked, Link, Place, Unreadable, strongest
from verify.check.search import Asked, Found, found
from verify.jets.field import Modular, random_prime
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "free jets"
_BITS = 61


def check(source: Path | str | bytes, asked: Asked | None = None, *, kind: str = "", name: str = "") -> Checked:
    """Read, judge and explain.  Raises InputError for what cannot be read at all, or a network that there is not."""
    reading = read(source, kind)
    chosen = asked or Asked()
    result = found(reading.claims, chosen, Modular(random_prime(_BITS)), admitted(reading.text.content))
    return Checked(
        name or (source.name if isinstance(source, Path) else ""),
        tuple(_link(own) for own in result.links),
        tuple(_unread(reading)),
        _named(result),
        str(result.setting.convention),
        reading.notes,
    )


def check_file(path: Path, asked: Asked | None = None) -> Checked:
    """The same of a file."""
    return check(path, asked)


def _link(own: Judged) -> Link:
    finding = _finding(own)
    remarks = [*own.claim.remarks]
    if own.is_definition:
        remarks.append("taken as a definition")
    if own.alone and own.outcome.holds:
        remarks.append("true for one unit; for more the order or a transpose is wrong")
    return Link(
        _place(own.right.span), own.right.span.words, strongest([finding]), (finding,), reading=own.reading,
        against_first=own.against_first, remarks=tuple(remarks),
    )  # fmt: skip


def _finding(own: Judged) -> Finding:
    outcome, claim = own.outcome, f"line {own.right.span.line}"
    if outcome.impossible is not None:
        return Finding(claim, EVIDENCE, Verdict.REFUTED, reason=str(outcome.impossible))
    if outcome.holds is None:
        return Finding(claim, EVIDENCE, Verdict.NOT_RUN, reason=outcome.reason)
    if outcome.holds and not own.alone:
        return Finding(claim, EVIDENCE, Verdict.EXACT, reason=f"at {outcome.cases} values of the indices")
    where = ", ".join(f"{index} = {step}" for index, step in (outcome.at or {}).items()) or "everywhere"
    if own.alone:
        return Finding(claim, EVIDENCE, Verdict.REFUTED, reason=outcome.reason or "it holds for one unit only")
    return Finding(
        claim, EVIDENCE, Verdict.REFUTED, reason=outcome.reason, witness=Witness(where, "equal", "not equal")
    )


def _place(span: Span) -> Place:
    return Place(span.line, span.column, *span.stop)


def _unread(reading: Reading) -> list[Unreadable]:
    return [
        Unreadable(Place(own.line, own.column, own.line, own.column + len(own.text)), own.text, own.reason)
        for own in reading.unread
    ]


def _named(result: Found) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, own.about) for name, own in result.setting.names.table.items()))


__all__ = ["Member", "check", "check_file"]
