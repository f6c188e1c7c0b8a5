"""Gates: found in the derived Jacobian, measured along their own product, opened by their biases."""

from __future__ import annotations

import numpy as np
import pytest

from derive.build import diag
from derive.expr import Block, Diag, Var, zeros
from derive.growth.chain import chain_of
from derive.growth.factors import product
from derive.indices import N_STATE, t
from derive.sums import rewrite
from derive.unroll import place
from tests.derive.models import Names
from tests.growth.networks import CELLS, case, derived, problem
from verify.growth.remedies.gates import biases, gates, log_products
from verify.growth.remedies.kinds import gating
from verify.growth.remedies.transplant import around, transplanted

LSTM, GRU, RNN = Names("lstm"), Names("gru"), Names("rnn")
FORGET = Var("f", N_STATE, 1, t)


def test_the_forget_gate_stands_in_the_derived_block() -> None:
    (gate,) = gates(derived(LSTM))
    assert gate.state.name == "c" and gate.gate == FORGET and gate.block == Diag(FORGET) and gate.alone
    (update,) = gates(derived(GRU))
    assert update.gate.name == "z" and not update.alone and update.term in update.block.args
    names = {str(network): [gate.gate.name for gate in gates(derived(network))] for network in CELLS}
    assert {key: found for key, found in names.items() if found} == {
        str(LSTM): ["f"], str(GRU): ["z"], str(Names("peephole")): ["f"], str(Names("gru", feedback=True)): ["z"],
        str(Names("lstm", layers=2)): ["f^1", "f^2"],
    }  # fmt: skip


def test_it_is_read_off_the_derivation() -> None:
    """An error in the derivation is an error here: with another gate in the block, that one is found."""
    step = derived(LSTM)["local.c"]
    assert isinstance(step.rhs, Block)
    wrong = rewrite(step.rhs, lambda node: diag(Var("i", N_STATE, 1, t)) if node == Diag(FORGET) else None)
    assert [gate.gate.name for gate in gates(derived(LSTM).with_step("local.c", rhs=wrong))] == ["i"]
    gone = rewrite(step.rhs, lambda node: zeros(N_STATE, N_STATE) if node == Diag(FORGET) else None)
    assert gates(derived(LSTM).with_step("local.c", rhs=gone)) == ()


def test_the_product_of_the_gates_is_that_of_their_block() -> None:
    """Beside the product of the whole c_t's own (c, c) blocks, multiplied out as matrices."""
    given, lags = problem(LSTM, hidden=5, steps=30), (1, 9, 30)
    ours = log_products(derived(LSTM), given, gates(derived(LSTM)), lags)
    chain = chain_of(derived(LSTM), given.given, given.sizes)
    whole, found = np.eye(5), {}
    for lag, (_, links) in enumerate(chain.links(backward=True), 1):
        whole = whole @ product(links)[5:, 5:]
        found[lag] = np.log10(np.linalg.norm(whole, 2))
    assert ours == pytest.approx([found[lag] for lag in lags], rel=1e-12)
    assert ours != pytest.approx([found[lag] for lag in (2, 8, 29)], rel=1e-6)


@pytest.mark.parametrize(
    ("network", "expected"),
    [(LSTM, [["b_if", "b_hf"]]), (GRU, [["b_iz", "b_hz"]]), (Names("peephole"), [["b_f"]]),
     (Names("lstm", layers=2), [["b_if^1", "b_hf^1"], ["b_if^2", "b_hf^2"]])],
    ids=str,
)  # fmt: skip
def test_which_biases_open_a_gate(network: Names, expected: list[list[str]]) -> None:
    found = gates(derived(network))
    assert [[b.name for b in biases(derived(network), gate)] for gate in found] == expected
    given = problem(network)
    opened = gating.opened(derived(network), given, found, 2.0)
    assert all(sum(opened.given[place(b)] for b in biases(derived(network), g)).tolist() == [[2.0]] * 4 for g in found)
    changed = {where for where, array in opened.given.items() if not np.array_equal(array, given.given[where])}
    assert {name for name, _, _ in changed} == {name for names in expected for name in names}


@pytest.mark.parametrize(
    "network", [RNN, Names("jordan"), Names("rnn", feedback=True), Names("rnn", wiring="seq2seq")], ids=str
)
def test_the_other_cell_sees_the_same(network: Names) -> None:
    ours = problem(network)
    model = around(ours.model, "lstm").model
    theirs = transplanted(ours, model, seed=5)
    old, new = ours.model, model
    pairs = list(zip(old.readout.parameters, new.readout.parameters, strict=True))
    for mine, other in zip(old.phases, new.phases, strict=True):
        length = ours.sizes[mine.length]
        sources = list(zip(old.inputs_of(mine), new.inputs_of(other), strict=True))
        assert sources or network.feedback
        pairs += [(a.at(step), b.at(step)) for a, b in sources for step in range(1, length + 1)]
    pairs += [(old.readout.target.at(step), new.readout.target.at(step)) for step in range(1, ours.steps + 1)]
    for a, b in pairs:
        assert np.array_equal(ours.given[place(a)], theirs.given[place(b)])


def test_an_open_gate_lets_more_through() -> None:
    found = gating.measure(case(RNN, radius=1.0, hidden=16, steps=100))
    for cell, gate in (("lstm", "f"), ("gru", "z")):
        names = [cell, f"{cell}, bias of {gate} 1", f"{cell}, bias of {gate} 2"]
        rates = [found.column(name)["rate"] for name in names]
        own = [found.column(name)["gates.100"] for name in names]
        assert rates == sorted(rates) and own == sorted(own) and own[2] > own[0] + 5
    assert found.column("before")["gates.100"] is None
    assert [str(shown.expression) for shown in found.shown[:2]] == ["diag(f[t])", "diag(f[t])"]


def test_a_gated_network_keeps_its_own_weights() -> None:
    found = gating.measure(case(LSTM))
    before, own = found.column("before"), found.column("lstm")
    assert all(before[key] == own[key] for key in before if not key.startswith("gates"))
    assert found.column("lstm, bias of f 2")["chain.5"] != own["chain.5"]
    assert "own weights" in found.remarks[0]
