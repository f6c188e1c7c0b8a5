"""How well ``bptt check`` judges the corpus of ``tests/derivations``: precision, recall, and what it cannot read.

    python benchmarks/check_corpus.py [--told names|network|nothing] [FILE ...]

What it is not told is guessed: the letters of a file, or its network too.  Ends with 1 where a right claim is refuted
or a wrong one passes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.derivations.corpus import Claim, Derivation, Expected, load

if TYPE_CHECKING:
    from verify.check.result import Checked, Link

RIGHT, WRONG, OPEN = "✓", "✗", "?"
TOLD = NAMES, NETWORK, NOTHING = "names", "network", "nothing"


@dataclass(frozen=True)
class Judged:
    """A claim, and the link that the checker made of it: None where it made none."""

    file: str
    claim: Claim
    link: Link | None

    @property
    def mark(self) -> str:
        return OPEN if self.link is None else self.link.mark

    @property
    def is_wrong(self) -> bool:
        return self.claim.verdict is Expected.WRONG

    @property
    def explained(self) -> bool:
        """Whether the misconception is one of those expected."""
        found = self.link.explanation if self.link else None
        return found is not None and found.misconception in (self.claim.misconception, *self.claim.also)


@dataclass
class Tally:
    """All claims of the files, and the links that nobody expects."""

    judged: list[Judged] = field(default_factory=list)
    unexpected: list[tuple[str, Link]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def count(self, wrong: bool, mark: str) -> int:
        return sum(one.is_wrong == wrong and one.mark == mark for one in self.judged)

    @property
    def misjudged(self) -> list[Judged]:
        return [one for one in self.judged if one.mark == (RIGHT if one.is_wrong else WRONG)]


def check(derivation: Derivation, told: str) -> Checked:
    """What the checker says, told of the network and the names, of the network, or of nothing."""
    from verify.check.check import check_file
    from verify.check.search import Asked

    network = derivation.network
    asked = Asked(network.cell, network.wiring, network.activation, network.loss, dict(derivation.names))
    if told != NAMES:
        asked = replace(asked, names={}) if told == NETWORK else Asked()
    return check_file(derivation.path, asked)


def matched(derivation: Derivation, links: tuple[Link, ...]) -> tuple[list[Judged], list[Link]]:
    """Claims and links of one line belong together in their order; and the links that are left over."""
    left, found = list(links), []
    for claim in derivation.claims:
        near = [link for link in left if link.place.line <= claim.line <= link.place.end_line]
        link = near[0] if near else None
        if link is not None:
            left.remove(link)
        found.append(Judged(derivation.file, claim, link))
    return found, left


def tallied(derivations: list[Derivation], told: str) -> Tally:
    tally = Tally()
    for derivation in derivations:
        try:
            links = check(derivation, told).links
        except Exception as error:  # a file that breaks the checker is a figure here, not the end
            tally.broken.append((derivation.file, f"{type(error).__name__}: {error}"))
            links = ()
        found, left = matched(derivation, links)
        tally.judged += found
        tally.unexpected += [(derivation.file, link) for link in left]
    return tally


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "none"


def show(tally: Tally) -> None:
    caught, blamed = tally.count(True, WRONG), tally.count(False, WRONG)
    passed, unread = tally.count(True, RIGHT), [one for one in tally.judged if one.mark == OPEN]
    everything = len(tally.judged)
    print(f"claims       {everything}, of which wrong {sum(one.is_wrong for one in tally.judged)}")
    print(f"judged       {share(everything - len(unread), everything)}")
    print(f"precision    {share(caught, caught + blamed)} of what is refuted is wrong")
    print(f"recall       {share(caught, caught + passed)} of what is wrong and judged is refuted")
    print(f"recall, all  {share(caught, sum(one.is_wrong for one in tally.judged))} of what is wrong is refuted")
    explained = sum(one.explained for one in tally.judged if one.is_wrong and one.mark == WRONG)
    print(f"explained    {share(explained, caught)} by the misconception that is expected")
    for title, some in (("misjudged", tally.misjudged), ("not judged", unread)):
        for one in some:
            print(f"{title}  {one.file}:{one.claim.line}  {one.claim.verdict} {one.claim.misconception} {_why(one)}")
    for file, link in tally.unexpected:
        print(f"not expected  {file}:{link.place.line}  {link.mark}  {link.source}")
    for file, error in tally.broken:
        print(f"broken  {file}  {error}")


def _why(one: Judged) -> str:
    if one.link is None:
        return "(no link)"
    return "; ".join(finding.reason for finding in one.link.findings if finding.reason)


def show_kinds(tally: Tally) -> None:
    """By misconception: how many there are, how many are refuted, how many are explained as expected."""
    kinds = Counter(one.claim.misconception for one in tally.judged if one.is_wrong)
    for kind, number in sorted(kinds.items()):
        some = [one for one in tally.judged if one.claim.misconception == kind]
        caught = sum(one.mark == WRONG for one in some)
        print(f"  {kind:24s}{number:4d}{caught:4d}{sum(one.explained for one in some):4d}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", help="only these, as they are listed: right/scalar.tex")
    parser.add_argument(
        "--told", choices=TOLD, default=NAMES, help="what the checker is told of each file (%(default)s)"
    )
    arguments = parser.parse_args()
    derivations = [entry for entry in load() if not arguments.files or entry.file in arguments.files]
    start = time.perf_counter()
    tally = tallied(derivations, arguments.told)
    seconds = time.perf_counter() - start
    show(tally)
    print("misconception, claims, refuted, explained as expected")
    show_kinds(tally)
    print(f"{len(derivations)} files in {seconds:.1f} s")
    return 1 if tally.misjudged or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
