"""The files of the corpus, judged, once a process; and links made wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.derivations.corpus import Claim, Derivation, load
from verify.check.explaining.links import is_refuted
from verify.check.links import Judged
from verify.check.reading.document import read
from verify.check.search import Asked, Found, found
from verify.jets.field import Modular, random_prime

FILES = {derivation.file: derivation for derivation in load()}


@cache
def judged(file: str) -> Found:
    """With its network and names declared: what is guessed is not the subject here."""
    own = FILES[file]
    network = own.network
    asked = Asked(network.cell, network.wiring, network.activation, network.loss, dict(own.names))
    return found(read(own.path).claims, asked, Modular(random_prime(61)))


def link_at(file: str, line: int) -> Judged:
    """The first refuted link of that line, or its first."""
    there = [own for own in judged(file).links if own.right.span.line <= line <= own.right.span.stop[0]]
    return next((own for own in there if is_refuted(own)), there[0])


@dataclass(frozen=True)
class Wrong:
    """A wrong claim with the place of its link among those of the file."""

    claim: Claim
    place: int


def refuted(derivation: Derivation) -> Iterator[Wrong]:
    """The wrong claims of a file that the judge refutes: claims and links of a line belong together in their order."""
    left = list(enumerate(judged(derivation.file).links))
    for claim in derivation.claims:
        near = [own for own in left if own[1].right.span.line <= claim.line <= own[1].right.span.stop[0]]
        if near:
            left.remove(near[0])
            if claim in derivation.wrong and is_refuted(near[0][1]):
                yield Wrong(claim, near[0][0])
