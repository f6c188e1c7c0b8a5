"""Random claims for the prover, each nearly true: an expression beside the same one written otherwise.

A law is applied with no regard to its side condition, and now and then an index or a limit is off by one.  So many of
the claims are true, many are true but for an empty range, and the rest are wrong in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import sympy as sp

from derive.build import transpose
from derive.expr import Add, MatMul, Node, Scale, Transpose, Var, zeros
from derive.indices import T, i, j, k, s, t
from derive.prover import Claim, Descent, Given, Induction, over
from derive.sums import Bound, OrderedProduct, Sum, reindex, rewrite
from tests.derive.brute_force import N, chain, letter

FREE = (t, s, T)
Scope = tuple[sp.Symbol, ...]
Law = Callable[[Node, Random], Node | None]
"""The same expression written otherwise, where the law has something to say about it."""

# --- expressions


def some(rng: Random, scope: Scope) -> sp.Symbol:
    """An index in scope, often the innermost one."""
    return scope[0] if rng.random() < 0.4 else rng.choice(scope)


def limit(rng: Random, scope: Scope) -> sp.Expr:
    base = some(rng, scope) if rng.random() < 0.6 else sp.Integer(rng.choice([0, 1]))
    return sp.sympify(base + rng.choice([-1, 0, 0, 0, 1]))


def factor(rng: Random, scope: Scope) -> Node:
    kind = rng.choice(["letter", "letter", "chain", "chain", "turned"])
    if kind == "letter":
        return letter(rng.choice("bcu"), some(rng, scope) + rng.choice([-1, 0, 0, 1]))
    index = rng.choice([i, j])
    body = OrderedProduct(letter("c", index + rng.choice([0, 0, 1])), index, limit(rng, scope), limit(rng, scope))
    return Transpose(body) if kind == "turned" else body


def word(rng: Random, scope: Scope) -> Node:
    factors = [factor(rng, scope) for _ in range(rng.choice([1, 2, 2, 3]))]
    return MatMul(*factors) if len(factors) > 1 else factors[0]


def expression(rng: Random, scope: Scope = FREE, depth: int = 2) -> Node:
    """A word, a sum of two, or a Σ over one, which may be nested."""
    kind = rng.choice(["word", "sum", "sum", "both"]) if depth else "word"
    if kind == "word":
        return word(rng, scope)
    if kind == "both":
        return Add(*(expression(rng, scope, depth - 1) for _ in "ab"))
    index = rng.choice([i, j, k, t])  # one that is free outside, now and then
    inner = tuple(dict.fromkeys((index, *scope)))
    body = expression(rng, inner, depth - 1)
    body = Scale(rng.choice([2, -1, index, index]), body) if rng.random() < 0.3 else body
    return Sum(body, index, limit(rng, scope), limit(rng, scope))


# --- laws


def _at(node: Bound, point: sp.Expr) -> Node:
    return reindex(node.body, {node.index: point})


def _joined(node: Bound, high: Node, low: Node) -> Node:
    """Two parts of a sum, or of a product, in its order."""
    return Add(low, high) if isinstance(node, Sum) else MatMul(high, low)


def _between(node: Bound, lower: sp.Expr, upper: sp.Expr) -> Node:
    return type(node)(node.body, node.index, lower, upper)


def peel_top(node: Node, rng: Random) -> Node | None:
    if not isinstance(node, Bound):
        return None
    return _joined(node, _at(node, node.upper), _between(node, node.lower, node.upper - 1))


def peel_bottom(node: Node, rng: Random) -> Node | None:
    if not isinstance(node, Bound):
        return None
    return _joined(node, _between(node, node.lower + 1, node.upper), _at(node, node.lower))


def split(node: Node, rng: Random) -> Node | None:
    if not isinstance(node, Bound):
        return None
    middle = rng.choice([node.lower, node.upper, s, t, sp.Integer(1)]) + rng.choice([-1, 0, 1])
    return _joined(node, _between(node, middle + 1, node.upper), _between(node, node.lower, middle))


def shift(node: Node, rng: Random) -> Node | None:
    if not isinstance(node, Bound):
        return None
    by = rng.choice([-1, 1, 2])
    return type(node)(_at(node, node.index - by), node.index, node.lower + by, node.upper + by)


def careless_shift(node: Node, rng: Random) -> Node | None:
    """As is often done: in the variables, and not in the limits of what is inside."""
    if not isinstance(node, Bound):
        return None
    moved = rewrite(node.body, lambda p: reindex(p, {node.index: node.index - 1}) if isinstance(p, Var) else None)
    return type(node)(moved, node.index, node.lower + 1, node.upper + 1)


def rename(node: Node, rng: Random) -> Node | None:
    if not isinstance(node, Bound):
        return None
    new = rng.choice([k, i, j, t])
    if new in node.body.free_symbols and new != node.index:
        return None
    return type(node)(_at(node, new), new, node.lower, node.upper)


def exchange(node: Node, rng: Random) -> Node | None:
    """Σ_x Σ_{y=low}^{x+d} = Σ_y Σ_{x=y−d}; another inner range is kept: right if x is not in it."""
    if not (isinstance(node, Sum) and isinstance(node.body, Sum)) or node.index == node.body.index:
        return None
    inner, outer = node.body, node.index
    gap = inner.upper - outer
    if gap.is_Integer:
        swapped = Sum(inner.body, outer, inner.index - gap, node.upper)
        return Sum(swapped, inner.index, inner.lower, node.upper + gap)
    return Sum(Sum(inner.body, outer, node.lower, node.upper), inner.index, inner.lower, inner.upper)


def distribute(node: Node, rng: Random) -> Node | None:
    """Σ(A + B) = ΣA + ΣB, A(B + C) = AB + AC, A ΣB = Σ AB."""
    if isinstance(node, Sum) and isinstance(node.body, Add):
        return Add(*(Sum(part, *node.args[1:]) for part in node.body.args))
    if not isinstance(node, MatMul):
        return None
    for place, part in enumerate(node.args):
        before, after = node.args[:place], node.args[place + 1 :]
        if isinstance(part, Add):
            return Add(*(MatMul(*before, term, *after) for term in part.args))
        others = {x for other in (*before, *after) for x in other.free_symbols}
        if isinstance(part, Sum) and part.index not in others:
            return Sum(MatMul(*before, part.body, *after), *part.args[1:])
    return None


def turn(node: Node, rng: Random) -> Node | None:
    """A product as the transpose of the transposed factors the other way round."""
    if not isinstance(node, MatMul):
        return None
    return Transpose(MatMul(*(transpose(part) for part in reversed(node.args))))


def commute(node: Node, rng: Random) -> Node | None:
    """A + B = B + A; and, wrongly, AB = BA."""
    return type(node)(*reversed(node.args)) if isinstance(node, Add | MatMul) else None


def insert(node: Node, rng: Random) -> Node | None:
    """The empty product, and a difference of nothing."""
    if isinstance(node, MatMul):
        return MatMul(*node.args, chain(t, t + 1))
    extra = letter("u", rng.choice(FREE))
    return Add(node, extra, Scale(-1, extra))


def off_by_one(node: Node, rng: Random) -> Node | None:
    """A limit or a time that is wrong."""
    by = rng.choice([-1, 1])
    if isinstance(node, Bound):
        return _between(node, *rng.choice([(node.lower + by, node.upper), (node.lower, node.upper + by)]))
    if isinstance(node, Var) and node.time is not None:
        return node.at(node.time + by)
    return None


def wrong_side(node: Node, rng: Random) -> Node | None:
    """A product whose last factor is put where the first one belongs."""
    if not isinstance(node, OrderedProduct):
        return None
    rest, last = _between(node, node.lower, node.upper - 1), _at(node, node.upper)
    return rng.choice([MatMul(rest, last), MatMul(_at(node, node.lower), _between(node, node.lower + 1, node.upper))])


def miscount(node: Node, rng: Random) -> Node | None:
    """A factor lost, or one too many."""
    return node.args[1] if isinstance(node, Scale) else Scale(rng.choice([2, -1]), node)


def counted_twice(node: Node, rng: Random) -> Node | None:
    """The last term of a sum."""
    if not isinstance(node, Sum):
        return None
    return Add(Scale(2, _at(node, node.upper)), _between(node, node.lower, node.upper - 1))


SOUND: tuple[Law, ...] = (peel_top, peel_bottom, split, shift, rename, exchange, distribute, turn, insert)
"""Laws that hold where their side conditions do."""
MISTAKES: tuple[Law, ...] = (off_by_one, careless_shift, commute, miscount, wrong_side, counted_twice)


def somewhere(node: Node, law: Law, rng: Random) -> Node | None:
    """The expression with the law applied at one of the places where it can be."""
    places: list[Node] = []

    def note(part: Node) -> None:
        if law(part, Random(0)) is not None:
            places.append(part)

    rewrite_everywhere(node, note)
    if not places:
        return None
    chosen = rng.choice(places)
    new = law(chosen, rng)
    return None if new is None else rebuilt(node, chosen, new)


def rewrite_everywhere(node: Node, visit: Callable[[Node], None]) -> None:
    visit(node)
    for part in node.parts:
        rewrite_everywhere(part, visit)


def rebuilt(node: Node, old: Node, new: Node) -> Node:
    """``new`` in the place of ``old``, and nothing simplified on the way."""
    if node == old:
        return new
    return node.func(*(rebuilt(x, old, new) if isinstance(x, Node) else x for x in node.args))


# --- claims


@dataclass(frozen=True)
class Nearly:
    """left = right, for t and s within their ranges: perhaps."""

    left: Node
    right: Node
    ranges: tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...]
    laws: tuple[str, ...]


def ranges(rng: Random) -> tuple[tuple[sp.Symbol, sp.Expr, sp.Expr], ...]:
    first = sp.Integer(rng.choice([0, 1, 1, 2]))
    return (
        (t, first, T + rng.choice([-1, 0, 0])),
        (s, sp.Integer(rng.choice([0, 1])), t + rng.choice([-1, 0, 1])),
    )


def identity(rng: Random, mistakes: bool) -> Nearly:
    """An expression beside the same one rewritten by one law to three, with a mistake now and then."""
    left = right = expression(rng)
    used = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        law = rng.choice(SOUND + (MISTAKES if mistakes and rng.random() < 0.5 else ()))
        changed = somewhere(right, law, rng)
        if changed is not None:
            right = changed
            used.append(law.__name__)
    return Nearly(left, right, ranges(rng), tuple(used))


def rewritten(node: Node, rng: Random) -> Node:
    """The expression after a law or two, or a mistake, or none."""
    for _ in range(rng.choice([0, 1, 1, 2])):
        node = somewhere(node, rng.choice((*SOUND, *MISTAKES, off_by_one)), rng) or node
    return node


# --- claims about what obeys a recurrence

CLOSED = {
    "up": (letter("a", t), Sum(MatMul(chain(t, i + 1), letter("b", i)), i, 1, t)),
    "down": (letter("d", t), Sum(MatMul(Transpose(chain(k, t + 1)), letter("g", k)), k, t, T)),
    "stop": (
        letter("a", t),
        Add(Sum(MatMul(chain(t, i + 1), letter("b", i)), i, s + 1, t), MatMul(chain(t, s + 1), letter("a", s))),
    ),
}
"""The variable and its closed form, for induction upwards and downwards and for a descent."""
START = Given(letter("a", 0), zeros(N, N))
LAST = Given(letter("d", T), letter("g", T))


def _facts(rng: Random) -> dict[str, Given]:
    """The recurrences, which may be known for fewer steps than they hold for."""
    up = Add(letter("b", t), MatMul(letter("c", t), letter("a", t - 1)))
    down = Add(letter("g", t), MatMul(Transpose(letter("c", t + 1)), letter("d", t + 1)))
    low, high = rng.choice([1, 1, 1, 2]), T - rng.choice([1, 1, 1, 2])
    return {
        "start": START,
        "last": LAST,
        "up": Given(letter("a", t), up, (over(t, low, T),)),
        "down": Given(letter("d", t), down, (over(t, 1, high),)),
    }


def _hidden(rng: Random) -> Node:
    """Something that is there for some s and t alone."""
    index, other = sp.symbols("y z", integer=True)
    first, last = t - rng.choice([1, 2, 3]), s + rng.choice([0, 1, 2])
    return Sum(Sum(MatMul(letter("u", index), letter("b", other)), index, first, other), other, last, first)


def solved(rng: Random) -> Claim:
    """A closed form, written otherwise or with a mistake, for more steps or fewer, put to induction."""
    kind = rng.choice(list(CLOSED))
    variable, rhs = CLOSED[kind]
    rhs = rewritten(rhs, rng)
    if kind == "stop" and rng.random() < 0.3:
        rhs = Add(rhs, _hidden(rng))
    shifts = [rng.choice([-1, 0, 0, 1]) for _ in range(4)]
    times = over(t, 1 + shifts[0], (T - 1 if kind == "down" and shifts[3] else T) + min(shifts[1], 1))
    if kind == "up":
        return Claim(variable, rhs, Induction("up", "start", rng.choice([0, 1, 1, 2])), (times,), _facts(rng))
    if kind == "down":
        method = Induction("down", "last", rng.choice([T, T, T - 1, T + 1]), downwards=True)
        return Claim(variable, rhs, method, (times,), _facts(rng))
    stops = over(s, max(shifts[2], 0), t - 1 + rng.choice([-3, -2, -1, 0, 0, 1]))
    return Claim(variable, rhs, Descent("up", s), (times, stops), _facts(rng))
