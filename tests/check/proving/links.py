"""Links of the corpus with the settings that they are read in, and ways to spoil a formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from tests.derivations.corpus import Claim, Expected, load
from verify.check.convention import admitted
from verify.check.links import Judged
from verify.check.proving.proofs import proof_of
from verify.check.reading import tree as tr
from verify.check.reading.document import read
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt
from verify.check.search import Asked, found
from verify.check.setting import Setting
from verify.jets.field import Modular

CORPUS = {derivation.file: derivation for derivation in load()}
_PRIME = 2305843009213693951


@dataclass(frozen=True)
class Case:
    """``claim`` is what the corpus says of the link."""

    file: str
    claim: Claim
    link: Judged
    setting: Setting

    @property
    def is_right(self) -> bool:
        return self.claim.verdict is Expected.RIGHT

    @property
    def reason(self) -> str:
        return proof_of(self.link.left.tree, self.link.right.tree, self.setting)


@cache
def cases(file: str) -> tuple[Case, ...]:
    """The links of a file but its definitions, in their order."""
    derivation = CORPUS[file]
    network = derivation.network
    reading = read(derivation.path, "")
    asked = Asked(network.cell, network.wiring, network.activation, network.loss, dict(derivation.names))
    result = found(reading.claims, asked, Modular(_PRIME), admitted(reading.text.content))
    left = list(result.links)
    cases_ = []
    for claim in derivation.claims:
        own = next((one for one in left if one.right.span.line <= claim.line <= one.right.span.stop[0]), None)
        if own is not None:
            left.remove(own)
            cases_ += [] if own.is_definition else [Case(file, claim, own, result.setting)]
    return tuple(cases_)


def spoiled(tree: Tree) -> Iterator[Tree]:
    """The same formula with one place of it changed: an index or a limit one step off, another index, two factors
    exchanged, one left out or written twice, a term left out, a transpose dropped, a letter squared."""
    yield from _here(tree)
    for place, inner in enumerate(_parts(tree)):
        if isinstance(tree, tr.Sum | tr.Product) and inner is tree.index:
            continue
        for other in spoiled(inner):
            yield _with(tree, place, other)


def _here(tree: Tree) -> Iterator[Tree]:
    match tree:
        case tr.Name(subscripts=()) if tree.base in "tijk" and tree.superscript is None:
            yield from (tr.Add((tree, tr.Number("1"))), tr.Add((tree, tr.Negative(tr.Number("1")))))
            yield from (tr.Name(other) for other in "tij" if other != tree.base)
        case tr.Name(subscripts=(_, *_), superscript=None):
            yield replace(tree, superscript=tr.Number("2"))
        case tr.Number(digits=digits) if digits.isdigit():
            yield from (tr.Number(str(int(digits) + 1)), tr.Number(str(max(0, int(digits) - 1))))
        case tr.Times(factors=factors, kinds=kinds):
            for k in range(len(factors)):
                yield tr.Times((*factors[: k + 1], *factors[k:]), (*kinds[:k], "", *kinds[k:]))
                if len(factors) > 1:
                    rest = (*factors[:k], *factors[k + 1 :])
                    yield tr.Times(rest, kinds[: len(rest) - 1]) if len(rest) > 1 else rest[0]
                if k:
                    yield replace(tree, factors=(*factors[: k - 1], factors[k], factors[k - 1], *factors[k + 1 :]))
        case tr.Add(terms=terms):
            for k in range(len(terms)):
                rest = (*terms[:k], *terms[k + 1 :])
                yield tr.Add(rest) if len(rest) > 1 else rest[0]
        case tr.Transposed(body=body):
            yield body


def _parts(tree: Tree) -> list[Tree]:
    found_: list[Tree] = []
    rebuilt(tree, lambda part: found_.append(part) or part)  # type: ignore[func-returns-value]
    return found_


def _with(tree: Tree, place: int, other: Tree) -> Tree:
    count = iter(range(place + 1))
    return rebuilt(tree, lambda part: other if next(count, None) == place else part)
