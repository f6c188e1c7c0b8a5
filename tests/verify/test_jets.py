"""What free jets are made of: the bound on degrees against true ones, the probability against counted cases."""

from __future__ import annotations

from itertools import product
from math import log, log2
from random import Random

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derive.build import apply
from derive.expr import Fill
from derive.functions import ACTIVATIONS, Elementwise, Z, exp, reciprocal, tanh
from derive.functions import log as logarithm
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, t
from derive.run import FORMS
from derive.unroll import place
from tests.derive.models import Names, derived, model
from tests.verify.rational_functions import Fraction, Fractions
from verify.jets.arithmetic import Plain
from verify.jets.claims import Compared, Point, of_gradients
from verify.jets.degrees import Bound, Degrees, Size
from verify.jets.dual import Dual, Jet
from verify.jets.failure import WANTED, Reach, failure, vanishes, width
from verify.jets.field import Element, Field, Modular, Rationals, random_prime
from verify.jets.free import MINUS_INFINITY, Free
from verify.jets.plan import Trial, reach

LETTERS = 4
MASKED = Names(loss="softmax_cross_entropy", normalisation="masked_softmax")
CROSS_ENTROPY = Names(loss="softmax_cross_entropy")
ONE, MINUS_ONE = sp.Integer(1), sp.Integer(-1)

# --- degrees

Recipe = tuple[str, object, object]
"""An operation and what it is done to: a letter, a rational number, or a recipe."""


def recipes() -> st.SearchStrategy[object]:
    numbers = st.builds(sp.Rational, st.integers(-5, 5), st.integers(1, 5))
    leaves = st.one_of(st.integers(0, LETTERS - 1), numbers)
    return st.recursive(leaves, lambda part: st.tuples(st.sampled_from("++**/"), part, part), max_leaves=9)


def cooked(recipe: object, field: Field, letters: list[Element]) -> Element:
    if isinstance(recipe, int):
        return letters[recipe]
    if not isinstance(recipe, tuple):
        return field.number(recipe)
    operation, left, right = recipe[0], *(cooked(part, field, letters) for part in recipe[1:])
    if operation == "/":
        return left / right
    return left + right if operation == "+" else left * right


def divides(recipe: object) -> bool:
    return isinstance(recipe, tuple) and (recipe[0] == "/" or any(map(divides, recipe[1:])))


@given(recipes())
def test_no_degree_is_larger_than_its_bound(recipe: object) -> None:
    exact, bounds = Fractions(LETTERS), Degrees()
    try:
        truth = cooked(recipe, exact, [exact.draw() for _ in range(LETTERS)])
    except ZeroDivisionError:
        return
    bound = cooked(recipe, bounds, [bounds.draw() for _ in range(LETTERS)]).numerator
    assert truth.degree <= bound.degree
    if not divides(recipe):  # else a factor that was cancelled may have smaller coefficients than what is left
        assert truth.norm == 0 or log2(truth.norm) <= bound.bits + 1e-9


def test_degrees_are_not_guessed_far_too_high() -> None:
    bounds = Degrees()
    x, y, z = (bounds.draw() for _ in range(3))
    one = bounds.number(ONE)
    assert (x * y + z).numerator == Size(2, 1.0)
    assert ((x + y) * (x + y)).numerator == Size(2, 2.0)
    assert (x / y + z / y).numerator.degree == 2, "x y + z y, over y y: what divides is told apart"
    inverse = one / y
    assert (x * inverse + z * inverse).numerator.degree == 1, "the same thing"
    assert (one / (x * inverse + z)).numerator.degree == 1, "y / (x + z y)"
    assert (bounds.number(sp.Rational(1, 50)) * x + bounds.number(sp.Rational(1, 50)) * y).numerator == Size(1, 1.0)


def test_a_product_is_charged_as_if_it_stood_in_a_matrix_product() -> None:
    """At size one, for a row of eight and a column of eight."""
    small, large = Degrees(terms=8), Degrees()
    (alone,) = (np.array([[small.draw()]]) @ np.array([[small.draw()]])).ravel()
    row, column = (np.array([[large.draw() for _ in range(8)]]) for _ in range(2))
    (whole,) = (row @ column.T).ravel()
    assert alone.numerator == whole.numerator == Size(2, 3.0)


