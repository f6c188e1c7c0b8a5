"""Free jets judge every model of the registries EXACT, at the stated sizes, and refute whatever is planted."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derive.assemble import derivation as derivation_of
from derive.build import scale
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.cellfile.reader import read_cell
from derive.expr import Node, ones, zeros
from derive.functions import Elementwise, Z, reciprocal
from derive.indices import N_INPUT, N_STATE, T, value
from derive.linear import Linear
from derive.model import Model, build
from derive.nonlinear import Map
from derive.run import FORMS, name_of
from derive.sums import Sum, rewrite, walk
from derive.theory import theories
from tests.cellfile.reading import EXAMPLES
from tests.derive.models import COMBINATIONS, EVERY, Names, derived, model, weight
from tests.wrong.planted import Planted
from tests.wrong.test_wrong import ALL, SEEN_BY, named, right
from verify.comparison import Subject
from verify.jets import failure, plan
from verify.jets.dual import Jet
from verify.jets.failure import WANTED
from verify.oracles import free_jets
from verify.oracles.free_jets import inapplicable, judge
from verify.problem import random_problem
from verify.verdicts import Finding, Verdict

RNN, ENCODED = Names(loss="softmax_cross_entropy"), Names("rnn", wiring="seq2seq")
SIMPLE = tuple(names for names in COMBINATIONS if weight(names) <= 9)
REST = tuple(names for names in COMBINATIONS if names not in SIMPLE)


def subject(names: Names, *, steps: int = 3, hidden: int = 2, derivation: object = None) -> Subject:
    problem = random_problem(model(names), steps=steps, source_steps=2, hidden=hidden, inputs=1, outputs=3)
    return Subject(problem, derivation or derived(names))  # type: ignore[arg-type]


def expected(of: Subject) -> set[tuple[str, str]]:
    """Every gradient in every form that has it, and every lag."""
    built, sizes = of.problem.model, of.problem.sizes
    recurrent = {name_of(w) for w in (*built.recurrent_parameters, *built.initial_states)}
    found = {(f"gradient.{name}", form.name) for name in recurrent for form in FORMS}
    found |= {(f"gradient.{w.name}", "adjoint") for w in built.parameters_after}
    for theory in theories(built):
        lags = range(value(theory.length, sizes))
        found |= {(f"lag.{w.name}.{lag}", "expanded") for w in theory.phase.parameters for lag in lags}
    return found


def assert_exact(findings: list[Finding], about: set[tuple[str, str]]) -> None:
    assert [f for f in findings if f.verdict is not Verdict.EXACT] == []
    assert {(f.claim, f.form) for f in findings} == about and len(findings) == len(about)
    for finding in findings:
        assert finding.failure is not None and 0 < finding.failure <= WANTED
        assert "bits" in finding.reason and finding.sizes["n"] >= 2


@pytest.mark.parametrize("names", SIMPLE, ids=str)
def test_every_claim_is_exact(names: Names) -> None:
    of = subject(names)
    assert_exact(list(judge(of)), expected(of))


@pytest.mark.slow
@pytest.mark.parametrize("names", REST, ids=str)
def test_every_claim_of_a_large_model_is_exact(names: Names) -> None:
    of = subject(names)
    assert_exact(list(judge(of)), expected(of))


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 2, 4, 5, 6])
@EVERY
def test_every_length_is_exact(names: Names, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whatever cost: no sum is made shorter."""
    monkeypatch.setattr(plan, "WORK", 10**9)
    of = subject(names, steps=steps)
    assert_exact(list(judge(of)), expected(of))


@pytest.mark.slow
@EVERY
def test_the_sweep_is_exact_over_fifty_steps(names: Names) -> None:
    findings = list(judge(subject(names, steps=50)))
    assert {f.verdict for f in findings} == {Verdict.EXACT}
    assert {f.sizes["T"] for f in findings if f.form == "adjoint"} == {50}


@pytest.mark.slow
def test_the_sums_of_a_simple_network_are_exact_over_fifty_steps() -> None:
    findings = list(judge(subject(RNN, steps=50, hidden=8)))
    assert {f.verdict for f in findings} == {Verdict.EXACT}
    assert {(f.sizes["n"], f.sizes["T"]) for f in findings if f.claim.startswith("gradient")} == {(8, 50)}
    assert {f.sizes["T"] for f in findings if f.claim.startswith("lag")} == {plan.LAGS}


def test_only_the_forms_asked_for_are_judged() -> None:
    of = replace(subject(RNN), forms=FORMS[2:])
    assert_exact(list(judge(of)), {claim for claim in expected(of) if claim[1] == "adjoint"})


# --- what is false is refuted


@pytest.mark.parametrize("planted", ALL, ids=named)
def test_an_error_is_refuted_where_a_gradient_is_wrong(planted: Planted) -> None:
    """Those that every gradient oracle sees; the others leave each gradient right."""
    findings = list(judge(subject(planted.names, derivation=planted.plant(right(planted)))))
    refuted = [f for f in findings if f.verdict is Verdict.REFUTED]
    assert {f.verdict for f in findings} <= {Verdict.REFUTED, Verdict.EXACT}
    assert bool(refuted) == ("autograd_reverse" in SEEN_BY[planted.name])
    for finding in refuted:
        assert finding.witness is not None and finding.failure is None
        assert finding.witness.where.startswith("entry (") and finding.witness.claimed != finding.witness.found


