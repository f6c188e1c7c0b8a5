"""The proofs of a derivation: every one goes through as stated, and none does for a claim that has been changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sympy as sp

from derive.derivation import Derivation, Step
from derive.expr import Add, MatMul, Node, Scale, Transpose, Var, is_scalar
from derive.indices import T, i, j, s, t
from derive.prover import (
    Cancelling,
    Claim,
    Descent,
    Given,
    Induction,
    Naming,
    Proof,
    Refusal,
    Rewriting,
    over,
    prove,
)
from derive.prover.unfolding import apart, put_in, unfold
from derive.sums import Bound, OrderedProduct, Sum, rewrite, walk
from derive.theory import Theory
from tests.derive.models import EVERY, EVERY_LIGHT, Names, derived

RNN = derived(Names("rnn", "tanh", "softmax_cross_entropy"))
THEORY = Theory(RNN.model)
PROVEN = [step.key for step in RNN if step.proof is not None]


def holds(step: Step, derivation: Derivation = RNN) -> bool:
    """From the steps before it alone."""
    return prove(derivation.claim(step)).proved


def changed(key: str, **how: object) -> Step:
    return replace(RNN[key], **how)  # type: ignore[arg-type]


# --- the contract of every derivation


@EVERY_LIGHT
def test_every_proof_goes_through(names: Names) -> None:
    derivation = derived(names)
    proofs = [step for step in derivation if step.proof is not None]
    assert len(proofs) >= 20
    assert [step.key for step in proofs if not holds(step, derivation)] == []


@EVERY
def test_a_proof_rests_on_earlier_steps_only(names: Names) -> None:
    """Else two claims could prove each other."""
    seen: set[str] = set()
    for step in derived(names):
        assert step.proof is None or set(step.proof.premises) <= seen, step.key
        assert step.key not in seen
        seen.add(step.key)


@EVERY
def test_every_step_is_general_in_the_number_of_steps(names: Names) -> None:
    """No claim holds for some T only: the one number that ends a sum is T, or an index; times are t, i, j, 0 or 1."""
    for step in derived(names):
        for side in (step.lhs, step.rhs):
            for part in walk(side):
                if isinstance(part, Bound):
                    assert part.upper.free_symbols, f"{step.key}: {part}"
                if isinstance(part, Var) and part.time is not None and part.time.is_Integer:
                    assert part.time in (0, 1), f"{step.key}: {part}"
        for own in step.where:
            assert own.upper.free_symbols, f"{step.key}: {own}"


@EVERY
def test_every_step_explains_itself(names: Names) -> None:
    for step in derived(names):
        assert step.rule and step.because and step.lhs.shape == step.rhs.shape, step.key
        assert all(isinstance(part, str | Node | sp.Basic) for part in step.because)


@EVERY
def test_every_section_has_steps_and_every_step_a_section(names: Names) -> None:
    derivation = derived(names)
    assert [section.key for section in derivation.sections] == list(dict.fromkeys(x.section for x in derivation))


# --- the front door


@pytest.mark.parametrize("key", PROVEN)
def test_a_proof_tells_what_it_did(key: str) -> None:
    found = prove(RNN.claim(RNN[key]))
    assert isinstance(found, Proof) and found.method == RNN[key].proof.method  # type: ignore[union-attr]
    assert found.premises == RNN[key].proof.premises  # type: ignore[union-attr]
    assert found.lines[-1] == "both sides have the same normal form"
    assert all("\n" not in line and "#" not in line for line in found.lines)


def test_an_induction_tells_its_base_case_its_step_and_its_side_conditions() -> None:
    lines = prove(RNN.claim(RNN["expansion.collect"])).lines  # type: ignore[union-attr]
    assert lines == (
        "base case t = 1",
        "both sides have the same normal form",
        "induction step for t > 1: put the claim for a[t - 1] in",
        "c[t] joins prod[j=i + 1..t - 1](c[j]), whose range is at worst empty: t - 1 ≥ i",
        "b[t] joins sum[i=1..t - 1] prod[j=i + 1..t](c[j]) @ b[i], whose range is at worst empty: t - 1 ≥ 0",
        "c[t] @ b[t - 1] joins sum[i=1..t - 2] prod[j=i + 1..t](c[j]) @ b[i], whose range is at worst empty: t - 2 ≥ 0",
        "both sides have the same normal form",
    )


def test_a_refusal_names_the_side_condition_and_the_point_at_which_it_fails() -> None:
    peeled = Add(B(t - 1), Sum(B(i), i, 1, t - 2))
    found = prove(Claim(Sum(B(i), i, 1, t - 1), peeled, Rewriting(), (over(t, 1, T),)))
    assert isinstance(found, Refusal)
    assert found.reason == (
        "the normal forms differ: sum[i=1..t - 1] b[i] ≠ b[t - 1] + sum[i=1..t - 2] b[i]; "
        "b[t - 1] does not continue sum[i=1..t - 2] b[i] at t = 1, where it runs from 1 to -1"
    )


def test_a_step_rests_on_earlier_steps_alone() -> None:
    """Also where somebody says otherwise: neither on itself nor on what comes after it."""
    for key in ("expansion.collect", "expansion.absorb"):
        found = prove(RNN.claim(changed("expansion.collect", proof=Rewriting(start=key))))
        assert isinstance(found, Refusal) and found.reason in (
            f"the claim rests on itself ({key})", f"the claim rests on {key}, which is not known")  # fmt: skip


def test_what_is_no_claim_for_the_prover() -> None:
    with pytest.raises(ValueError, match=r"model\.f carries no proof"):
        RNN.claim(RNN["model.f"])
    found = prove(Claim(A(), C(), Rewriting()))
    assert isinstance(found, Refusal) and "different shapes" in found.reason
    misfit = {"fact": Given(C(), A())}
    found = prove(Claim(C(), C(), Rewriting(using=("fact",)), known=misfit))
    assert isinstance(found, Refusal) and found.reason.startswith("fact: the sides have different shapes")
    found = prove(Claim(B(2 * t), B(t + t), Rewriting()))
    assert isinstance(found, Proof)
    found = prove(Claim(Sum(B(i), i, 1, 2 * t), Sum(B(i), i, 1, 2 * t) + B(0), Rewriting()))
    assert isinstance(found, Refusal) and "2*t is not an index plus a number" in found.reason


# --- mutations


def _nodes(node: Node) -> int:
    return sum(1 for _ in walk(node))


def _at(node: Node, place: int, change: Node) -> Node:
    """The expression with its ``place``-th part (in the order of ``rewrite``) replaced."""
    count = -1

    def replace_(part: Node) -> Node | None:
        nonlocal count
        count += 1
        return change if count == place else None

    return rewrite(node, replace_)


def _in_order(node: Node) -> list[Node]:
    seen: list[Node] = []
    rewrite(node, lambda part: seen.append(part))
    return seen


def _variants(part: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(part, Var) and part.time is not None:
        yield "later", part.at(part.time + 1)
        yield "earlier", part.at(part.time - 1)
    if isinstance(part, Bound):
        cls, (body, index, lower, upper) = type(part), part.args
        yield "from one later", cls(body, index, lower + 1, upper)
        yield "from one earlier", cls(body, index, lower - 1, upper)
        yield "to one later", cls(body, index, lower, upper + 1)
        yield "to one earlier", cls(body, index, lower, upper - 1)
    if isinstance(part, Add):
        for place in range(len(part.args)):
            rest = [*part.args[:place], *part.args[place + 1 :]]
            yield "a term lost", rest[0] if len(rest) == 1 else Add(*rest)
            yield "a sign turned", Add(*part.args[:place], Scale(-1, part.args[place]), *part.args[place + 1 :])
    if isinstance(part, MatMul):
        for place in range(len(part.args) - 1):
            one, two = part.args[place : place + 2]
            if one.shape == two.shape and not is_scalar(one) and one != two:
                yield "two factors swapped", MatMul(*part.args[:place], two, one, *part.args[place + 2 :])
    if isinstance(part, Transpose) and part.shape[0] == part.shape[1]:
        yield "a transpose lost", part.args[0]
    if isinstance(part, OrderedProduct):
        yield "a transpose too many", Transpose(part)
    if isinstance(part, Scale):
        yield "a factor lost", part.args[1]


def mutants(node: Node) -> Iterator[tuple[str, Node]]:
    for place, part in enumerate(_in_order(node)):
        for what, new in _variants(part):
            try:
                mutant = _at(node, place, new)
            except ValueError:  # it does not even fit
                continue
            if mutant != node:
                yield f"{what}: {part}", mutant


STILL_TRUE = [  # one more row of the triangle, in which there is no pair
    ("back.loss", "from one earlier: sum[t=1"),
    ("adjoint.exchange", "to one later: sum[i=1"),
]


@pytest.mark.parametrize("key", PROVEN)
def test_no_changed_claim_is_proved(key: str) -> None:
    """Off by one, a lost or turned term, a swapped order, a lost transpose: at every place of every step."""
    step = RNN[key]
    changes = [(what, rhs) for what, rhs in mutants(step.rhs) if rhs.shape == step.rhs.shape]
    assert changes or key in ("model.unroll1", "model.unroll2")
    proved = [what.partition("..")[0] for what, rhs in changes if holds(replace(step, rhs=rhs))]
    assert proved == [true for at, true in STILL_TRUE if at == key]
    assert not holds(replace(step, rhs=Scale(2, step.rhs)))


@pytest.mark.parametrize("key", [key for key in PROVEN if RNN[key].where])
def test_a_claim_for_more_steps_than_were_proven_is_not_proved(key: str) -> None:
    """A step that is stated for 2 ≤ t ≤ T says nothing about t = 1, nor about t = T + 1."""
    where = RNN[key].where
    for place, own in enumerate(where):
        earlier, later = replace(own, lower=own.lower - 1), replace(own, upper=own.upper + 1)
        for wider in (earlier, later):
            assert not holds(changed(key, where=(*where[:place], wider, *where[place + 1 :]))), wider
    assert not holds(changed(key, where=())) or not RNN[key].lhs.free_symbols & {t}


@pytest.mark.parametrize("key", [key for key in PROVEN if RNN[key].where])
def test_a_claim_for_fewer_steps_is_proved(key: str) -> None:
    """The other side: the test above does not pass because any change of the range ends a proof."""
    own = RNN[key].where[0]
    assert holds(changed(key, where=(replace(own, lower=own.lower + 1), *RNN[key].where[1:])))


# --- false claims of other kinds


def with_steps(*steps: Step) -> Derivation:
    return replace(RNN, steps=(*RNN.steps, *steps))


def step(key: str, lhs: Node, rhs: Node, proof: object = None, *where: object) -> Step:
    return Step(key, lhs, rhs, "", ("",), where, proof)  # type: ignore[arg-type]


A, B, C, G, DELTA = THEORY.a, THEORY.b, THEORY.c, THEORY.g, THEORY.delta


def test_a_step_about_the_last_time_is_no_law_for_every_time() -> None:
    """δ_T = g_T; but δ_t = g_t is false for t < T, although T is a symbol too."""
    false = step("x", DELTA(), G(), Rewriting(using=("adjoint.last",)), over(t, 1, T))
    assert not holds(false)
    true = step("x", DELTA(T), G(T), Rewriting(using=("adjoint.last",)))
    assert holds(true)


def test_induction_runs_over_a_free_index_and_not_over_the_horizon() -> None:
    """From a_t = b_T + a_{t−1} follows a_T = T b_T; with T as the index one would "prove" a_T = Σ_i b_i."""
    rule = step("rule", A(), B(T) + A(t - 1), None, over(t, 1, T))
    false = step("x", A(T), Sum(B(i), i, 1, T), Induction("rule", "recursion.start"))
    assert not holds(false, with_steps(rule))
    rule = step("rule", A(), B() + A(t - 1), None, over(t, 1, T))
    true = step("x", A(), Sum(B(i), i, 1, t), Induction("rule", "recursion.start"), over(t, 1, T))
    assert holds(true, with_steps(rule))


def test_induction_needs_its_start() -> None:
    rhs = RNN["expansion.collect"].rhs
    started_elsewhere = RNN.with_step("recursion.start", rhs=THEORY.b(1))
    assert not holds(RNN["expansion.collect"], started_elsewhere)
    late = RNN.with_step("recursion.start", lhs=A(1))
    assert not holds(RNN["expansion.collect"], late)
    assert not holds(
        changed("expansion.collect", rhs=rhs, proof=Induction("recursion.short", "recursion.start", first=2))
    )


def test_induction_needs_its_recurrence() -> None:
    for wrong in (B() + C() @ A(t - 2), B() + A(t - 1), B() - C() @ A(t - 1), B(t - 1) + C() @ A(t - 1)):
        assert not holds(RNN["expansion.collect"], RNN.with_step("recursion.short", rhs=wrong)), wrong


def test_descent_needs_its_recurrence_and_its_range() -> None:
    for wrong in (B() + C(t - 1) @ A(t - 1), B() + A(t - 1)):
        assert not holds(RNN["expansion.stop"], RNN.with_step("recursion.short", rhs=wrong)), wrong
    claim = RNN["expansion.stop"]
    assert not holds(replace(claim, where=(over(t, 1, T),)))
    assert not holds(replace(claim, proof=Descent("recursion.short", j)))


def test_the_recurrence_is_not_used_below_its_range() -> None:
    """a_0 = b_0 + c_0 a_{−1} was never said."""
    proof = Rewriting(using=("recursion.short",), at=(A(0),))
    assert not holds(step("x", A(0), B(0) + C(0) @ A(-1), proof))
    proof = Rewriting(using=("recursion.short",), at=(A(1),))
    assert holds(step("x", A(1), B(1) + C(1) @ A(0), proof))


def test_a_replacement_inside_a_sum_leaves_its_own_index_alone() -> None:
    """``at`` = a_i replaces the free a_i; the a_i of Σ_i is another one, for which nothing has been said."""
    fact = step("fact", A(i), B(i), None, over(i, 1, 1))  # true of i = 1 only
    start = step("start", A(t), Sum(A(i), i, 1, t), None, over(t, 1, T))
    proof = Rewriting(using=("fact",), start="start", at=(A(i),))
    false = step("x", A(t), Sum(B(i), i, 1, t), proof, over(t, 1, T), over(i, 1, 1))
    assert not holds(false, with_steps(fact, start))
    assert put_in(Sum(A(i), i, 1, t), {A(i): B(i)}) != Sum(B(i), i, 1, t)


def test_a_replacement_is_not_captured() -> None:
    """c_t ↦ b_i under Σ_i: the i that comes in is the outer one."""
    found = put_in(Sum(C(i) @ C(t), i, 1, t), {C(t): C(i) @ C(i)})
    assert isinstance(found, Sum) and found.index != i
    assert found.body == C(found.index) @ C(i) @ C(i)


def test_unfolding_stays_within_the_range_of_a_fact() -> None:
    fact = step("fact", DELTA(i), G(i), None, over(i, 2, T))
    assert unfold(DELTA(1), (fact,), fact.assumptions) == DELTA(1)
    assert unfold(DELTA(2), (fact,), replace(fact, where=(over(t, 2, T),)).assumptions) == G(2)
    inside, beyond = Sum(DELTA(t), t, 2, T), Sum(DELTA(t), t, 1, T)
    assert any(part == G(t) for part in walk(unfold(inside, (fact,), step("x", A(0), A(0)).assumptions)))
    assert unfold(beyond, (fact,), step("x", A(0), A(0)).assumptions) == beyond


def test_indices_are_set_apart() -> None:
    node = Sum(Sum(C(i), i, 1, i), i, 1, t)
    clean = apart(node, frozenset())
    assert isinstance(clean, Sum) and isinstance(clean.body, Sum)
    assert clean.body.index != clean.index and clean.body.upper == clean.index and clean.upper == t


def test_a_start_with_another_subject_or_range_proves_nothing() -> None:
    assert not holds(changed("expansion.absorb", proof=Rewriting(start="adjoint.recursion")))
    line = RNN["expansion.distribute1"]  # for t ≥ 2
    again = replace(line, key="x", proof=Rewriting(start="expansion.distribute1"))
    assert holds(again)
    assert not holds(replace(again, where=(over(t, 1, T),)))


def test_a_replacement_that_finds_nothing_proves_nothing() -> None:
    assert not holds(changed("expansion.substitute1", proof=Rewriting(using=("recursion.b",), at=(A(t - 1),))))


def test_naming_rejects_a_wrong_letter() -> None:
    for key, wrong in {
        "recursion.short": (C() + C() @ A(t - 1) if C().shape == A().shape else B() + C(t - 1) @ A(t - 1)),
        "chain.short": THEORY.weighted_sum(G(t - 1).T @ RNN["recursion.a"].rhs),
    }.items():
        assert not holds(changed(key, rhs=wrong))
    assert not holds(changed("recursion.short", lhs=B()))
    assert not holds(changed("recursion.short", proof=Naming(using=("recursion.a",), start="recursion.total")))


def test_cancelling_is_needed_and_not_enough_for_something_else() -> None:
    claim = RNN["seed.cancel"]
    assert isinstance(claim.proof, Cancelling)
    plain = Rewriting(claim.proof.using, claim.proof.start)
    assert not holds(replace(claim, proof=plain))
    assert not holds(replace(claim, rhs=RNN["seed.shortcut"].rhs))


def test_the_assumption_on_the_target_is_needed() -> None:
    """o − y needs 1ᵀy = 1."""
    claim = RNN["seed.shortcut"]
    assert not holds(replace(claim, proof=Rewriting(start="seed.cancel")))


def test_the_misprints_of_the_source_are_not_proved() -> None:
    """The fourth line of the expansion without c_{t−2}, and the product with a stale subscript."""
    line = RNN["expansion.distribute2"]
    chain = C() @ C(t - 1)
    printed = B() + C() @ B(t - 1) + chain @ B(t - 2) + chain @ A(t - 3)
    assert not holds(replace(line, rhs=printed))
    right = RNN["back.state"]
    stale = rewrite(right.rhs, lambda p: OrderedProduct(p.body.xreplace({j: t}), j, p.lower, p.upper)
                    if isinstance(p, OrderedProduct) else None)  # fmt: skip
    assert stale != right.rhs and not holds(replace(right, rhs=stale))
    assert s not in right.rhs.free_symbols
