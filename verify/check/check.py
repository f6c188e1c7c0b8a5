"""The front door: a derivation goes in, a verdict for every line of it comes out."""

from __future__ import annotations

from pathlib import Path

from verify.check.convention import admitted
from verify.check.counterexample import counterexample
from verify.check.explaining import explain_all
from verify.check.links import Judged
from verify.check.proving import all_proved
from verify.check.reading.document import Reading, read
from verify.check.reading.text import Span
from verify.check.reading.unparse import latex
from verify.check.result import Checked, Explanation, Link, Place, Unreadable, strongest
from verify.check.search import Asked, Found, found
from verify.check.vocabulary import known_as, names_in
from verify.jets.field import Modular, random_prime
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "free jets"
_BITS = 61


def check(source: Path | str | bytes, asked: Asked | None = None, *, kind: str = "", name: str = "") -> Checked:
    """Read, judge and explain.  Raises InputError for what cannot be read at all, or a network that there is not."""
    reading = read(source, kind)
    chosen = asked or Asked()
    result = found(reading.claims, chosen, Modular(random_prime(_BITS)), admitted(reading.text.content))
    reasons = explain_all(result.links, result.setting)
    proofs = all_proved(result.links, result.setting)
    return Checked(
        name or (source.name if isinstance(source, Path) else ""),
        tuple(_link(*own, result) for own in zip(result.links, reasons, proofs, strict=True)),
        tuple(_unread(reading)),
        _named(reading, result),
        str(result.setting.convention),
        (*_guess(chosen, result.asked), *reading.notes),
        text=reading.text.content,
    )


def _guess(asked: Asked, taken: Asked) -> tuple[str, ...]:
    """What the network was taken for, where nobody said it."""
    left_out = [option for option, said in (("cell", asked.cell), ("wiring", asked.wiring)) if not said]
    if not left_out:
        return ()
    options = f"the option{'s' * (len(left_out) > 1)} {' and '.join(left_out)}"
    return (f"the network is taken for {taken.cell}, wiring {taken.wiring}; {options} can say another",)


def check_file(path: Path, asked: Asked | None = None) -> Checked:
    """The same of a file."""
    return check(path, asked)


def _link(own: Judged, why: Explanation | None, proof: Finding | None, result: Found) -> Link:
    finding = _finding(own)
    findings = (finding,) if proof is None else (finding, proof)
    remarks = [*own.claim.remarks]
    if own.is_definition:
        remarks.append("taken as a definition")
    if own.alone and own.outcome.holds:
        remarks.append("true for one unit; for more the order or a transpose is wrong")
    return Link(
        _place(own.right.span), own.right.span.words, strongest(findings), findings, reading=own.reading,
        against_first=own.against_first, remarks=tuple(remarks),
        latex=_shown(own), explanation=why,
        counterexample=counterexample(own, result.setting) if finding.verdict is Verdict.REFUTED else None,
    )  # fmt: skip


def _shown(own: Judged) -> str:
    """The first of a chain with its left-hand side, the others without."""
    right = latex(own.right.tree)
    return f"{latex(own.left.tree)} = {right}" if own.right is own.claim.chain[1] else f"= {right}"


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


def _named(reading: Reading, result: Found) -> tuple[tuple[str, str], ...]:
    """What the names in the file were taken for."""
    table = result.setting.names.table
    used = {known_as(name, table) for name in names_in(reading.claims)}
    return tuple(sorted((name, own.about) for name, own in table.items() if name in used))
