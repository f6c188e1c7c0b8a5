"""How a subject is tested: at which sizes, and modulo how wide a prime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import prod

import sympy as sp

from derive.derivation import Derivation
from derive.expr import Node
from derive.functions import Elementwise
from derive.indices import N_INPUT, N_OUTPUT, N_PARAMETER, N_STATE, S, T, value
from derive.model import Model
from derive.nonlinear import Defined, Map
from derive.run import Form
from derive.sums import walk
from derive.theory import theories
from verify.generated.code import Code
from verify.jets.claims import Compared, Point, of_gradients, of_lags
from verify.jets.degrees import Bound, Degrees, Size
from verify.jets.failure import Reach, failure, width
from verify.jets.free import Free
from verify.jets.generated import of_code
from verify.jets.point import Sizes, nodes

WIDEST, LONGEST, LAGS = 8, 50, 12
"""No dimension is larger, no sequence longer; the lags, whose terms are the same ones, are judged at so many steps,
and so is generated code, whose loop is the same."""

SHORTEST = 3
"""No sequence is made shorter than this to save work: a wrong order of a product shows from here on."""

WORK = 12_000_000
"""Multiplications of a whole test: about two seconds of them."""

_NODE = 25
"""What it costs, in multiplications, to read one node of a formula."""


@dataclass(frozen=True)
class Trial:
    """One evaluation: its claims at a point of given sizes."""

    sizes: Sizes
    claims: Callable[[Point], Iterator[Compared]]
    sums_are_counted: bool = True
    """Whether a sum over a dimension is a product with ones; else its bounds take all of the terms."""


@dataclass(frozen=True)
class Plan:
    """The trials, the width of the prime in bits, and the probability that any false claim passes any of them."""

    trials: tuple[Trial, ...]
    bits: int
    failure: float


def planned(
    derivation: Derivation, sizes: Sizes, forms: tuple[Form, ...], lags: bool, code: Code | None = None
) -> Plan | None:
    """Tests at the sizes asked for, or, where no prime is wide enough for their degrees, over fewer steps.

    None where there is none for a single step.
    """
    most = LONGEST
    while most:
        within_reach = shorter(within(derivation.model, sizes), most)
        trials = tuple(_trials(derivation, within_reach, forms, lags))
        if code is not None:
            few = shorter(within_reach, LAGS)
            trials = (*trials, Trial(few, partial(of_code, code=code), sums_are_counted=False))
        reaches = [reach(derivation, trial) for trial in trials]
        bits = width(reaches)
        if bits is not None:
            return Plan(trials, bits, failure(reaches, bits))
        most = longest(trials[0].sizes) // 2
    return None


def _trials(derivation: Derivation, sizes: Sizes, forms: tuple[Form, ...], lags: bool) -> Iterator[Trial]:
    """The sweep, which is cheap, at these sizes; the sums as far as they can be afforded."""
    fewer = affordable(derivation, sizes)
    for chosen, at in (([f for f in forms if f.descending], sizes), ([f for f in forms if not f.descending], fewer)):
        if chosen:
            yield Trial(at, partial(of_gradients, derivation=derivation, forms=tuple(chosen)))
    if lags:
        yield Trial(shorter(fewer, LAGS), partial(of_lags, derivation=derivation))


def lengths(sizes: Sizes) -> list[sp.Symbol]:
    return [symbol for symbol in sizes if symbol in (S, T)]


def longest(sizes: Sizes) -> int:
    return max(sizes[steps] for steps in lengths(sizes))


def shorter(sizes: Sizes, most: int) -> dict[sp.Symbol, int]:
    return {symbol: min(size, most) if symbol in (S, T) else size for symbol, size in sizes.items()}


def least(model: Model) -> dict[sp.Symbol, int]:
    """What it takes to show what two units show, and two words of a vocabulary."""
    return {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 3 if model.constants else 2}


def within(model: Model, sizes: Sizes) -> dict[sp.Symbol, int]:
    """The sizes asked for, not too small and not too large."""
    wide = {symbol: min(max(sizes[symbol], size), WIDEST) for symbol, size in least(model).items()}
    return {**shorter(sizes, LONGEST), **wide}


def affordable(derivation: Derivation, sizes: Sizes) -> dict[sp.Symbol, int]:
    """These sizes, made smaller until the sums can be afforded."""
    model, found, written = derivation.model, dict(sizes), length(derivation)
    while reading(written, found) + multiplying(model, found) > WORK:
        long = longest(found)
        wide = [symbol for symbol, size in least(model).items() if found[symbol] > size]
        if wide and long <= LAGS and reading(written, found) < multiplying(model, found):
            found |= {symbol: found[symbol] - 1 for symbol in wide}
        elif long > SHORTEST:
            found = shorter(found, long - 1)
        else:
            break
    return found


def multiplying(model: Model, sizes: Sizes) -> int:
    """About how many multiplications the product chains, and forward accumulation, take."""
    total = 0
    for theory in theories(model):
        steps, height = value(theory.length, sizes), value(theory.size, sizes)
        parameters = [prod(value(size, sizes) for size in w.shape) for w in theory.phase.parameters]
        total += len(parameters) * _pairs(steps) * height**3 + steps * height**2 * sum(parameters)
    return total


def length(derivation: Derivation) -> int:
    """How many nodes the double sums have."""
    return sum(sum(1 for _ in walk(step.rhs)) for step in derivation if step.role.startswith("form.expanded"))


def reading(written: int, sizes: Sizes) -> int:
    """What it costs, in multiplications, to read double sums of that many nodes: in bounds and in numbers, twice."""
    steps = longest(sizes)
    return 2 * _NODE * written * (_pairs(steps) + _pairs(min(steps, LAGS)))


def _pairs(steps: int) -> int:
    return steps * (steps + 1) // 2


def reach(derivation: Derivation, trial: Trial) -> Reach:
    """How large a test's numerators are: the test itself, at the smallest sizes, in bounds instead of numbers."""
    model = derivation.model
    largest = max(_entries(node, trial.sizes) for node in nodes(model))
    states = max(len(phase.states) for phase in model.phases)
    entries = max((_entries(node, {**trial.sizes, N_PARAMETER: largest}) for node in applied(derivation)), default=1)
    bounds = Degrees(terms=(states * largest) ** 2, entries=entries)
    smallest = {**least(model), N_STATE: 1}
    if not trial.sums_are_counted:
        smallest = {}
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


def applied(derivation: Derivation) -> Iterator[Node]:
    """Every function of the entries of an array, in the forward equations and in the steps."""
    steps = (node for step in derivation for node in walk(step.rhs))
    return (node for node in chain(nodes(derivation.model), steps) if isinstance(node, Map | Defined))


def _entries(node: Node, sizes: Sizes) -> int:
    return prod(value(size, sizes) for size in node.shape)


def _arguments(free: Free, entries: int) -> Iterator[tuple[Size, int]]:
    """Of each free function: what the difference of two arguments is at most, and how many there are at most."""
    largest: dict[Elementwise, Bound] = {}
    for function, argument in free.values:
        largest[function] = argument + largest[function] if function in largest else argument + argument
    for function, bound in largest.items():
        yield bound.numerator, free.asked[function] * entries
