"""The direct term of a sum, left out."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.explaining.building import total
from verify.check.explaining.candidate import TERM, Candidate
from verify.check.explaining.case import Case
from verify.check.explaining.kinds.mean import MEAN_OF
from verify.check.explaining.kinds.partial import step_of
from verify.check.explaining.scripts import scripts
from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree

KEY = "missing-direct-term"
_MOST = 12


def candidates(case: Case) -> Iterator[Candidate]:
    terms = list(dict.fromkeys(_terms(case)))
    for term in terms:
        yield Candidate(total(term, case.right), KEY, TERM, {"term": term})
    for spot in case.values:
        if not spot.above or isinstance(spot.node, tr.Run | tr.Number) or isinstance(spot.parent, tr.Add):
            continue
        for term in terms[:_MOST]:
            yield Candidate(spot.put(total(term, spot.node)), KEY, TERM + 4, {"term": term})
    yield from _into_products(case, [*terms[:_MOST], *_names(case)])


def _into_products(case: Case, terms: list[Tree]) -> Iterator[Candidate]:
    """The last factors of a product are one of two terms: D F for D (W + F)."""
    for spot in case.values:
        if not isinstance(spot.node, tr.Times):
            continue
        factors, kinds = spot.node.factors, spot.node.kinds
        for start in range(1, len(factors)):
            rest = factors[start] if start == len(factors) - 1 else tr.Times(factors[start:], kinds[start:])
            for term in terms:
                for own in (term, tr.Negative(term)):
                    right = tr.Times((*factors[:start], total(own, rest)), kinds[:start])
                    yield Candidate(spot.put(right), KEY, TERM + 5, {"term": own})


def _names(case: Case) -> Iterator[Tree]:
    yield from case.weights()
    yield from case.timed(case.steps[:2])


def _terms(case: Case) -> Iterator[Tree]:
    """What stands first in the other members of the chain and elsewhere, and what the left-hand side has directly."""
    yield from _direct(case)
    for tree in case.near:
        if isinstance(tree, tr.Add):
            yield from (term for term in tree.terms if not isinstance(term, tr.Run))
    yield from _identities(case)
    for own in case.nodes:
        if isinstance(own, tr.Name) and case.quantity(own) is not None:
            yield tr.Applied(tr.Name("diag"), (own,))


def _identities(case: Case) -> Iterator[Tree]:
    """I, α I and (1 − α) I, of what passes a step unchanged."""
    unit = tr.Name("I")
    yield unit
    for own in case.constants():
        yield tr.Times((own, unit), ("",))
        yield tr.Times((tr.Add((tr.Number("1"), tr.Negative(own))), unit), ("",))


def _direct(case: Case) -> Iterator[Tree]:
    """∂f(x_t, h_{t−1}, w)/∂w of ∂h_t/∂w, b_t of a_t, and (1/T) ∂ℓ_t/∂h_t of ∂L/∂h_t, g_t of δ_t."""
    step = next(iter(case.steps), tr.Name("t"))
    for letter, meant in case.setting.scope().letters.items():
        if meant in ("b", "seed"):
            yield tr.Name(letter, (step,))
            yield tr.Times((MEAN_OF, tr.Name(letter, (step,))), ("",))
    left = case.left
    if not isinstance(left, tr.Derivative | tr.Gradient) or left.by is None:
        return
    if isinstance(left.of, tr.Name) and isinstance(left.by, tr.Name):
        partial = step_of(left.of, left.by, case)
        if partial is not None:
            yield partial
        loss, at = case.spelling("the loss of one step"), next(scripts(left.by, case.letters), None)
        if loss is not None and at is not None:
            own = tr.Derivative(case.at_step(loss, at), left.by)
            yield own
            yield tr.Times((MEAN_OF, own), ("",))
