"""The network of one unit: its chain against ``sympy.diff`` of the unrolled network, its multiplier in balls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import sympy as sp
from flint import arb, fmpq
from sympy.core.function import AppliedUndef

from derive.arithmetic import Array
from derive.errors import ProofError
from derive.explicit import Explicit, small_sizes
from derive.functions import Elementwise
from derive.growth.formulas.one_unit import shared
from derive.growth.formulas.scalar import ScalarCell, fixed, saturation
from derive.indices import S, t
from derive.rational import Polynomials
from derive.unroll import place, unroll
from verify.balls.scalars import REAL, compiled
from verify.rungs import PROOF
from verify.verdicts import Finding, Verdict, Witness

DIFF, BALLS = "sympy.diff of the unrolled network", "ball arithmetic"
LONGEST = 4
WEIGHTS = tuple(fmpq(*pair) for pair in ((51, 50), (11, 10), (3, 2), (2, 1), (5, 1), (-3, 2)))
_HALVINGS = 100


def judged(cell: ScalarCell) -> Iterator[Finding]:
    """The chain for any cell of that kind; the multiplier where φ is tanh."""
    yield proved("scalar.chain", cell.proof)
    yield differentiated(cell)
    yield logarithm(cell)
    if cell.function.name == "tanh":
        yield proved("scalar.saturation", lambda: saturation(cell))
        yield multipliers(cell)


def proved(name: str, proof: Callable[[], Iterable[str]]) -> Finding:
    try:
        lines = list(proof())
    except ProofError as error:
        return Finding(name, PROOF, Verdict.NOT_RUN, reason=f"the proof does not go through: {error}")
    return Finding(name, PROOF, Verdict.PROVED, reason=f"{len(lines)} lines")


class _Pair:
    """h_t as SymPy makes it from h_i, both from the forward equations alone."""

    def __init__(self, cell: ScalarCell, late: int, early: int) -> None:
        model = cell.derivation.model
        outputs = 2 if model.constants else 1  # a vocabulary leaves one out
        sizes = {**small_sizes(late, hidden=1, inputs=1, outputs=outputs), S: 1}
        self.explicit = Explicit(model, sizes)
        state = model.main.states[0]
        self.start = sp.Symbol("s", real=True)
        held: dict[tuple[str, str, int | None], Array] = {
            place(state.at(early)): self.explicit.arithmetic.filled(self.start, 1, 1)
        }
        given = self.explicit.given | (held if early == 0 else {})
        self.table = unroll(model, given, self.explicit.sizes, arithmetic=self.explicit.arithmetic, overrides=held)
        self.states = {j: self.table.values[place(state.at(j))][0, 0] for j in range(early, late + 1)}

    def claimed(self, cell: ScalarCell, chain: sp.Expr, late: int, early: int) -> sp.Expr:
        """The closed form with every letter replaced by what it is in the unrolled network."""
        found = chain.subs({t: late, cell.theory.early: early}).doit()
        name = cell.theory.state.name
        found = found.subs({sp.Function(name)(j): value for j, value in self.states.items()})
        weights = {w.name: self.explicit.given[place(w)][0, 0] for w in cell.theory.phase.parameters}
        return found.subs({shared(w): value for w, value in weights.items()})


def differentiated(cell: ScalarCell, chain: sp.Expr | None = None) -> Finding:
    """∂h_t/∂h_i by ``sympy.diff`` for all i ≤ t ≤ 4: equal as polynomials in the values of φ."""
    for late in range(1, LONGEST + 1):
        for early in range(late + 1):
            pair, same = _Pair(cell, late, early), Polynomials()
            claimed = pair.claimed(cell, cell.chain if chain is None else chain, late, early)
            if claimed.atoms(AppliedUndef):
                reason = "the slope is not written in the state alone"
                return Finding("scalar.chain", DIFF, Verdict.NOT_RUN, reason=reason)
            truth = sp.diff(pair.states[late], pair.start)
            if not same.equal(claimed, truth):
                at = {symbol: sp.Rational(1 + number % 5, 4)
                      for number, symbol in enumerate(sorted((claimed - truth).free_symbols, key=str))}  # fmt: skip
                left, right = (float(side.subs(at)) for side in (claimed, truth))
                witness = Witness(f"t = {late}, i = {early}", left, right)
                return Finding("scalar.chain", DIFF, Verdict.REFUTED if left != right else Verdict.NOT_RUN,
                               witness=witness if left != right else None)  # fmt: skip
    return Finding("scalar.chain", DIFF, Verdict.EXACT, reason=f"every i ≤ t ≤ {LONGEST}")


def logarithm(cell: ScalarCell, lag_of: sp.Expr | None = None) -> Finding:
    """log|P| = (t − i) log|w| + Σ log|φ′|, in balls at rational values of w and the slopes."""
    late, early = t, cell.theory.early
    lags = late - early if lag_of is None else lag_of
    radius = 0.0
    for number in range(1, LONGEST + 1):
        weight, slopes = arb(fmpq(-7, 4)), [arb(fmpq(j, j + 2)) for j in range(1, number + 1)]
        product = weight**number
        total = int(lags.subs({late: number, early: 0})) * abs(weight).log()
        for slope in slopes:
            product, total = product * slope, total + slope.log()
        left = abs(product).log()
        if not left.overlaps(total):
            witness = Witness(f"t − i = {number}", float(total.mid()), float(left.mid()))
            return Finding("scalar.logarithm", BALLS, Verdict.REFUTED, witness=witness)
        radius = max(radius, float((left - total).abs_upper()))
    return Finding("scalar.logarithm", BALLS, Verdict.ENCLOSED, radius=radius, reason=f"lags up to {LONGEST}")


def multipliers(cell: ScalarCell, claimed: sp.Expr | None = None) -> Finding:
    """For |w| > 1 the fixed point h > 0 of |w|, enclosed by bisection, and |m| there: less than 1.

    For w < −1 the network has the cycle h, −h of two steps, with |m| that of |w|, since φ is odd.
    """
    formula = cell.multiplier if claimed is None else claimed
    radius = 0.0
    for weight in WEIGHTS:
        size = abs(arb(weight))
        state = fixed_point(cell.function, size)
        number = sp.Rational(int(weight.p), int(weight.q))
        multiplier = compiled(formula.subs({cell.weight: number, fixed: _Z}), REAL)
        found = abs(multiplier(state))
        if not found < 1:
            sure = bool(found >= 1)
            witness = Witness(f"w = {weight}", "less than 1", float(found.mid()))
            return Finding("scalar.saturation", BALLS, Verdict.REFUTED if sure else Verdict.NOT_RUN, witness=witness)
        radius = max(radius, float(found.rad()))
    weights = ", ".join(map(str, WEIGHTS))
    return Finding("scalar.saturation", BALLS, Verdict.ENCLOSED, radius=radius, reason=f"w = {weights}")


def fixed_point(function: Elementwise, weight: arb) -> arb:
    """A ball around an h > 0 with h = φ(w h), for an odd concave φ with w φ′(0) > 1: φ(w h) − h changes its sign there.

    Raises ValueError where no change of sign is certain.
    """
    value = compiled(function.expr, REAL)
    low, high = fmpq(1, 1000), fmpq(1)
    if not (value(weight * low) > low and value(weight * high) < high):
        raise ValueError(f"no fixed point is certain for w = {weight}")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = value(weight * middle) - middle
        if above > 0:
            low = middle
        elif above < 0:
            high = middle
        else:
            break
    return arb(low).union(arb(high))


_Z = sp.Symbol("z", real=True)
