"""Powers, the network of one unit and the curse of memory: their evidence, and the mistakes that it must find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import ProofError
from derive.growth.formulas.memory import Response, lag, memory
from derive.growth.formulas.memory import steps as time
from derive.growth.formulas.one_unit import shared
from derive.growth.formulas.power_norm import power_norm
from derive.growth.formulas.powers import ClosedPower, cayley_hamilton, defective, distinct, hump, k, x
from derive.growth.formulas.scalar import ScalarCell, saturation
from derive.indices import t
from tests.growth.formulas.planted import derived
from verify.growth.formulas import certificates, powers, scalar, tightness
from verify.growth.formulas import memory as chance
from verify.growth.formulas.matrices import diagonal, with_singular_values
from verify.verdicts import Verdict

RATE = shared("lambda")


@pytest.mark.parametrize("name", powers.CLAIMS)
def test_powers_are_proved_and_multiplied_out(name: str) -> None:
    claim = powers.CLAIMS[name]
    assert powers.proved(name, claim).verdict is Verdict.PROVED
    assert powers.multiplied_out(name, claim).verdict is Verdict.EXACT


WRONG_POWERS = {
    "one power too many": ClosedPower(distinct(2).formula.subs(k, k + 1), distinct(2).eigenvalues),
    "no transient": ClosedPower(defective().eigenvalues[0] ** k, defective().eigenvalues),
    "k λ^k": ClosedPower(
        defective().eigenvalues[0] ** k * (1 + k * (x - defective().eigenvalues[0])), defective().eigenvalues
    ),
    "never moves": ClosedPower(sp.Integer(1), distinct(2).eigenvalues),
    "swapped": ClosedPower(
        distinct(2).formula.subs(dict(zip(distinct(2).eigenvalues, reversed(distinct(2).eigenvalues), strict=True)),
                                 simultaneous=True).subs(k, 2) + 0 * k,
        distinct(2).eigenvalues,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_POWERS)
def test_a_wrong_power_is_neither_proved_nor_exact(name: str) -> None:
    claim = WRONG_POWERS[name]
    assert powers.proved(name, claim).verdict is Verdict.NOT_RUN
    finding = powers.multiplied_out(name, claim)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None


def test_cayley_and_hamilton_hold_and_the_hump_is_where_its_logarithm_is_flat() -> None:
    assert len(list(cayley_hamilton(2))) == 2
    rate = sp.Symbol("r", positive=True)
    assert hump(rate) == -1 / sp.log(rate)
    assert round(float(hump(rate).subs(rate, 0.9))) in (9, 10)


def test_logarithms_of_powers_agree_with_whole_numbers() -> None:
    findings = list(powers.logarithms())
    assert len(findings) == 3 and all(finding.verdict is Verdict.AGREED for finding in findings)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_hundred_thousand_steps_neither_overflow_nor_underflow(scale: float) -> None:
    matrix = np.array([[0.0, -3.0], [2.0, 0.5]]) * scale
    found = power_norm(matrix, 100_000)
    rate = found.log_norm / 100_000 - np.log(scale)
    assert found.trusted and abs(rate - np.log(np.sqrt(6.0))) < 1e-4


def test_a_defective_matrix_is_not_trusted_and_a_negative_power_is_refused() -> None:
    assert not power_norm(np.array([[0.9, 1.0], [0.0, 0.9]]), 10).trusted
    assert power_norm(np.eye(2), 0).log_norm == 0.0 and power_norm(np.zeros((2, 2)), 3).log_norm == -np.inf
    with pytest.raises(ValueError, match="-1"):
        power_norm(np.eye(2), -1)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 5), exponent=st.integers(0, 300))
def test_the_error_of_a_logarithm_is_as_estimated(seed: int, size: int, exponent: int) -> None:
    matrix = np.random.default_rng(seed).integers(-5, 6, size=(size, size)).astype(float)
    found = power_norm(matrix, exponent)
    if found.trusted and np.any(np.abs(np.linalg.eigvals(matrix)) > 1e-6):
        truth = powers.exact_log_norm(matrix, exponent)
        assert abs(found.log_norm - truth) <= found.error + abs(truth) * 2.0**-50


def test_tightness_has_examples_and_counterexamples() -> None:
    findings = list(tightness.judged())
    assert {finding.verdict for finding in findings} == {Verdict.EXACT}
    assert {finding.reason for finding in findings} >= {"met", "strictly below"}


def test_a_wrong_claim_of_tightness_is_refuted() -> None:
    for example in tightness.examples():
        wrong = replace(example, tight=not example.tight).judged()
        assert wrong.verdict is Verdict.REFUTED and wrong.witness is not None
    assert replace(next(iter(tightness.examples())), bound=Fraction(5)).judged().verdict is Verdict.REFUTED


def test_certificates_decide_what_floating_point_cannot() -> None:
    one = diagonal((Fraction(1), Fraction(1)))
    matrix = with_singular_values(one, (Fraction(1) + Fraction(1, 10**30), Fraction(1)), one)
    assert not certificates.norm_at_most(matrix, Fraction(1))
    assert certificates.norm_at_most(matrix, Fraction(1) + Fraction(1, 10**30))
    assert not certificates.semidefinite(certificates.matrix([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(9)]]))
    assert certificates.semidefinite(certificates.matrix([[Fraction(0), Fraction(0)], [Fraction(0), Fraction(9)]]))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 4))
def test_enclosures_hold_the_singular_values(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-9, 10, size=(size, size))
    exact = certificates.matrix([[Fraction(int(entry), 4) for entry in row] for row in numbers])
    values = np.linalg.svd(numbers / 4, compute_uv=False)
    norm, least, radius = certificates.norm(exact), certificates.least(exact), certificates.radius(exact)
    assert norm.width < 1e-12 and abs(float(norm.high) - values[0]) <= 1e-12 * max(values[0], 1)
    assert abs(float(least.high) - values[-1]) <= 1e-12 * max(values[0], 1)
    assert radius.low <= norm.high


@pytest.mark.parametrize("variant", ["tanh", "sigmoid", "identity"])
def test_the_chain_of_one_unit_is_what_sympy_differentiates(variant: str) -> None:
    findings = list(scalar.judged(ScalarCell(derived("rnn", variant))))
    assert {finding.verdict for finding in findings} <= {Verdict.PROVED, Verdict.EXACT, Verdict.ENCLOSED}
    assert len(findings) == (5 if variant == "tanh" else 3)


def test_a_wrong_chain_of_one_unit_is_refuted() -> None:
    cell = ScalarCell(derived("rnn", "tanh"))
    assert scalar.differentiated(cell, cell.chain * cell.weight).verdict is Verdict.REFUTED
    assert scalar.differentiated(cell, cell.weight ** (t - cell.theory.early)).verdict is Verdict.REFUTED
    assert scalar.logarithm(cell, t - cell.theory.early + 1).verdict is Verdict.REFUTED
    assert scalar.multipliers(cell, cell.weight).verdict is Verdict.REFUTED
    with pytest.raises(ProofError, match="2z/sinh 2z"):
        list(saturation(ScalarCell(derived("rnn", "sigmoid"))))
    with pytest.raises(ValueError, match="0"):
        _ = ScalarCell(derived("diagonal")).function


def test_the_curse_of_memory_is_the_formula_of_the_paper() -> None:
    found = memory()
    assert sp.simplify(found.sensitivity.stationary - (1 + RATE**2) / (1 - RATE**2) ** 3) == 0
    assert sp.simplify(found.state.stationary - 1 / (1 - RATE**2)) == 0
    findings = list(chance.judged())
    assert {finding.verdict for finding in findings} == {Verdict.PROVED, Verdict.EXACT, Verdict.AGREED}


@dataclass(frozen=True)
class Wrong(Response):
    """A response with other mean squares than its own."""

    square: sp.Expr = sp.S.Zero

    @property
    def mean_square(self) -> sp.Expr:  # type: ignore[override]
        return self.square


@pytest.mark.parametrize("change", [1 - RATE**2, (1 + RATE) / (1 + RATE**2), sp.Rational(101, 100)], ids=str)
def test_a_wrong_mean_square_is_refuted_by_every_rung(change: sp.Expr) -> None:
    own = memory()
    right = own.sensitivity
    wrong = Wrong(right.name, right.start, right.drive, right.closed, square=right.mean_square * change)
    assert chance.impulses("x", wrong, own).verdict is Verdict.REFUTED
    assert chance.differentiated("x", wrong).verdict is Verdict.REFUTED
    expected = Verdict.AGREED if change == sp.Rational(101, 100) else Verdict.REFUTED  # within the noise of chance
    assert chance.by_chance("x", wrong, own).verdict is expected
    assert chance.limit("x", right, right.stationary * change).verdict is Verdict.REFUTED


def test_a_wrong_impulse_response_is_not_proved() -> None:
    right = memory().sensitivity
    for closed in (RATE**lag, lag * RATE**lag, (lag + 1) * RATE**lag):
        with pytest.raises(ProofError, match=r"∂h/∂λ"):
            list(replace(right, closed=closed).proof())


def test_the_finite_formula_starts_at_zero_and_then_is_one() -> None:
    square = memory().sensitivity.mean_square
    assert [sp.simplify(square.subs(time, count)) for count in (1, 2)] == [0, 1]
