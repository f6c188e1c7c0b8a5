"""What is said of somebody's derivation: a verdict for every link of every chain, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from verify.verdicts import Finding, Verdict

RIGHT, WRONG, OPEN = "✓", "✗", "?"
"""How a line is marked."""


@dataclass(frozen=True)
class Place:
    """A stretch of the file: lines and columns from one, the last column is not part of it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Counterexample:
    """The smallest instance found where a link fails: sizes and indices, small numbers for what the link speaks of, and
    what its two sides are there."""

    sizes: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, str], ...]
    left: str
    right: str
    entry: str = ""


@dataclass(frozen=True)
class Explanation:
    """What is probably meant by a wrong link.  ``misconception`` is a key of the catalogue, ``hint`` leads towards it
    without telling, ``answer`` tells, ``nearest`` is the nearest formula that is right, as LaTeX, or empty."""

    misconception: str
    hint: str
    answer: str
    nearest: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Link:
    """left = right of one line: judged against the member before it, or, where that is wrong, the first of its chain.

    ``source`` is the user's own text.  ``latex`` is what is shown of it as a formula: "left = right" for the first of a
    chain, "= right" for the others ("" for ``source``).
    ``verdict`` is the strongest of ``findings``, REFUTED where any refutes.
    ``reading`` names the reading that was taken where the text has two.  ``against_first`` says that the member before
    is wrong, and that this one was compared with the head of the chain.
    """

    place: Place
    source: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    counterexample: Counterexample | None = None
    explanation: Explanation | None = None
    reading: str = ""
    against_first: bool = False
    remarks: tuple[str, ...] = ()
    latex: str = ""

    @property
    def mark(self) -> str:
        if self.verdict is Verdict.REFUTED:
            return WRONG
        return OPEN if self.verdict is Verdict.NOT_RUN else RIGHT


@dataclass(frozen=True)
class Unreadable:
    """A line, or a part of it, that could not be read, and why."""

    place: Place
    source: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """A whole file, whose content is ``text``.

    ``names`` say what each of its letters was taken for; ``convention`` the layout of derivatives.
    """

    file: str
    links: tuple[Link, ...]
    unreadable: tuple[Unreadable, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    convention: str = ""
    notes: tuple[str, ...] = field(default=())
    text: str = field(default="", repr=False)

    def marked(self, mark: str) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.mark == mark)

    @property
    def exit_code(self) -> int:
        """1 where a line is wrong, 3 where none is but something could not be read or judged, else 0."""
        if self.marked(WRONG):
            return 1
        return 3 if self.unreadable or self.marked(OPEN) or not self.links else 0


def strongest(findings: Iterable[Finding]) -> Verdict:
    """REFUTED where any refutes; else the best grade there is, NOT RUN where there is none."""
    found = [finding.verdict for finding in findings]
    order = (Verdict.REFUTED, Verdict.PROVED, Verdict.EXACT, Verdict.ENCLOSED, Verdict.AGREED)
    return next((verdict for verdict in order if verdict in found), Verdict.NOT_RUN)
