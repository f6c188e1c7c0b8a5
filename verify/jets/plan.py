"""How a subject is tested: at which sizes, and modulo how wide a prime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod

import sympy as sp

from derive.derivation import Derivation
from derive.functions import Elementwise
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T, value
from derive.model import Model
from derive.run import Form
from derive.theory import theories
from verify.jets.claims import Compared, Point, of_gradients, of_lags
from verify.jets.degrees import Bound, Degrees, Size
from verify.jets.failure import Reach, failure, width
from verify.jets.free import Free
from verify.jets.point import Sizes, nodes

WIDEST, LONGEST, LAGS = 8, 50, 12
"""No dimension is larger, no sequence longer; the lags, whose terms are the same ones, are judged at so many steps."""

WORK = 6_000_000
"""Multiplications of a whole test, about a second of them."""

_TERM = 400
"""What reading one term of a formula costs, in multiplications."""


@dataclass(frozen=True)
class Trial:
    """One evaluation: its claims at a point of given sizes."""

    sizes: Sizes
    claims: Callable[[Point], Iterator[Compared]]


@dataclass(frozen=True)
class Plan:
    """The trials, the width of the prime in bits, and the probability that any false claim passes any of them."""

    trials: tuple[Trial, ...]
    bits: int
    failure: float


def planned(derivation: Derivation, sizes: Sizes, forms: tuple[Form, ...], lags: bool) -> Plan | None:
    """Tests at the sizes asked for, or, where no prime is wide enough for their degrees, over fewer steps.

    None where there is none for a single step.
    """
    model, sizes = derivation.model, affordable(derivation.model, sizes)
    while True:
        trials = [Trial(sizes, lambda point: of_gradients(point, derivation, forms))]
        if lags:
            trials.append(Trial(shorter(sizes, LAGS), lambda point: of_lags(point, derivation)))
        reaches = [reach(model, test) for test in trials]
        bits = width(reaches)
        if bits is not None:
            return Plan(tuple(trials), bits, failure(reaches, bits))
        if max(sizes[length] for length in _lengths(sizes)) == 1:
            return None
        sizes = shorter(sizes, max(sizes[length] for length in _lengths(sizes)) // 2)


def _lengths(sizes: Sizes) -> list[sp.Symbol]:
    return [symbol for symbol in sizes if symbol in (S, T)]


def shorter(sizes: Sizes, most: int) -> dict[sp.Symbol, int]:
    return {symbol: min(size, most) if symbol in (S, T) else size for symbol, size in sizes.items()}


def affordable(model: Model, sizes: Sizes) -> dict[sp.Symbol, int]:
    """The sizes asked for, as far as they can be afforded, and large enough to show what two units show."""
    least = {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 3 if model.constants else 2}
    found = {symbol: min(max(size, least.get(symbol, 1)), WIDEST) for symbol, size in sizes.items()}
    found |= {symbol: min(sizes[symbol], LONGEST) for symbol in _lengths(sizes)}
    while work(model, found) > WORK:
        long = max(found[length] for length in _lengths(found))
        wide = [symbol for symbol, size in least.items() if found[symbol] > size]
        if long > LAGS or (long > 1 and not wide):
            found = shorter(found, long - 1)
        elif wide:
            found |= {symbol: found[symbol] - 1 for symbol in wide}
        else:
            break
    return found


def work(model: Model, sizes: Sizes) -> int:
    """About how many multiplications the double sums, and forward accumulation, take."""
    total = 0
    for theory in theories(model):
        steps, height = value(theory.length, sizes), value(theory.size, sizes)
        parameters = [prod(value(size, sizes) for size in w.shape) for w in theory.phase.parameters]
        pairs = steps * (steps + 1) // 2
        terms = steps if theory.single else pairs
        total += len(parameters) * (pairs * height**3 + terms * _TERM) + steps * height**2 * sum(parameters)
    return total


def reach(model: Model, trial: Trial) -> Reach:
    """How large a test's numerators are: the test itself, at the smallest sizes, in bounds instead of numbers."""
    entries = max(prod(value(size, trial.sizes) for size in node.shape) for node in nodes(model))
    states = max(len(phase.states) for phase in model.phases)
    bounds = Degrees(terms=(states * entries) ** 2, entries=entries)
    smallest = {N_STATE: 1, N_INPUT: 1, N_OUTPUT: 3 if model.constants else 2}
    free = Free(bounds)
    point = Point(model, {**trial.sizes, **smallest}, free)
    minus = bounds.number(sp.Integer(-1))
    differences = [
        ours + minus * truth
        for found in trial.claims(point)
        for ours, truth in zip(found.ours, found.truth, strict=True)
    ]
    return Reach(
        tuple(difference.numerator for difference in differences),
        tuple(_arguments(free, entries)),
        tuple(divisor.size for divisor in bounds.divisors),
    )


def _arguments(free: Free, entries: int) -> Iterator[tuple[Size, int]]:
    """Of each free function: what the difference of two arguments is at most, and how many there are at most."""
    largest: dict[Elementwise, Bound] = {}
    for function, argument in free.values:
        largest[function] = argument + largest[function] if function in largest else argument + argument
    for function, bound in largest.items():
        yield bound.numerator, free.asked[function] * entries
