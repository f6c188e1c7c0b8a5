"""The contract of a strategy, over the registry: a new file in ``derive/strategies`` is tested without a line here."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derive import registry
from derive.errors import InputError
from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.randomised import Randomised
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.decisions import MOST_LINKS, drawn, every
from derive.truncation.study import PACKAGE, families
from tests.derive.models import Names
from tests.truncation.core import contract
from tests.truncation.core.networks import NETWORKS, SMALL

REGISTERED = registry.names(PACKAGE)
EVERY = pytest.mark.parametrize("name", REGISTERED)
ODD = (
    Window(1), Window(3), Window(50), Chunks(1), Chunks(2), Chunks(50), Artbp(Fraction(0)), Artbp(Fraction(6, 7)),
    Schedule(Fraction(4, 3), Fraction(6)), Schedule(Fraction(20), Fraction(5, 2)), Randomised(Fraction(1)),
    Randomised(Fraction(1, 9)), OneStep(Fraction(1)), OneStep(Fraction(2, 7)),
)  # fmt: skip
"""Members that ``of_length`` does not give."""


def member(name: str, length: int = 3) -> Strategy:
    found: Strategy = registry.load(PACKAGE, name, "strategy").STRATEGY.of_length(length)
    return found


@EVERY
@pytest.mark.parametrize("length", [1, 2, 3, 100])
def test_the_closed_law_is_what_the_machine_carries(name: str, length: int) -> None:
    contract.check_closed_law(member(name, length), 7)


@pytest.mark.parametrize("strategy", ODD, ids=lambda own: own.label)
def test_the_closed_law_of_odd_members(strategy: Strategy) -> None:
    contract.check_closed_law(strategy, 6)
    contract.check_estimate(strategy, Names("rnn"))
    contract.check_moments(strategy, Names("rnn"))
    contract.check_probabilities(strategy)


@EVERY
@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_the_backward_pass_is_the_weighted_double_sum(name: str, names: Names) -> None:
    contract.check_estimate(member(name, 2), names, 4)


@EVERY
@pytest.mark.parametrize("names", SMALL, ids=str)
def test_unbiased_is_what_is_declared(name: str, names: Names) -> None:
    contract.check_unbiased(member(name, 2), names, 4)


@EVERY
@pytest.mark.parametrize("names", SMALL, ids=str)
def test_mean_and_variance_are_those_of_all_patterns(name: str, names: Names) -> None:
    contract.check_moments(member(name, 2), names, 4)


@EVERY
@pytest.mark.parametrize("length", [1, 2, 5, 100])
def test_all_patterns_and_drawn_ones(name: str, length: int) -> None:
    contract.check_probabilities(member(name, length))
    contract.check_draws(member(name, length))


@EVERY
def test_a_draw_is_repeated_by_its_seed(name: str) -> None:
    one, again, other = (drawn(member(name), 30, 50, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert (one.cut == again.cut).all() and (one.factors == again.factors).all()
    assert (one.cut == other.cut).all() == (not member(name).is_random)


@EVERY
def test_the_mean_length_of_the_pieces(name: str) -> None:
    """Over a long sequence; the last piece of a run is cut short by the end, and counts for little."""
    strategy, steps = member(name, 6), 3000
    found = drawn(strategy, steps, 200, np.random.default_rng(0))
    lengths = np.concatenate([np.array(found.lengths(run)) for run in range(len(found))])
    assert all(sum(found.lengths(run)) == steps for run in range(min(3, len(found))))
    pieces = name not in ("full", "window")
    assert np.mean(lengths) == pytest.approx(6.0, rel=0.04) if pieces else (lengths == steps).all()


@EVERY
def test_names_options_and_labels(name: str) -> None:
    own = member(name)
    assert own.name == name and own.title
    assert own.label == name or all(f"{key}={value}" in own.label for key, value in own.options.items())
    assert type(own)(**own.options) == own and hash(own) == hash(type(own)(**own.options))
    assert type(own) in families()


def test_the_full_gradient_is_listed_first() -> None:
    assert [family().name for family in families()][:3] == ["full", "window", "chunks"]
    assert len(families()) == len(REGISTERED)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Window(0), "tau = 0"), (lambda: Chunks(0), "tau = 0"), (lambda: Chunks(-3), "tau = -3"),
        (lambda: Artbp(Fraction(1)), "[0, 1)"), (lambda: Artbp(Fraction(-1, 2)), "kappa"),
        (lambda: Randomised(Fraction(0)), "(0, 1]"), (lambda: Randomised(Fraction(3, 2)), "pi"),
        (lambda: OneStep(Fraction(0)), "(0, 1]"), (lambda: Schedule(Fraction(1)), "length = 1"),
        (lambda: Schedule(Fraction(1, 2)), "length"), (lambda: Schedule(Fraction(5), Fraction(2)), "alpha = 2"),
    ],
)  # fmt: skip
def test_options_are_checked(make: object, said: str) -> None:
    with pytest.raises(InputError) as caught:
        make()  # type: ignore[operator]
    assert said in str(caught.value) and caught.value.mend


@EVERY
def test_too_many_patterns(name: str) -> None:
    if member(name).is_random:
        with pytest.raises(InputError, match=r"2\^16"):
            every(member(name), MOST_LINKS + 2)
    else:
        assert len(every(member(name), 500)) == 1


def test_the_schedule_has_the_mean_length_that_it_is_named_by() -> None:
    """Gauss: Σ_{l≥0} P(L > l) = L₀, and its partial sums fall short by a tail l^{2 − α} that is known exactly."""
    own = Schedule(Fraction(5), Fraction(4))
    survives, total = Fraction(1), Fraction(0)
    a = (own.alpha - 2) * own.length
    for age in range(1, 400):
        total += survives
        survives *= 1 - own.chance(age)
        # The rest of the series of Gauss is again one, started later: S(l) (A + l) / (α − 2).
        assert total + survives * (a + age) / (own.alpha - 2) == own.length


@pytest.mark.parametrize("alpha", [Fraction(5, 2), Fraction(4), Fraction(6)])
def test_the_schedule_has_a_heavy_tail(alpha: Fraction) -> None:
    """P(L > l) ~ l^{1 − α}: the slope between l and 2l."""
    own = Schedule(Fraction(5), alpha)
    chances = np.array([float(own.chance(age)) for age in range(1, 20001)])
    survives = np.cumprod(1 - chances)
    slope = np.log2(survives[19999] / survives[9999])
    assert slope == pytest.approx(1 - float(alpha), abs=0.01)