def test_a_quotient_is_charged_as_if_all_entries_were_divided_by() -> None:
    """Σ_k x/y_k over eight entries, from one of them."""
    small, large = Degrees(terms=8, entries=8), Degrees()
    alone = small.draw() * (small.number(ONE) / small.draw())
    x, column = large.draw(), [large.number(ONE) / large.draw() for _ in range(8)]
    whole = sum((x * one_over for one_over in column[1:]), x * column[0])
    assert whole.numerator.degree == 8 and alone.numerator.degree >= 8
    assert alone.numerator.bits >= whole.numerator.bits


def at(names: Names, field: Field, steps: int, hidden: int, outputs: int = 2) -> list[Compared]:
    sizes = {N_STATE: hidden, N_INPUT: 1, N_OUTPUT: outputs, T: steps}
    return list(of_gradients(Point(model(names), sizes, Free(field)), derived(names), FORMS))


SMALL = (
    (Names(), 2, 1), (Names(variant="relu"), 1, 2), (Names("diagonal"), 3, 1),
    (Names(loss="binary_cross_entropy"), 1, 1), (Names("rnn", wiring="last"), 3, 1),
)  # fmt: skip


@pytest.mark.parametrize(("names", "steps", "hidden"), SMALL, ids=str)
def test_the_claims_are_identities_of_rational_functions_within_the_bound(
    names: Names, steps: int, hidden: int
) -> None:
    assert_identities(names, steps, hidden)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "steps", "hidden"), ((CROSS_ENTROPY, 2, 1), (CROSS_ENTROPY, 1, 2), (Names(), 2, 2)), ids=str
)
def test_larger_claims_are_identities_within_the_bound(names: Names, steps: int, hidden: int) -> None:
    assert_identities(names, steps, hidden)


def assert_identities(names: Names, steps: int, hidden: int) -> None:
    exact = at(names, Fractions(60), steps, hidden)
    bounds = at(names, Degrees(terms=16, entries=4), steps, 1)
    assert exact and len(exact) == len(bounds)
    for true, bound in zip(exact, bounds, strict=True):
        assert (true.claim, true.form) == (bound.claim, bound.form)
        assert true.ours == true.truth
        for fraction, size in ((true.ours[0], bound.ours[0]), (true.truth[0], bound.truth[0])):
            assert isinstance(fraction, Fraction) and isinstance(size, Bound)
            assert 0 < fraction.degree <= size.numerator.degree


@pytest.mark.parametrize("names", (CROSS_ENTROPY, MASKED, Names("lstm", feedback=True)), ids=str)
def test_the_bound_of_small_sizes_covers_the_larger_ones(names: Names) -> None:
    """The same evaluation in bounds, at one unit with charges, and at three units without."""
    sizes = {N_STATE: 3, N_INPUT: 2, N_OUTPUT: 4, T: 2}
    trial = Trial(sizes, lambda point: of_gradients(point, derived(names), FORMS))
    bounds = Degrees()
    minus = bounds.number(MINUS_ONE)
    large = [c.ours[0] + minus * c.truth[0] for c in trial.claims(Point(model(names), sizes, Free(bounds)))]
    small = reach(derived(names), trial)
    assert len(small.claims) == len(large)
    for charged, whole in zip(small.claims, large, strict=True):
        assert charged.degree >= whole.numerator.degree and charged.bits >= whole.numerator.bits
    assert sum(size.degree for size in small.divisors) >= sum(divisor.size.degree for divisor in bounds.divisors)


def test_the_bound_counts_all_arguments() -> None:
    sizes = {N_STATE: 3, N_INPUT: 2, N_OUTPUT: 4, T: 5}
    trial = Trial(sizes, lambda point: of_gradients(point, derived(CROSS_ENTROPY), FORMS))
    free = Free(Modular(random_prime(200)))
    assert list(trial.claims(Point(model(CROSS_ENTROPY), sizes, free)))
    counted = sorted(count for _, count in reach(derived(CROSS_ENTROPY), trial).arguments)
    actual = sorted(free.asked.values())
    assert len(counted) == len(actual) == 3, "tanh, exp and log"
    assert all(bound >= number for bound, number in zip(counted, actual, strict=True))


# --- the probability