TRACE = 1 + sp.Rational(1, 10**11)


@pytest.mark.parametrize(
    ("key", "forms"),
    [
        ("gradient.W_h", {"adjoint"}), ("form.carry_W_h", {"rtrl"}), ("form.expanded_W_h", {"expanded"}),
        ("encoder:crossing.g", {"rtrl", "expanded"}),
    ],
)  # fmt: skip
def test_a_trace_of_an_error_is_refuted(key: str, forms: set[str]) -> None:
    """A part in 10¹¹ too much: nothing is too small for exact arithmetic."""
    wrong = derived(ENCODED).with_step(key, rhs=scale(TRACE, derived(ENCODED)[key].rhs))
    found = [f for f in judge(subject(ENCODED, derivation=wrong)) if f.verdict is Verdict.REFUTED]
    assert {f.form for f in found} == forms


def test_an_error_in_one_term_is_refuted_in_every_lag() -> None:
    def more(part: Node) -> Node | None:
        is_inner = isinstance(part, Sum) and not any(isinstance(inside, Sum) for inside in walk(part.body))
        return Sum(scale(TRACE, part.args[0]), *part.args[1:]) if is_inner else None

    key = "form.expanded_W_h"
    wrong = derived(RNN).with_step(key, rhs=rewrite(derived(RNN)[key].rhs, more))
    refuted = {f.claim for f in judge(subject(RNN, derivation=wrong)) if f.verdict is Verdict.REFUTED}
    assert refuted == {"gradient.W_h", "lag.W_h.0", "lag.W_h.1", "lag.W_h.2"}


def test_an_error_after_many_steps_is_shown_in_residues() -> None:
    """Only the eighth term of the sum is too large: a witness of few steps does not show it."""
    key = "gradient.b_ih"
    rhs = derived(RNN)[key].rhs
    (summed,) = (node for node in walk(rhs) if isinstance(node, Sum))
    index = summed.index
    factor = 1 + sp.Mul(*(index - step for step in range(1, 8)))
    wrong = derived(RNN).with_step(key, rhs=rewrite(rhs, lambda n: Sum(scale(factor, n.body), *n.args[1:])
                                                    if isinstance(n, Sum) else None))  # fmt: skip
    assert {f.verdict for f in judge(subject(RNN, steps=7, derivation=wrong))} == {Verdict.EXACT}
    (found,) = (f for f in judge(subject(RNN, steps=8, derivation=wrong)) if f.verdict is Verdict.REFUTED)
    assert found.claim == key and found.witness is not None
    assert "modulo" in found.witness.where and found.witness.claimed != found.witness.found


def test_a_wrong_rule_of_forward_mode_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """(a b)˙ = ȧ b, without a ḃ."""
    whole = Jet.__mul__

    def wrong(left: Jet, right: Jet) -> Jet:
        return whole(left, Jet(right.value) if isinstance(right, Jet) else right)

    monkeypatch.setattr(Jet, "__mul__", wrong)
    assert Verdict.REFUTED in {f.verdict for f in judge(subject(RNN))}


