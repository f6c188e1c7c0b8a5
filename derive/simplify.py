"""Algebra that a derivation uses as a step of its own, so that it is visible: cancelling 1/v against v."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.build import add, hadamard, matmul, scale, split_factor, transpose
from derive.entrywise import in_order, multiplied_out
from derive.expr import ONE, Add, Hadamard, MatMul, Node, Scale, is_scalar, ones
from derive.functions import reciprocal
from derive.nonlinear import Map
from derive.sums import rewrite, walk


@dataclass(frozen=True)
class Inverse:
    """u ⊙ (1/v) = 1 in every entry where ``beside`` is not zero; without ``beside``, everywhere."""

    v: Node
    u: Node
    beside: Node


def cancel_reciprocals(node: Node, known: Sequence[Inverse] = ()) -> Node:
    """Use v ⊙ (1/v) = 1, also inside an inner product: vᵀ(u ⊙ 1/v) = 1ᵀu.  Holds where no entry of v is zero.

    ``known`` are further pairs that cancel.
    """

    def cancelled(part: Node) -> Node | None:
        if isinstance(part, Hadamard):
            return in_hadamard(list(part.args))
        if isinstance(part, MatMul):
            return in_product(part)
        return None

    def in_hadamard(factors: list[Node]) -> Node | None:
        for factor in factors:
            partner = _partner(factor, factors, known)
            if partner is not None:
                shape = factor.shape
                factors.remove(factor)
                factors.remove(partner)
                return rewrite(hadamard(ones(*shape), *factors), cancelled)
        return None

    def in_product(part: MatMul) -> Node | None:
        """A row times a column is a scalar: take both into one Hadamard product and sum its entries."""
        for place in range(len(part.args) - 1):
            row, column = part.args[place], part.args[place + 1]
            if row.shape[0] != ONE or column.shape[1] != ONE or is_scalar(row) or is_scalar(column):
                continue
            both = hadamard(transpose(row), column)
            simpler = in_hadamard(list(both.args)) if isinstance(both, Hadamard) else None
            if simpler is not None:
                inner = matmul(ones(1, simpler.shape[0]), simpler)
                return matmul(*part.args[:place], inner, *part.args[place + 2 :])
        return None

    return positive_first(_collected(rewrite(_expanded(node), cancelled)))


def positive_first(node: Node) -> Node:
    """o − y rather than −y + o."""
    if not isinstance(node, Add):
        return node
    return add(*sorted(node.args, key=lambda term: bool(split_factor(term)[0].is_negative)))


def _collected(node: Node) -> Node:
    """A sum with a term multiplied out wherever that makes terms meet: −(1−o) ⊙ y − o ⊙ y = −y.

    All at once first, then one term at a time.
    """
    terms = _terms(node)
    candidates = [_multiplied_out(terms, terms), *(_multiplied_out(terms, (term,)) for term in terms)]
    best = min(candidates, key=lambda sum_: len(_terms(sum_)))
    return _collected(best) if len(_terms(best)) < len(terms) else node


def _multiplied_out(terms: Sequence[Node], chosen: Sequence[Node]) -> Node:
    """The sum of ``terms`` with the entrywise products among the chosen ones multiplied out."""
    parts: list[Node] = []
    for term in terms:
        factor, body = split_factor(term)
        if not isinstance(body, Hadamard):
            parts.append(term)
        elif term in chosen:
            parts += [scale(factor * number, in_order(factors, body)) for number, factors in multiplied_out(body)]
        else:
            parts.append(scale(factor, in_order(body.args, body)))
    return add(*parts)


def _terms(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Add) else (node,)


def _partner(factor: Node, factors: list[Node], known: Sequence[Inverse]) -> Node | None:
    """The factor that cancels against a reciprocal, if ``factor`` is one."""
    if not (isinstance(factor, Map) and factor.function == reciprocal):
        return None
    if factor.body in factors:
        return factor.body
    for inverse in known:
        if inverse.v == factor.body and inverse.u in factors:
            left = list(factors)
            left.remove(inverse.u)
            if inverse.beside in left:  # and stays there
                return inverse.u
    return None


def _holds_reciprocal(node: Node) -> bool:
    return any(isinstance(part, Map) and part.function == reciprocal for part in walk(node))


def _expanded(node: Node) -> Node:
    """(A + B) ⊙ C and (A + B) C multiplied out for reciprocals, so that every 1/v stands beside its v."""
    parts = [_expanded(part) for part in node.parts]
    if isinstance(node, Hadamard | MatMul):
        build = hadamard if isinstance(node, Hadamard) else matmul
        for place, part in enumerate(parts):
            factor, body = split_factor(part)
            if isinstance(body, Add) and _worth(body, parts):
                terms = (build(*parts[:place], term, *parts[place + 1 :]) for term in body.args)
                return _expanded(scale(factor, add(*terms)))
        return build(*parts)
    if isinstance(node, Scale):
        return scale(node.args[0], parts[0])
    return add(*parts) if isinstance(node, Add) else node


def _worth(body: Add, parts: Sequence[Node]) -> bool:
    """A sum is opened for a reciprocal in it, or, being no reciprocal's own body, for one beside it."""
    if _holds_reciprocal(body):
        return True
    beside = [p for other in parts if other is not body for p in walk(other)]
    return any(isinstance(p, Map) and p.function == reciprocal for p in beside) and not any(
        isinstance(p, Map) and p.function == reciprocal and p.body == body for p in beside
    )