@pytest.mark.parametrize("bits", range(6, 21))
def test_there_are_as_many_primes_as_is_said(bits: int) -> None:
    smallest = 1 << (bits - 1)
    assert sp.primepi(2 * smallest) - sp.primepi(smallest) > 3 * smallest / (5 * log(smallest))


def test_a_random_prime_is_any_prime_of_its_width() -> None:
    rng = Random(0)
    drawn = [random_prime(5, rng) for _ in range(500)]
    assert set(drawn) == {17, 19, 23, 29, 31}
    assert all(60 <= drawn.count(prime) <= 140 for prime in set(drawn))
    assert random_prime(160).bit_length() == 160


PRIME = 5


@pytest.mark.parametrize(
    ("zeros", "degree"), [(lambda x, y: x, 1), (lambda x, y: x * y, 2), (lambda x, y: x * (x + y) * (x + 2 * y), 3)]
)
def test_a_polynomial_vanishes_as_often_as_its_degree_allows(zeros: object, degree: int) -> None:
    """Counted over all points: for these polynomials the bound is nearly met, so it could not be much smaller."""
    found = sum(zeros(x, y) % PRIME == 0 for x, y in product(range(PRIME), repeat=2))  # type: ignore[operator]
    assert degree / PRIME * 0.7 < found / PRIME**2 <= degree / PRIME


def test_a_false_claim_passes_as_often_as_a_small_prime_allows() -> None:
    """One entry of the gradient of b_o is too large by 1: ⟨·, V⟩ differs by V_1, which is zero in one case of five."""
    names = Names("diagonal")
    right = derived(names)
    step = right["gradient.b_o"]
    wrong = right.with_step("gradient.b_o", rhs=step.rhs + Fill(1, *step.rhs.shape))
    rng, sizes = Random(1), {N_STATE: 1, N_INPUT: 1, N_OUTPUT: 1, T: 1}
    passed, draws = 0, 400
    for _ in range(draws):
        point = Point(model(names), sizes, Free(Modular(PRIME, rng)))
        found = {c.claim: c.ours == c.truth for c in of_gradients(point, wrong, FORMS[2:])}
        assert all(equal for claim, equal in found.items() if claim != "gradient.b_o")
        passed += found["gradient.b_o"]
    assert 50 <= passed <= 110  # 80 ± 8


def test_a_prime_that_divides_all_coefficients_hides_a_difference() -> None:
    """11 x, modulo 11 or 13, is said to vanish with a probability that is not below the true one."""
    rng = Random(2)
    hidden = sum(11 * rng.randrange(p) % p == 0 for p in (random_prime(4, rng) for _ in range(400)))
    assert 200 <= hidden <= 260  # (1 + 1/13)/2 of them
    assert vanishes(Size(1, log2(11)), 4) > (1 + 1 / 13) / 2


def test_the_probability_grows_with_all_it_depends_on() -> None:
    size = Size(100, 50.0)
    base = Reach((size,), ((size, 10),), (size,))
    p = failure([base], 64)
    assert 0 < p < 1e-12
    assert failure([base], 72) < p / 200
    for more in (
        Reach((size, size), ((size, 10),), (size,)),
        Reach((Size(1000, 50.0),), ((size, 10),), (size,)),
        Reach((size,), ((size, 100),), (size,)),
    ):
        assert failure([more], 64) > p
    assert failure([base, base], 64) == pytest.approx(2 * p)
    assert failure([Reach((size,), (), (Size(2**70, 0.0),))], 64) == 1.0, "a divisor that may be zero everywhere"


def test_the_prime_is_as_wide_as_it_must_be() -> None:
    reach_ = Reach((Size(1000, 1000.0),), (), ())
    bits = width([reach_])
    assert bits is not None and failure([reach_], bits) <= WANTED < failure([reach_], bits - 8)
    assert width([Reach((Size(2**1000, 10.0),), (), ())]) is None
    assert width([Reach((Size(10, float("inf")),), (), ())]) is None


# --- free functions