def test_no_rule_of_ours_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the derivation made, nothing that our rules are made of is needed."""
    of = subject(ENCODED)
    assert of.derivation is derived(ENCODED)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a differentiation rule of ours was used")

    monkeypatch.setattr(Linear, "__init__", refused)
    monkeypatch.setattr(Linear, "of", refused)
    assert {f.verdict for f in judge(of)} == {Verdict.EXACT}


# --- any cell


def judged(built: Model, steps: int = 3) -> list[Finding]:
    problem = random_problem(built, steps=steps, hidden=2, inputs=1, outputs=2)
    return list(judge(Subject(problem, derivation_of(built))))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_cell_from_a_file_is_exact(path: object) -> None:
    assert {f.verdict for f in judged(build(read_cell(path)))} == {Verdict.EXACT}  # type: ignore[arg-type]


def cell(function: Elementwise) -> Cell:
    """h_t = f(W h_{t−1} + V x_t)."""
    n, h, x, z = N_STATE, state("h", N_STATE), given("x", N_INPUT), inner("z", N_STATE)
    W, V = parameter("W", n, n), parameter("V", n, N_INPUT)
    return Cell(
        name="own", title="own", states=(h,), inputs=(x,), parameters=(W, V),
        equations=(Equation(z, W @ lag(h) + V @ x), Equation(h, Map(function, z))),
    )  # fmt: skip


def own(function: Elementwise, steps: int) -> Subject:
    """Sizes without values: nothing here is computed in floating point."""
    built = build(cell(function), loss="squared_error")
    sizes = random_problem(model(Names()), steps=steps, hidden=2, inputs=1, outputs=2)
    return Subject(replace(sizes, model=built), derivation_of(built))


@pytest.mark.parametrize(
    "formula",
    [Z**2, 3 * Z - 1, sp.log(1 + sp.exp(Z)), sp.atan(Z), sp.exp(-(Z**2)), 1 / (1 + Z**2),
     sp.Piecewise((Z, Z > 0), (sp.exp(Z) - 1, True)), sp.log(Z)],
    ids=str,
)  # fmt: skip
def test_any_function_will_do(formula: sp.Expr) -> None:
    assert {f.verdict for f in judge(own(Elementwise("own", formula), steps=3))} == {Verdict.EXACT}


def test_a_slope_that_is_no_rational_number_is_not_judged() -> None:
    built = build(cell(Elementwise("turned", sp.pi * Z)), loss="squared_error")
    assert "turned is not a rational number" in inapplicable(built)
    assert not inapplicable(build(cell(Elementwise("steep", 3 * Z)), loss="squared_error"))
    assert all(inapplicable(model(names)) == "" for names in COMBINATIONS)


def test_degrees_that_grow_without_end_make_the_sequence_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    """h_t = 1/(W h_{t−1} + V x_t): every step multiplies the degree."""
    nested = own(reciprocal, steps=12)
    assert {f.sizes["T"] for f in judge(nested)} == {12}
    monkeypatch.setattr(failure, "WIDEST", 152)
    findings = list(judge(nested))
    assert {f.verdict for f in findings} == {Verdict.EXACT}
    assert 1 <= max(f.sizes["T"] for f in findings) <= 6
    assert all(f.failure is not None and f.failure <= WANTED for f in findings)


# --- what cannot be judged


def test_a_division_by_zero_is_said() -> None:
    step = derived(RNN)["gradient.b_o"]
    wrong = derived(RNN).with_step(step.key, rhs=Map(reciprocal, zeros(*step.rhs.shape)))
    (found,) = judge(subject(RNN, derivation=wrong))
    assert found.verdict is Verdict.NOT_RUN and "divided by zero" in found.reason


def test_a_division_by_what_is_zero_at_every_point_is_said() -> None:
    """By 1ᵀo − 1, for o = softmax(s): a bound on degrees does not see that."""
    o, step = model(RNN).readout.output.target, derived(RNN)["gradient.b_o"]
    nothing = ones(1, o.shape[0]) @ o - ones(1, 1)

    def divided(part: Node) -> Node | None:
        return Sum(part.args[0] @ Map(reciprocal, nothing), *part.args[1:]) if isinstance(part, Sum) else None

    wrong = derived(RNN).with_step(step.key, rhs=rewrite(step.rhs, divided))
    findings = list(judge(subject(RNN, derivation=wrong)))
    (unsaid,) = (f for f in findings if f.verdict is Verdict.NOT_RUN)
    assert "divided by zero" in unsaid.reason
    assert {f.form for f in findings if f.verdict is Verdict.EXACT} == {"expanded", "rtrl"}


def test_degrees_that_no_prime_can_bear_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "width", lambda reaches: None)
    (found,) = judge(subject(RNN))
    assert found.verdict is Verdict.NOT_RUN and "prime" in found.reason


def test_without_flint_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert free_jets.missing() == ""
    monkeypatch.setattr(free_jets, "find_spec", lambda name: None)
    assert "python-flint" in free_jets.missing()


# --- sizes


def sizes_of(names: Names, **sizes: int) -> dict[str, int]:
    problem = random_problem(model(names), steps=2, hidden=2, inputs=1, outputs=3)
    asked = {**problem.sizes, **{symbol: sizes.get(symbol.name, size) for symbol, size in problem.sizes.items()}}
    return {symbol.name: size for symbol, size in plan.within(model(names), asked).items()}


def test_sizes_are_those_asked_for_within_limits() -> None:
    assert sizes_of(RNN, n=4, m=2, q=3, T=6) == {"n": 4, "m": 2, "q": 3, "T": 6}
    assert sizes_of(RNN, n=1, m=1, q=1, T=1) == {"n": 2, "m": 1, "q": 2, "T": 1}
    assert sizes_of(RNN, n=64, m=64, q=64, T=1000) == {"n": 8, "m": 8, "q": 8, "T": 50}
    masked = Names(loss="softmax_cross_entropy", normalisation="masked_softmax")
    assert sizes_of(masked, q=2)["q"] == 3


def test_sums_are_made_affordable() -> None:
    names = Names("lstm")
    problem = random_problem(model(names), steps=50, hidden=8)
    whole = plan.within(model(names), problem.sizes)
    fewer = plan.affordable(derived(names), whole)
    spent = plan.reading(plan.length(derived(names)), fewer) + plan.multiplying(model(names), fewer)
    assert spent <= plan.WORK or fewer[T] == plan.SHORTEST
    assert fewer[N_STATE] >= 2 and fewer[T] >= plan.SHORTEST
    simple = plan.within(model(RNN), random_problem(model(RNN), steps=50, hidden=8).sizes)
    assert plan.affordable(derived(RNN), simple) == simple
