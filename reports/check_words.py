"""What is said of a line of somebody's derivation, once, for the terminal and for documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reports.check_formulas import formula
from reports.document.inline import Code, Inline, Part
from reports.escaping.characters import printable
from reports.formula.to_text import text
from reports.formula.tree import Formula
from verify.check.misconceptions import OTHER, TEXTS
from verify.check.result import OPEN, RIGHT, WRONG, Checked, Counterexample, Link, Unreadable
from verify.verdicts import Verdict

GRADES = {
    Verdict.PROVED: ("proved", "proved for every t and T"),
    Verdict.EXACT: ("exact", "exact at the sizes that were tried"),
    Verdict.ENCLOSED: ("enclosed", "enclosed at one point"),
    Verdict.AGREED: ("agreed", "agreed in floating point"),
}
"""How strongly a line is known to be right: in a word, and what that means."""

HARD = "\u00a0"
_UNBROKEN = 40
_SHOWN = 8  # numbers of a counterexample; the JSON object has all of them


@dataclass(frozen=True)
class Said:
    """One remark: its lead ("hint"), and the rest, in which formulas stand between dollar signs."""

    lead: str
    text: str
    telling: bool = False

    @property
    def inline(self) -> Inline:
        return parts(self.text)


def parts(words: str) -> Inline:
    """Words with formulas between dollar signs; what cannot be typeset stands there as code."""
    pieces = words.split("$")
    if len(pieces) % 2 == 0:
        return (words,)
    return tuple(_part(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


def _part(piece: str, is_formula: bool) -> Part:
    return (formula(piece) or Code(piece)) if is_formula else piece


def plain(words: str, as_typed: bool = False) -> str:
    """The same for a terminal; ``as_typed`` leaves formulas in LaTeX, for a terminal that knows no other letters."""
    if as_typed:
        return HARD.join(map(printable, words.replace("$", "").split(HARD)))
    return "".join(map(_plain, parts(words)))


def _plain(part: Part) -> str:
    """The blanks of a short formula are hard, so that a line is not broken there."""
    if isinstance(part, Formula):
        shown = text(part)
        return shown.replace(" ", HARD) if len(shown) <= _UNBROKEN else shown
    words = part if isinstance(part, str) else str(getattr(part, "text", ""))
    return HARD.join(map(printable, words.split(HARD)))


def said(link: Link, answer: bool) -> Iterator[Said]:
    """Everything there is to say of one link, in the order in which it helps."""
    reasons = "; ".join(_reasons(link))
    if link.mark == WRONG:
        yield from _explained(link, answer)
        yield from [Said("because", reasons)] if reasons else []
    if link.mark == OPEN:
        yield Said("not judged", reasons or "none of the ways to judge it could say anything")
    if link.counterexample is not None:
        yield Said("for example", counterexample(link.counterexample))
    if link.against_first:
        yield Said("compared", "with the beginning of its chain, since the line before it is wrong")
    if link.reading:
        yield Said("read as", link.reading)
    for remark in link.remarks:
        yield Said("note", remark)


def _reasons(link: Link) -> Iterator[str]:
    """What the evidence for the verdict says, each once."""
    yield from dict.fromkeys(own.reason for own in link.findings if own.reason and own.verdict is link.verdict)


def _explained(link: Link, answer: bool) -> Iterator[Said]:
    own = link.explanation
    if not answer:
        yield Said("hint", own.hint if own and own.hint else TEXTS[OTHER].hint())
        return
    yield Said("answer", own.answer if own and own.answer else TEXTS[OTHER].answer(), telling=True)
    if own and own.nearest:
        yield Said("right is", f"${own.nearest}$", telling=True)


def unread(item: Unreadable) -> Said:
    """Where reading stopped, and why."""
    return Said("not read", f"line{HARD}{item.place.line}, column{HARD}{item.place.column}: {item.reason}")


def counterexample(found: Counterexample) -> str:
    """``T = 3, n = 1, c_2 = 2: left 17, right 12``, names and numbers between dollar signs."""
    sizes = [f"${name} = {value}$" for name, value in found.sizes]
    given = [f"${name} = {value}$" for name, value in found.given]
    hidden = len(given) - _SHOWN
    shown = given if hidden <= 0 else [*given[:_SHOWN], f"and {hidden} more numbers"]
    where = f"entry {found.entry}: " if found.entry else ""
    numbers = ", ".join([*sizes, *shown])
    return f"{numbers}: {where}left{HARD}${found.left}$, right{HARD}${found.right}$"


def names(found: Checked) -> list[str]:
    """What each letter was taken for, where that is not what it says: another letter, or words."""
    return [f"${name}$ {_taken(meaning)}" for name, meaning in found.names if name != meaning]


def _taken(meaning: str) -> str:
    words = meaning if " " in meaning else f"${meaning}$"
    return words if words.startswith("as ") else f"as {words}"


def counts(found: Checked) -> dict[str, int]:
    """How many links are right, wrong and not judged, and how many parts of the file were not read."""
    return {
        "right": len(found.marked(RIGHT)),
        "wrong": len(found.marked(WRONG)),
        "not judged": len(found.marked(OPEN)),
        "not read": len(found.unreadable),
    }


def summary(found: Checked) -> str:
    """``14 right, 1 wrong, 2 not read``: those that there are, right and wrong in any case."""
    return ", ".join(f"{count} {what}" for what, count in counts(found).items() if count or what in ("right", "wrong"))


def strength(found: Checked) -> str:
    """How strongly the right ones are known: ``9 proved for every t and T, 2 exact at the sizes that were tried``."""
    graded = Counter(link.verdict for link in found.marked(RIGHT))
    return ", ".join(f"{graded[verdict]} {meaning}" for verdict, (_, meaning) in GRADES.items() if graded[verdict])


def verdict(found: Checked) -> str:
    """One sentence about the whole."""
    wrong = len(found.marked(WRONG))
    if wrong:
        return "One line needs another look." if wrong == 1 else f"{wrong} lines need another look."
    if not found.links:
        return "There is no equation here that could be judged."
    if found.exit_code:
        return "Nothing is wrong in what could be read and judged."
    return "Everything holds."
