"""The prover against a brute-force oracle: what it calls equal is equal, at every admissible point.

Matrices are random 2×2 integers that do not commute, so every comparison is exact.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive import build
from derive.errors import ProofError
from derive.expr import Add, Diag, Fill, Hadamard, Identity, MatMul, Node, Scale, Transpose, Var, zeros
from derive.indices import T, i, j, k, s, t
from derive.prover.domain import Domain, affine
from derive.prover.normal_form import equal
from derive.prover.notes import Context
from derive.prover.words import simplify
from derive.sums import OrderedProduct, Sum
from tests.derive.brute_force import N, a, b, c, chain, differs, where

EVERY = where((t, 1, T))

# --- random expressions

SHIFT = st.integers(-2, 2)


@st.composite
def limits(draw: st.DrawFn, scope: tuple[sp.Symbol, ...]) -> sp.Expr:
    base = draw(st.sampled_from([sp.Integer(0), sp.Integer(1), *scope]))
    return sp.sympify(base + draw(SHIFT))


@st.composite
def factors(draw: st.DrawFn, scope: tuple[sp.Symbol, ...], depth: int) -> Node:
    kinds = ["letter", "letter", "chain", "chain", "turned", "identity", "sum", "entrywise", "diagonal"]
    kind = draw(st.sampled_from(kinds))
    if kind == "entrywise":
        first = draw(st.sampled_from([b(draw(limits(scope))), Add(b(draw(limits(scope))), c(draw(limits(scope))))]))
        return Hadamard(first, c(draw(limits(scope))), *([Fill(2, N, N)] if draw(st.booleans()) else []))
    if kind == "diagonal":
        v, w = (Var("v", N, 1, draw(limits(scope))) for _ in "vw")
        return Diag(draw(st.sampled_from([v, Hadamard(v, w), Add(v, Scale(-1, w)), Hadamard(v, Add(w, v))])))
    if kind == "sum" and depth > 0:
        return draw(sums(scope, depth - 1))
    if kind == "identity":
        return Identity(N)
    if kind in ("chain", "turned"):
        index = draw(st.sampled_from([i, j, t]))
        body = c(index) if draw(st.integers(0, 4)) else draw(st.sampled_from([b(index), MatMul(c(index), b(index))]))
        made = OrderedProduct(body, index, draw(limits(scope)), draw(limits(scope)))
        return Transpose(made) if kind == "turned" else made
    letter = draw(st.sampled_from([c, c, b]))
    variable = letter(draw(limits(scope)))
    return Transpose(variable) if draw(st.integers(0, 5)) == 0 else variable


@st.composite
def words(draw: st.DrawFn, scope: tuple[sp.Symbol, ...], depth: int) -> Node:
    count = draw(st.integers(1, 3))
    made = [draw(factors(scope, depth)) for _ in range(count)]
    return made[0] if count == 1 else MatMul(*made)


@st.composite
def sums(draw: st.DrawFn, scope: tuple[sp.Symbol, ...], depth: int) -> Node:
    index = draw(st.sampled_from([i, j, t, k]))  # an index may shadow a free one, on purpose
    lower, upper = draw(limits(scope)), draw(limits(scope))
    inner = tuple(dict.fromkeys((*scope, index)))
    return Sum(draw(terms(inner, depth)), index, lower, upper)


@st.composite
def terms(draw: st.DrawFn, scope: tuple[sp.Symbol, ...], depth: int) -> Node:
    count = draw(st.integers(1, 2))
    parts = []
    for _ in range(count):
        part = draw(sums(scope, depth - 1)) if depth > 0 and draw(st.booleans()) else draw(words(scope, depth))
        coefficient = draw(st.sampled_from([1, 1, 1, -1, 2, *scope]))
        parts.append(part if coefficient == 1 else Scale(coefficient, part))
    return parts[0] if count == 1 else Add(*parts)


@st.composite
def domains(draw: st.DrawFn) -> Domain:
    low = draw(st.integers(0, 3))
    domain = where((t, low, T + draw(st.integers(-1, 1))))
    return domain.with_range(s, sp.Integer(draw(st.integers(0, 1))), t + draw(st.integers(-1, 1)))


@st.composite
def mutations(draw: st.DrawFn, node: Node) -> Node:
    """A near miss, or a true rearrangement: the only way that random pairs are ever called equal."""
    kinds = ["split", "split low", "peel", "swap", "limits", "flip", "rename", "merge", "same", "reassociate"]
    return _mutated(draw, node, draw(st.sampled_from(kinds)))


def _mutated(draw: st.DrawFn, node: Node, kind: str) -> Node:
    if isinstance(node, Sum):
        body, index, lower, upper = node.args
        from derive.sums import reindex

        at = lambda point: reindex(body, {index: point})  # noqa: E731
        if kind == "split":
            return Add(Sum(body, index, lower, upper - 1), at(upper))
        if kind == "split low":
            return Add(at(lower), Sum(body, index, lower + 1, upper))
        if kind == "limits":
            return Sum(body, index, lower + draw(SHIFT), upper + draw(SHIFT))
        if kind == "rename":
            other = sp.Symbol("r", integer=True)
            return Sum(at(other), other, lower, upper)
        if kind == "swap" and isinstance(body, Sum):
            (inner, second, low, high) = body.args
            return Sum(Sum(inner, index, lower, upper), second, low, high)
        return Sum(_mutated(draw, body, kind), index, lower, upper)
    if isinstance(node, OrderedProduct):
        body, index, lower, upper = node.args
        from derive.sums import reindex

        if kind in ("peel", "split"):
            return MatMul(reindex(body, {index: upper}), OrderedProduct(body, index, lower, upper - 1))
        if kind == "split low":
            return MatMul(OrderedProduct(body, index, lower + 1, upper), reindex(body, {index: lower}))
        if kind == "merge":
            middle = lower + draw(SHIFT)
            return MatMul(OrderedProduct(body, index, middle + 1, upper), OrderedProduct(body, index, lower, middle))
        if kind == "limits":
            return OrderedProduct(body, index, lower + draw(SHIFT), upper + draw(SHIFT))
        if kind == "flip":
            return Transpose(OrderedProduct(Transpose(body), index, lower, upper))
        return node
    if isinstance(node, Transpose) and isinstance(node.args[0], OrderedProduct):
        changed = _mutated(draw, node.args[0], kind)
        if isinstance(changed, MatMul):
            return MatMul(*(Transpose(part) for part in reversed(changed.args)))
        return Transpose(changed)
    if isinstance(node, Hadamard) and kind == "split" and isinstance(node.args[0], Add):
        return Add(*(Hadamard(term, *node.args[1:]) for term in node.args[0].args))
    if isinstance(node, Diag):
        return Diag(_mutated(draw, node.args[0], kind))
    if isinstance(node, Add | MatMul | Hadamard):
        parts = list(node.args)
        if kind == "swap":
            return type(node)(*reversed(parts))
        chosen = draw(st.integers(0, len(parts) - 1))
        parts[chosen] = _mutated(draw, parts[chosen], kind)
        return type(node)(*parts)
    if isinstance(node, Scale):
        return Scale(node.args[0], _mutated(draw, node.args[1], kind))
    return node


FREE = (t, s, T)


@settings(deadline=None, max_examples=50)
@given(st.data(), domains())
def test_what_is_called_equal_is_equal_everywhere(data: st.DataObject, domain: Domain) -> None:
    assume(not domain.empty)
    left = data.draw(terms(FREE, 2))
    right = data.draw(mutations(left))
    for _ in range(data.draw(st.integers(0, 2))):
        right = data.draw(mutations(right))
    try:
        proved = equal(left, right, domain)
    except ProofError:
        return
    if proved:
        at = differs(left, right, domain, FREE)
        assert at is None, f"{left}  =  {right}  is called equal; at {at} it is not"


@settings(deadline=None, max_examples=60)
@given(st.data(), domains())
def test_what_is_proved_of_words_holds_everywhere(data: st.DataObject, domain: Domain) -> None:
    assume(not domain.empty)
    word = tuple(data.draw(factors(FREE, 0)) for _ in range(data.draw(st.integers(1, 4))))
    short = simplify(word, Context(domain))
    before, after = (MatMul(*parts) if parts else Identity(N) for parts in (word, short))
    assert differs(before, after, domain, FREE) is None, f"{before} was made into {after}"


def test_the_oracle_sees_a_difference() -> None:
    """The oracle itself: commuting two factors, one index off and a lost term are all seen."""
    assert differs(MatMul(c(t), b(t)), MatMul(b(t), c(t)), EVERY, FREE) is not None
    assert differs(chain(t, 1), chain(t - 1, 1), EVERY, FREE) is not None
    assert differs(Sum(b(i), i, 1, t), Sum(b(i), i, 2, t), EVERY, FREE) is not None
    assert differs(Sum(b(i), i, 1, t), Sum(b(k), k, 1, t), EVERY, FREE) is None


# --- domains


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from([None, i, j, t]), st.sampled_from([None, i, j, t]), st.integers(-3, 3)), max_size=5
    ),
    st.sampled_from([i, j, t]),
    st.sampled_from([i, j, t]),
    st.integers(-3, 3),
)
def test_domain_proves_exactly_what_its_points_satisfy(
    constraints: list[tuple[sp.Symbol | None, sp.Symbol | None, int]], x: sp.Symbol, y: sp.Symbol, gap: int
) -> None:
    """Difference constraints over the integers are decided exactly; the points −15…15 stand for all of them."""
    domain = Domain(constraints)
    at = {None: 0, **dict(zip((i, j, t), np.meshgrid(*[np.arange(-15, 16)] * 3), strict=True))}
    inside = np.full((31, 31, 31), True)
    for p, q, bound in constraints:
        inside &= at[p] - at[q] >= bound
    assert domain.empty == (not inside.any())
    if inside.any():
        proved = domain.proves(x, y + gap)
        assert proved == bool(((at[x] - at[y] >= gap) | ~inside).all())
        against = domain.counterexample(x, y + gap)
        assert (against is None) == proved
        for point, holds in ((domain.point(), None), (against, False)):
            if point is not None:
                numbers = {None: 0, i: 0, j: 0, t: 0, **point}
                assert all(numbers[p] - numbers[q] >= bound for p, q, bound in constraints)
                assert holds is None or (numbers[x] - numbers[y] >= gap) is holds


def test_two_orders_of_one_triangle_are_one_domain() -> None:
    first = EVERY.with_range(i, sp.Integer(1), t)
    second = where((i, 1, T)).with_range(t, i, T)
    assert first.key({}) == second.key({})
    assert first.key({}) != where((i, 1, T)).with_range(t, i + 1, T).key({})


@pytest.mark.parametrize("index", [2 * t, -t, t + i, t / 2, sp.Rational(1, 2), sp.Symbol("x") ** 2])
def test_an_index_that_is_not_affine_is_not_read(index: sp.Expr) -> None:
    with pytest.raises(ProofError, match="is not an index plus a number"):
        affine(index)


# --- true identities, which have to be proved

Claim = tuple[Node, Node, Domain]
STOP = where((t, 1, T), (s, 0, t - 1))
BELOW = where((t, 1, T - 1))
DOUBLE = lambda inner: Sum(Sum(inner, i, 1, t), t, 1, T)  # noqa: E731
GENERIC = MatMul(Transpose(a(t)), chain(t, i + 1), b(i))
TAIL = lambda first: Sum(MatMul(Transpose(chain(k, first + 1)), a(k)), k, first, T)  # noqa: E731

TRUE: dict[str, Callable[[], Claim]] = {
    "distribute": lambda: (MatMul(c(t), Add(b(t), a(t))), Add(MatMul(c(t), b(t)), MatMul(c(t), a(t))), EVERY),
    "peel top": lambda: (chain(t, 1), MatMul(c(t), chain(t - 1, 1)), EVERY),
    "peel bottom": lambda: (chain(t, s + 1), MatMul(chain(t, s + 2), c(s + 1)), STOP),
    "peel bottom of a transpose": lambda: (
        Transpose(chain(t, s + 1)), MatMul(Transpose(c(s + 1)), Transpose(chain(t, s + 2))), STOP),
    "concatenate": lambda: (chain(t, 1), MatMul(chain(t, s + 1), chain(s, 1)), STOP),
    "concatenate transposes": lambda: (
        Transpose(chain(t, 1)), MatMul(Transpose(chain(s, 1)), Transpose(chain(t, s + 1))), STOP),
    "empty product": lambda: (chain(t, t + 1), Identity(N), EVERY),
    "very empty product": lambda: (chain(t, t + 3), Identity(N), EVERY),
    "empty sum": lambda: (Sum(b(i), i, t + 1, t), zeros(N, N), EVERY),
    "empty constant sum": lambda: (Sum(b(i), i, 3, 1), zeros(N, N), EVERY),
    "known length": lambda: (chain(t + 1, t - 1), MatMul(c(t + 1), c(t), c(t - 1)), EVERY),
    "absorb top": lambda: (Add(b(t), Sum(b(i), i, 1, t - 1)), Sum(b(i), i, 1, t), EVERY),
    "absorb bottom": lambda: (Add(b(1), Sum(b(i), i, 2, t)), Sum(b(i), i, 1, t), EVERY),
    "absorb the empty product": lambda: (
        Add(b(t), Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t - 1)),
        Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t), EVERY),
    "absorb inside a sum": lambda: (
        Sum(Add(b(t), Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t - 1)), t, 1, T),
        DOUBLE(MatMul(chain(t, i + 1), b(i))), EVERY),
    "one term": lambda: (Sum(b(i), i, t, t), b(t), EVERY),
    "exchange": lambda: (DOUBLE(GENERIC), Sum(Sum(GENERIC, t, i, T), i, 1, T), where()),
    "exchange with a strict triangle": lambda: (
        Sum(Sum(GENERIC, i, 1, t - 1), t, 1, T), Sum(Sum(GENERIC, t, i + 1, T), i, 1, T - 1), where()),
    "exchange where a range may be empty": lambda: (
        Sum(Sum(GENERIC, i, 1, t - 1), t, 2, T), Sum(Sum(GENERIC, t, i + 1, T), i, 1, T), where()),
    "rename": lambda: (Sum(b(i), i, 1, t), Sum(b(k), k, 1, t), EVERY),
    "one name for two sums": lambda: (
        MatMul(Sum(b(i), i, 1, t), Sum(c(i), i, 1, t)), MatMul(Sum(b(i), i, 1, t), Sum(c(k), k, 1, t)), EVERY),
    "bound like a free index": lambda: (Sum(b(t), t, 1, t), Sum(b(i), i, 1, t), EVERY),
    "push a factor into a sum": lambda: (
        MatMul(c(t), Sum(MatMul(chain(t - 1, i + 1), b(i)), i, 1, t - 1)),
        Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t - 1), EVERY),
    "the lemma's induction step": lambda: (
        Add(b(t), MatMul(c(t), Sum(MatMul(chain(t - 1, i + 1), b(i)), i, 1, t - 1))),
        Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t), EVERY),
    "the last adjoint": lambda: (TAIL(T), a(T), where()),
    "the adjoint's recursion": lambda: (TAIL(t), Add(a(t), MatMul(Transpose(c(t + 1)), TAIL(t + 1))), BELOW),
    "weights": lambda: (
        Scale(1 / T, Sum(Add(b(i), b(i)), i, 1, T)), Scale(2, Scale(1 / T, Sum(b(i), i, 1, T))), where()),
    "cancel": lambda: (Add(b(t), Scale(-1, b(t))), zeros(N, N), EVERY),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_a_true_identity_is_proved(name: str) -> None:
    left, right, domain = TRUE[name]()
    free = (t, s) if s in {x for con in domain.constraints for x in con[:2]} else (t,)
    assert differs(left, right, domain, (*free, T)) is None, "the identity of this test is false"
    assert equal(left, right, domain) and equal(right, left, domain)


# --- wrong identities, which never may be

LEMMA = Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t)
WRONG: dict[str, Callable[[], Claim]] = {
    "commuted factors": lambda: (MatMul(c(t), b(t)), MatMul(b(t), c(t)), EVERY),
    "product in ascending order": lambda: (chain(t, 1), MatMul(chain(t - 1, 1), c(t)), EVERY),
    "peeled at the wrong end": lambda: (chain(t, s + 1), MatMul(c(s + 1), chain(t, s + 2)), STOP),
    "transpose peeled at the wrong end": lambda: (
        Transpose(chain(t, s + 1)), MatMul(Transpose(c(t)), Transpose(chain(t - 1, s + 1))), STOP),
    "transpose lost": lambda: (Transpose(chain(t, 1)), chain(t, 1), EVERY),
    "upper limit one short": lambda: (LEMMA, Sum(MatMul(chain(t, i + 1), b(i)), i, 1, t - 1), EVERY),
    "lower limit one up": lambda: (LEMMA, Sum(MatMul(chain(t, i + 1), b(i)), i, 2, t), EVERY),
    "chain one too long": lambda: (LEMMA, Sum(MatMul(chain(t, i), b(i)), i, 1, t), EVERY),
    "chain one too short": lambda: (LEMMA, Sum(MatMul(chain(t, i + 2), b(i)), i, 1, t), EVERY),
    "stale subscript": lambda: (LEMMA, Sum(MatMul(chain(t, i + 1), b(t)), i, 1, t), EVERY),
    "stale factor": lambda: (LEMMA, Sum(MatMul(OrderedProduct(c(t), j, i + 1, t), b(i)), i, 1, t), EVERY),
    "factor inside the product": lambda: (
        LEMMA, Sum(OrderedProduct(MatMul(c(j), b(i)), j, i + 1, t), i, 1, t), EVERY),
    "missing term": lambda: (Add(b(t), LEMMA), LEMMA, EVERY),
    "doubled term": lambda: (Add(b(t), Sum(b(i), i, 1, t)), Sum(b(i), i, 1, t), EVERY),
    "peeled from an empty product": lambda: (chain(t, s), MatMul(c(t), chain(t - 1, s)), where((t, 0, T), (s, 0, T))),
    "peeled from a product two short": lambda: (
        MatMul(c(t), chain(t - 1, t + 1)), chain(t, t + 1), EVERY),
    "peeled below a product two short": lambda: (
        MatMul(chain(t, s + 2), c(s + 1)), chain(t, s + 1), where((t, 0, T), (s, 0, T))),
    "concatenated with a reversed range": lambda: (
        MatMul(chain(t, s + 1), chain(s, 1)), chain(t, 1), where((t, 0, T), (s, 0, T))),
    "concatenated with a range before one": lambda: (
        MatMul(chain(t, s), chain(s - 1, 1)), chain(t, 1), where((t, 1, T), (s, -3, t))),
    "concatenated with a gap": lambda: (MatMul(chain(t, s + 2), chain(s, 1)), chain(t, 1), STOP),
    "concatenated with an overlap": lambda: (MatMul(chain(t, s), chain(s, 1)), chain(t, 1), STOP),
    "concatenated in the wrong order": lambda: (MatMul(chain(s, 1), chain(t, s + 1)), chain(t, 1), STOP),
    "absorbed into a range two short": lambda: (
        Add(b(t), Sum(b(i), i, s, t - 1)), Sum(b(i), i, s, t), where((t, 0, T), (s, 0, T))),
    "absorbed at the bottom of a range two short": lambda: (
        Add(b(s), Sum(b(i), i, s + 1, t)), Sum(b(i), i, s, t), where((t, 0, T), (s, 0, T))),
    "absorbed the wrong point": lambda: (Add(b(t + 1), Sum(b(i), i, 1, t - 1)), Sum(b(i), i, 1, t), EVERY),
    "absorbed with another coefficient": lambda: (
        Add(Scale(2, b(t)), Sum(b(i), i, 1, t - 1)), Sum(b(i), i, 1, t), EVERY),
    "exchange with the wrong triangle": lambda: (DOUBLE(GENERIC), Sum(Sum(GENERIC, t, 1, i), i, 1, T), where()),
    "exchange into a square": lambda: (DOUBLE(GENERIC), Sum(Sum(GENERIC, t, 1, T), i, 1, T), where()),
    "exchange, one off": lambda: (DOUBLE(GENERIC), Sum(Sum(GENERIC, t, i + 1, T), i, 1, T), where()),
    "exchange, limit stops early": lambda: (DOUBLE(GENERIC), Sum(Sum(GENERIC, t, i, T), i, 1, T - 1), where()),
    "captured": lambda: (
        MatMul(Sum(b(i), i, 1, t), Sum(c(i), i, 1, t)), Sum(MatMul(b(i), c(i)), i, 1, t), EVERY),
    "captured free index": lambda: (Sum(MatMul(b(i), c(t)), i, 1, t), Sum(MatMul(b(t), c(t)), t, 1, t), EVERY),
    "limit captured": lambda: (Sum(Sum(b(j), j, 1, i), i, 1, t), Sum(Sum(b(j), j, 1, t), i, 1, t), EVERY),
    "a factor of the index": lambda: (Sum(Scale(i, b(i)), i, 1, t), Sum(Scale(t, b(i)), i, 1, t), EVERY),
    "a factor of the index, one point": lambda: (Sum(Scale(i, b(i)), i, t, t), b(t), EVERY),
    "sum of a constant": lambda: (Sum(b(1), i, 1, t), b(1), EVERY),
    "sum of a constant over another range": lambda: (Sum(b(1), i, 1, t), Sum(b(1), i, 2, t), EVERY),
    "empty sum is one": lambda: (Sum(Identity(N), i, 1, 0), Identity(N), EVERY),
    "empty product is zero": lambda: (chain(t, t + 1), zeros(N, N), EVERY),
    "identity is all ones": lambda: (Identity(N), Fill(1, N, N), EVERY),
    "entrywise like matrix product": lambda: (Hadamard(c(t), b(t)), MatMul(c(t), b(t)), EVERY),
    "wrong weight": lambda: (Scale(1 / T, Sum(b(i), i, 1, T)), Sum(b(i), i, 1, T), where()),
    "the adjoint's recursion without transpose": lambda: (
        TAIL(t), Add(a(t), MatMul(c(t + 1), TAIL(t + 1))), BELOW),
    "the adjoint's recursion with a stale factor": lambda: (
        TAIL(t), Add(a(t), MatMul(Transpose(c(t)), TAIL(t + 1))), BELOW),
    "the adjoint of every step is the last one's": lambda: (TAIL(t), a(t), EVERY),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_identity_is_never_proved(name: str) -> None:
    left, right, domain = WRONG[name]()
    free = (t, s) if s in {x for con in domain.constraints for x in con[:2]} else (t,)
    assert differs(left, right, domain, (*free, T)) is not None, "the identity of this test is true"
    assert not equal(left, right, domain) and not equal(right, left, domain)


def test_every_identity_is_wrong_for_a_reason_of_its_own() -> None:
    claims = [WRONG[name]() for name in WRONG]
    assert len({(left, right, domain.constraints) for left, right, domain in claims}) == len(WRONG) >= 20


# --- entrywise products with a matrix product in them

P_, R_ = Var("P", N, N), Var("R", N, N)
U_, V_, W_ = (Var(name, N, 1) for name in "uvw")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (U_ * (P_ @ V_), build.diag(U_) @ P_ @ V_),
        (U_ * (P_ @ (V_ + W_)), U_ * (P_ @ V_) + U_ * (P_ @ W_)),
        (U_ * W_ * (P_ @ V_), W_ * (P_ @ V_) * U_),
        ((U_ + W_) * (P_ @ V_), U_ * (P_ @ V_) + W_ * (P_ @ V_)),
        ((P_ @ U_) * (R_ @ V_), (R_ @ V_) * (P_ @ U_)),
        (P_ @ (U_ * (R_ @ (V_ - W_))), P_ @ (U_ * (R_ @ V_)) - P_ @ (U_ * (R_ @ W_))),
    ],
    ids=str,
)
def test_a_column_times_a_product_entry_by_entry_is_multiplied_out(left: Node, right: Node) -> None:
    """u ⊙ (A v) = diag(u) A v."""
    assert equal(left, right, Domain(()))
    assert not equal(left, Scale(2, right), Domain(()))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (U_ * (P_ @ V_), P_ @ (U_ * V_)),
        (U_ * (P_ @ V_), U_ * (R_ @ V_)),
        (U_ * (P_ @ V_), V_ * (P_ @ U_)),
        (U_ * (P_ @ V_), U_ * (P_.T @ V_)),
        ((P_ @ U_) * (R_ @ V_), (P_ @ V_) * (R_ @ U_)),
        (U_ * (P_ @ R_ @ V_), U_ * (R_ @ P_ @ V_)),
    ],
    ids=str,
)
def test_what_does_not_commute_stays_where_it_is(left: Node, right: Node) -> None:
    assert not equal(left, right, Domain(()))
