"""Wrong claims beside the right ones that they are mistaken for: what no proof may go through for.

Each pair has one error in it, and both claims are put to the same method with the same known facts, or with facts of
which one is wrong.  So a refusal is due to the error and to nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy as sp

from derive.expr import Add, Hadamard, Identity, MatMul, Node, Scale, Transpose, Var, zeros
from derive.indices import S, T, i, j, k, s, t
from derive.prover import Claim, Descent, Fact, Given, Induction, Method, Range, Rewriting, over
from derive.sums import OrderedProduct, Sum
from tests.derive.brute_force import N, a, b, c, chain, letter

A0, R = a(0), Var("r", N, N)


def d(time: sp.Expr | int) -> Var:
    return letter("d", time)


def e(time: sp.Expr | int) -> Var:
    return letter("e", time)


def g(time: sp.Expr | int) -> Var:
    return letter("g", time)


def u(time: sp.Expr | int) -> Var:
    return letter("u", time)


MEAN = Var("l", N, N)
T_ = Transpose
"""Written out, so that no rule of the simplifier is used where the prover has to do the work."""


def terms(first: sp.Expr | int = 1, last: sp.Expr | int = t, high: sp.Expr = t, low: sp.Expr = i + 1) -> Node:
    """Σ_{i=first}^{last} (∏_{j=low}^{high} c_j) b_i."""
    return Sum(MatMul(chain(high, low), b(i)), i, first, last)


def tail(at: sp.Expr, last: sp.Expr = T, low: sp.Expr | None = None) -> Node:
    """Σ_{k=at}^{last} (∏_{j=low}^{k} c_j)ᵀ g_k, with low = at + 1 unless told otherwise."""
    return Sum(MatMul(T_(chain(k, at + 1 if low is None else low)), g(k)), k, at, last)


FACTS: dict[str, Fact] = {
    "start": Given(A0, zeros(N, N)),
    "recurrence": Given(a(t), Add(b(t), MatMul(c(t), a(t - 1))), (over(t, 1, T),)),
    "last": Given(d(T), g(T)),
    "backwards": Given(d(t), Add(g(t), MatMul(T_(c(t + 1)), d(t + 1))), (over(t, 1, T - 1),)),
    "before the end": Given(e(t), b(t), (over(t, 1, T - 1),)),
    "solved": Given(a(t), terms(), (over(t, 1, T),)),
    "mean": Given(MEAN, Scale(1 / T, Sum(MatMul(T_(g(t)), a(t)), t, 1, T))),
}
PLAINLY = Rewriting()
UP = Induction("recurrence", "start")
DOWN = Induction("backwards", "last", first=T, downwards=True)
DOWNWARDS = Descent("recurrence", s)
EVERY, EARLIER = (over(t, 1, T),), (over(t, 1, T - 1),)
STOP, NEARLY = (*EVERY, over(s, 0, t - 1)), (*EVERY, over(s, 0, t))
BEYOND = (*EVERY, over(s, 0, t + 1))


@dataclass(frozen=True)
class Pair:
    """A right claim, and the wrong one that it is mistaken for."""

    right: Claim
    wrong: Claim
    start: str = "zero"
    """What a_0 is in the world in which the right claim is true and the wrong one false."""


def claim(lhs: Node, rhs: Node, method: Method = PLAINLY, where: tuple[Range, ...] = EVERY, **known: Fact) -> Claim:
    return Claim(lhs, rhs, method, where, {**FACTS, **known})


def rhs(right: Claim, wrong: Node, start: str = "zero") -> Pair:
    """The wrong claim has another right-hand side."""
    return Pair(right, replace(right, rhs=wrong), start)


def range_(right: Claim, wrong: tuple[Range, ...]) -> Pair:
    """The wrong claim is made for more."""
    return Pair(right, replace(right, where=wrong))


def _closed() -> Claim:
    return claim(a(t), terms(), UP)


def _started(value: Node) -> Claim:
    return claim(a(t), Add(terms(), MatMul(chain(t, 1), value)), UP, start=Given(A0, value))


def _adjoint() -> Claim:
    return claim(d(t), tail(t), DOWN)


def _tail_step() -> Claim:
    return claim(tail(t), Add(g(t), MatMul(T_(c(t + 1)), tail(t + 1))), where=EARLIER)


def _stopped(rest: Node | None = None, low: sp.Expr = s + 1) -> Node:
    last = MatMul(chain(t, low), a(s)) if rest is None else rest
    return Add(b(t), Sum(MatMul(chain(t, i + 1), b(i)), i, s + 1, t - 1), last)


def _plus_hidden(node: Node) -> Node:
    """Something more, which is there for s ≤ t − 3 alone: where a descent that begins too low would not look."""
    return Add(node, Sum(Sum(MatMul(u(k), u(j)), k, t - 2, j), j, s + 1, t - 2))


def _double(inner: tuple[sp.Expr | int, sp.Expr | int], outer: tuple[sp.Expr | int, sp.Expr | int]) -> Node:
    """Σ_i Σ_t g_tᵀ (∏_{j=i+1}^{t} c_j) b_i, over t within ``inner`` for every i within ``outer``."""
    return Sum(Sum(MatMul(T_(g(t)), chain(t, i + 1), b(i)), t, *inner), i, *outer)


TRIANGLE = Sum(Sum(MatMul(T_(g(t)), chain(t, i + 1), b(i)), i, 1, t), t, 1, T)
LINE = Add(b(t), MatMul(c(t), b(t - 1)), MatMul(c(t), c(t - 1), b(t - 2)))
THREE_BACK = MatMul(c(t), c(t - 1), c(t - 2), a(t - 3))
FROM_LINE = Rewriting(using=("recurrence",), start="line", at=(a(t - 2),))
PRINTED_BEFORE = Given(
    a(t), Add(b(t), MatMul(c(t), b(t - 1)), MatMul(c(t), c(t - 1), a(t - 2))), (over(t, 2, T),)
)  # fmt: skip

NEXT = Given(a(t + 1), Add(b(t + 1), MatMul(c(t + 1), a(t))), (over(t, 0, T - 1),))

PAIRS: dict[str, Callable[[], Pair]] = {
    # limits of the sum
    "sum starts one late": lambda: rhs(_closed(), terms(first=2)),
    "sum starts one early": lambda: rhs(_closed(), terms(first=0)),
    "sum ends one early": lambda: rhs(_closed(), terms(last=t - 1)),
    "sum ends one late": lambda: rhs(_closed(), terms(last=t + 1)),
    # limits and order of the product
    "product takes its lower end in": lambda: rhs(_closed(), terms(low=i)),
    "product leaves its first factor out": lambda: rhs(_closed(), terms(low=i + 2)),
    "product leaves its upper end out": lambda: rhs(_closed(), terms(high=t - 1)),
    "product goes one too far": lambda: rhs(_closed(), terms(high=t + 1)),
    "product reversed": lambda: rhs(
        _closed(), Sum(MatMul(T_(OrderedProduct(T_(c(j)), j, i + 1, t)), b(i)), i, 1, t)),
    "factor on the wrong side of the product": lambda: rhs(
        _closed(), Sum(MatMul(b(i), chain(t, i + 1)), i, 1, t)),
    "factor inside the product": lambda: rhs(
        _closed(), Sum(OrderedProduct(MatMul(c(j), b(i)), j, i + 1, t), i, 1, t)),
    "stale subscript in the last factor": lambda: rhs(_closed(), Sum(MatMul(chain(t, i + 1), b(t)), i, 1, t)),
    "stale subscript in the product": lambda: rhs(
        _closed(), Sum(MatMul(OrderedProduct(c(t), j, i + 1, t), b(i)), i, 1, t)),
    "factors of the step before": lambda: rhs(
        _closed(), Sum(MatMul(OrderedProduct(c(j - 1), j, i + 1, t), b(i)), i, 1, t)),
    "sign turned": lambda: rhs(_closed(), Scale(-1, terms())),
    # side conditions: what is empty, and what is more than empty
    "empty sum peeled": lambda: range_(
        claim(Sum(b(i), i, 1, t - 1), Add(b(t - 1), Sum(b(i), i, 1, t - 2)), where=(over(t, 2, T),)), EVERY),
    "empty sum peeled at its lower end": lambda: range_(
        claim(Sum(b(i), i, 1, t - 1), Add(b(1), Sum(b(i), i, 2, t - 1)), where=(over(t, 2, T),)), EVERY),
    "empty product peeled": lambda: range_(
        claim(chain(t, s + 1), MatMul(c(t), chain(t - 1, s + 1)), where=STOP), NEARLY),
    "empty product peeled at its lower end": lambda: range_(
        claim(chain(t, s + 1), MatMul(chain(t, s + 2), c(s + 1)), where=STOP), NEARLY),
    "absorbed into a sum that is more than empty": lambda: range_(
        claim(Add(b(t), Sum(b(i), i, s, t - 1)), Sum(b(i), i, s, t), where=NEARLY), BEYOND),
    "absorbed into a product that is more than empty": lambda: range_(
        claim(MatMul(c(t), chain(t - 1, s + 1)), chain(t, s + 1), where=STOP), NEARLY),
    "outer sum peeled where it may be empty": lambda: range_(
        claim(Sum(Sum(MatMul(b(j), c(i)), j, i, T), i, 1, t),
              Add(Sum(MatMul(b(j), c(t)), j, t, T), Sum(Sum(MatMul(b(j), c(i)), j, i, T), i, 1, t - 1))),
        (over(t, 0, T),)),
    "products joined over a range that is more than empty": lambda: range_(
        claim(MatMul(chain(t, s + 1), chain(s, 1)), chain(t, 1), where=NEARLY), BEYOND),
    "sum split beyond its end": lambda: range_(
        claim(Sum(b(i), i, 1, t), Add(Sum(b(i), i, 1, s), Sum(b(i), i, s + 1, t)), where=NEARLY), BEYOND),
    "true for two steps or more": lambda: range_(
        claim(Sum(b(i), i, 1, T), Add(b(1), b(2), Sum(b(i), i, 3, T)), where=(over(T, 2, T),)), ()),
    # splitting, shifting, telescoping
    "sum split with an overlap": lambda: rhs(
        claim(Sum(b(i), i, 1, t), Add(Sum(b(i), i, 1, s), Sum(b(i), i, s + 1, t)), where=NEARLY),
        Add(Sum(b(i), i, 1, s), Sum(b(i), i, s, t))),
    "sum split with a gap": lambda: rhs(
        claim(Sum(b(i), i, 1, t), Add(Sum(b(i), i, 1, s), Sum(b(i), i, s + 1, t)), where=NEARLY),
        Add(Sum(b(i), i, 1, s), Sum(b(i), i, s + 2, t))),
    "index shifted, limits not": lambda: rhs(
        claim(Sum(b(i), i, 1, t), Sum(b(i + 1), i, 0, t - 1)), Sum(b(i + 1), i, 1, t)),
    "index shifted the wrong way": lambda: rhs(
        claim(chain(t, s + 1), OrderedProduct(c(j + 1), j, s, t - 1), where=NEARLY),
        OrderedProduct(c(j - 1), j, s, t - 1)),
    "index shifted, limits inside not": lambda: rhs(
        claim(Sum(Sum(MatMul(u(k + 1), b(i)), i, 1, k), k, 1, t),
              Sum(Sum(MatMul(u(k), b(i)), i, 1, k - 1), k, 2, t + 1)),
        Sum(Sum(MatMul(u(k), b(i)), i, 1, k), k, 2, t + 1)),
    "index shifted, factor in front not": lambda: rhs(
        claim(Sum(Scale(i, b(i)), i, 1, t), Sum(Scale(i + 1, b(i + 1)), i, 0, t - 1)),
        Sum(Scale(i, b(i + 1)), i, 0, t - 1)),
    "last term counted twice": lambda: rhs(
        claim(Sum(b(i), i, 1, t), Add(b(t), Sum(b(i), i, 1, t - 1))), Add(Scale(2, b(t)), Sum(b(i), i, 1, t - 1))),
    "sum over one point with two terms": lambda: rhs(
        claim(Sum(b(i), i, t, t), b(t)), Add(b(t), b(t + 1))),
    "telescope off by one": lambda: rhs(
        claim(Sum(Add(u(i), Scale(-1, u(i - 1))), i, 1, t), Add(u(t), Scale(-1, u(0)))), Add(u(t), Scale(-1, u(1)))),
    "index captured": lambda: rhs(
        claim(MatMul(Sum(b(i), i, 1, t), Sum(c(i), i, 1, t)), Sum(Sum(MatMul(b(i), c(j)), j, 1, t), i, 1, t)),
        Sum(MatMul(b(i), c(i)), i, 1, t)),
    # exchange
    "sums exchanged over the wrong triangle": lambda: rhs(
        claim(TRIANGLE, _double((i, T), (1, T)), where=()), _double((1, i), (1, T))),
    "sums exchanged over the square": lambda: rhs(
        claim(TRIANGLE, _double((i, T), (1, T)), where=()), _double((1, T), (1, T))),
    "sums exchanged without the diagonal": lambda: rhs(
        claim(TRIANGLE, _double((i, T), (1, T)), where=()), _double((i + 1, T), (1, T))),
    "sums exchanged, the last one lost": lambda: rhs(
        claim(TRIANGLE, _double((i, T), (1, T)), where=()), _double((i, T), (1, T - 1))),
    # induction
    "base case wrong": lambda: rhs(_closed(), Add(terms(), chain(t, 1))),
    "initial value omitted": lambda: rhs(_started(R), terms(), "r"),
    "initial value without its chain": lambda: rhs(
        _started(Identity(N)), Add(terms(), Identity(N)), "identity"),
    "induction hypothesis at t": lambda: rhs(
        claim(a(t), Add(b(t), MatMul(c(t), terms(last=t - 1, high=t - 1))), UP), Add(b(t), MatMul(c(t), terms()))),
    "induction begins before its recurrence holds": lambda: range_(_closed(), (over(t, -1, T),)),
    "induction beyond the end of its recurrence": lambda: range_(_closed(), (over(t, 1, T + 1),)),
    "descent, chain starts one late": lambda: rhs(
        claim(a(t), _stopped(), DOWNWARDS, STOP), _stopped(low=s + 2)),
    "descent, last term lost": lambda: rhs(claim(a(t), _stopped(), DOWNWARDS, STOP), _stopped(rest=zeros(N, N))),
    "descent that begins below its base case": lambda: rhs(
        claim(a(t), _stopped(), DOWNWARDS, (*EVERY, over(s, 0, t - 3))), _plus_hidden(_stopped())),
    "descent with a base case that is out of range": lambda: range_(
        claim(a(t), _stopped(), DOWNWARDS, STOP), NEARLY),
    # the adjoint
    "adjoint by c_t for c_{t+1}": lambda: rhs(_tail_step(), Add(g(t), MatMul(T_(c(t)), tail(t + 1)))),
    "adjoint without its transpose": lambda: rhs(_tail_step(), Add(g(t), MatMul(c(t + 1), tail(t + 1)))),
    "missing direct term": lambda: rhs(_tail_step(), MatMul(T_(c(t + 1)), tail(t + 1))),
    "adjoint recursion at the last step": lambda: range_(
        claim(d(t), Add(g(t), MatMul(T_(c(t + 1)), d(t + 1))), Rewriting(start="backwards"), EARLIER), EVERY),
    "adjoint with one factor too many": lambda: rhs(_adjoint(), tail(t, low=t)),
    "adjoint with one factor too few": lambda: rhs(_adjoint(), tail(t, low=t + 2)),
    "adjoint that ends one early": lambda: rhs(_adjoint(), tail(t, last=T - 1)),
    "transposed order": lambda: rhs(
        claim(T_(MatMul(c(t), b(t))), MatMul(T_(b(t)), T_(c(t)))), MatMul(T_(c(t)), T_(b(t)))),
    "transposed chain peeled at the wrong end": lambda: rhs(
        claim(T_(chain(t, s + 1)), MatMul(T_(c(s + 1)), T_(chain(t, s + 2))), where=STOP),
        MatMul(T_(c(t)), T_(chain(t - 1, s + 1)))),
    # factors and weights
    "commuted factors": lambda: rhs(
        claim(MatMul(c(t), Add(b(t), u(t))), Add(MatMul(c(t), b(t)), MatMul(c(t), u(t)))),
        Add(MatMul(b(t), c(t)), MatMul(c(t), u(t)))),
    "half distributed": lambda: rhs(
        claim(MatMul(c(t), Add(b(t), u(t))), Add(MatMul(c(t), b(t)), MatMul(c(t), u(t)))),
        Add(MatMul(c(t), b(t)), u(t))),
    "entry by entry for a matrix product": lambda: rhs(
        claim(Hadamard(c(t), b(t)), Hadamard(b(t), c(t))), MatMul(c(t), b(t))),
    "missing 1/T": lambda: rhs(
        claim(MEAN, Scale(1 / T, TRIANGLE), Rewriting(start="mean", using=("solved",)), ()), TRIANGLE),
    "1/t for 1/T": lambda: rhs(
        claim(MEAN, Scale(1 / T, TRIANGLE), Rewriting(start="mean", using=("solved",)), ()),
        Sum(Scale(1 / t, Sum(MatMul(T_(g(t)), chain(t, i + 1), b(i)), i, 1, t)), t, 1, T)),
    "S for T": lambda: rhs(
        claim(Sum(b(t), t, 1, T), Add(b(T), Sum(b(t), t, 1, T - 1)), where=()), Add(b(S), Sum(b(t), t, 1, S - 1))),
    # what a fact says, and where
    "missing factor in the fourth line": lambda: rhs(
        claim(a(t), Add(LINE, THREE_BACK), FROM_LINE, (over(t, 3, T),), line=PRINTED_BEFORE),
        Add(LINE, MatMul(c(t), c(t - 1), a(t - 3)))),
    "a line used where it does not hold": lambda: range_(
        claim(a(t), Add(LINE, THREE_BACK), FROM_LINE, (over(t, 3, T),), line=PRINTED_BEFORE), (over(t, 2, T),)),
    "a fact used beyond its range": lambda: range_(
        claim(e(t), b(t), Rewriting(using=("before the end",)), EARLIER), EVERY),
    "a fact used beyond its range inside a sum": lambda: Pair(
        claim(Sum(e(t), t, 1, T - 1), Sum(b(t), t, 1, T - 1), Rewriting(using=("before the end",)), ()),
        claim(Sum(e(t), t, 1, T), Sum(b(t), t, 1, T), Rewriting(using=("before the end",)), ())),
    "a fact about the next step used one step late": lambda: Pair(
        claim(a(t), terms(), Induction("next", "start"), next=NEXT),
        claim(a(t), terms(), Induction("next", "start"), (over(t, 1, T + 1),), next=NEXT)),
    "the last step taken for every step": lambda: Pair(
        claim(d(T), g(T), Rewriting(using=("last",)), ()), claim(d(t), g(t), Rewriting(using=("last",)))),
    "a premise that is the claim itself": lambda: Pair(
        replace(claim(a(t), terms(), Rewriting(using=("solved",))), key="x"),
        replace(claim(a(t), b(t), Rewriting(using=("x",)), x=Given(a(t), b(t), EVERY)), key="x")),
    "a premise that nobody has given": lambda: Pair(
        claim(a(t), terms(), Rewriting(using=("solved",))), claim(a(t), b(t), Rewriting(using=("elsewhere",)))),
}  # fmt: skip
"""By the name of the error."""