def test_the_same_function_of_the_same_argument_has_one_value() -> None:
    free = Free(Modular(random_prime(64)))
    z, w = free.field.draw(), free.field.draw()
    assert free.value(tanh, z) == free.value(tanh, z)
    assert len({free.value(tanh, z), free.value(tanh, w), free.value(logarithm, z), z}) == 4
    assert free.asked == {tanh: 4, logarithm: 1}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_is_what_is_proven_of_it_and_free_else(name: str) -> None:
    free = Free(Modular(random_prime(64)))
    z = free.field.draw()
    y = free.value(ACTIVATIONS[name], z)
    known = {"tanh": 1 - y * y, "sigmoid": y * (1 - y), "identity": free.field.number(ONE)}
    slope, own = free.slope(ACTIVATIONS[name], z), ACTIVATIONS[name].derivative
    assert (name in known) != ((own, z) in free.values)
    assert slope == (known[name] if name in known else free.value(own, z))


def test_exponential_logarithm_and_reciprocal() -> None:
    free = Free(Modular(random_prime(64)))
    z = free.field.draw()
    assert free.slope(exp, z) == free.value(exp, z)
    assert free.slope(logarithm, z) * z == 1 == free.value(reciprocal, z) * z
    assert free.slope(reciprocal, z) * z * z == -1
    assert free.value(exp, free.field.number(sp.Integer(0))) == 1
    assert free.value(exp, z + MINUS_INFINITY) == 0 == free.value(exp, MINUS_INFINITY + z)
    with pytest.raises(ZeroDivisionError):
        free.value(reciprocal, z - z)


def test_a_function_of_a_file_is_as_free_as_any_other() -> None:
    softplus = Elementwise("softplus", sp.log(1 + sp.exp(Z)))
    free = Free(Modular(random_prime(64)))
    z = free.field.draw()
    assert free.slope(softplus, z) == free.value(softplus.derivative, z) != free.value(softplus, z)


def test_forward_mode_follows_every_operation() -> None:
    """f(z) = exp(z) · 1/(z + z), by f′ = (exp(z) 2z − 2 exp(z))/(2z)²."""
    free = Free(Modular(random_prime(64)))
    numbers = Dual(free)
    z = free.field.draw()
    one = np.array([free.field.number(ONE)], dtype=object)
    entries = np.array([[Jet(z, one)]], dtype=object)
    (found,) = (numbers.map(exp, entries) * numbers.map(reciprocal, entries + entries)).ravel()
    e = free.value(exp, z)
    assert found.value == e / (2 * z) and found.slopes[0] == (e * 2 * z - 2 * e) / (4 * z * z)


def test_what_does_not_move_has_no_slope() -> None:
    free = Free(Rationals())
    still, moving = Jet(free.field.draw()), Jet(free.field.draw(), np.array([free.field.draw()], dtype=object))
    assert (still * still).slopes is None and (still + still).slopes is None
    assert (still + moving).slopes == moving.slopes
    assert (still * moving).slopes[0] == still.value * moving.slopes[0] == (moving * still).slopes[0]


def test_softmax_sums_to_one_and_the_logarithm_of_a_sum_is_one_value() -> None:
    numbers = Plain(Free(Modular(random_prime(64))))
    column = np.array([[numbers.field.draw()] for _ in range(3)], dtype=object)
    column[0, 0] = column[0, 0] + MINUS_INFINITY
    weights = numbers.softmax(column)
    assert weights.sum() == 1 and weights[0, 0] == 0
    assert numbers.log_sum_exp(column).shape == (1, 1)


@pytest.mark.parametrize("names", (CROSS_ENTROPY, MASKED), ids=str)
def test_a_target_is_a_probability_vector_of_the_vocabulary(names: Names) -> None:
    free = Free(Modular(random_prime(64)))
    point = Point(model(names), {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 4, T: 2}, free)
    for step in (1, 2):
        target = point.given[place(model(names).readout.target, {t: step})]
        assert target.shape == (4, 1) and target.sum() == 1
        assert [entry == 0 for entry in target[:, 0]] == [bool(model(names).constants), False, False, False]


def test_a_slope_of_its_own_is_a_function_of_the_argument_in_both_places() -> None:
    """relu′ is asked for by the derivation and by forward mode, and is the same free number."""
    names = Names(variant="relu")
    free = Free(Modular(random_prime(64)))
    point = Point(model(names), {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 2, T: 3}, free)
    assert all(c.ours == c.truth for c in of_gradients(point, derived(names), FORMS))
    slopes = [z for function, z in free.values if function == ACTIVATIONS["relu"].derivative]
    assert len(slopes) == len(set(slopes)) == 6
    assert apply(ACTIVATIONS["relu"].derivative, model(names).main.states[0]).function.name == "relu'"
