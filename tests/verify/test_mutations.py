"""The catalogue of mistakes and its score: nothing is missed, nothing right is counted, and somebody's is found."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from rich.console import Console

from derive import registry
from derive.build import scale
from derive.derivation import Derivation
from derive.indices import t
from derive.run import FORMS, by_lag, gradients
from derive.theory import theories
from reports.mutations_terminal import print_score
from tests.command_line.running import bptt
from tests.derive.models import Names, derived, model
from verify.mutations.catalogue import kinds, mutants, nearest
from verify.mutations.equivalence import Equivalence
from verify.mutations.kind import Kind, Mutant
from verify.mutations.places import Change
from verify.mutations.score import ENOUGH, Judged, Score, score, watches
from verify.mutations.values import CircularError, Values, apart
from verify.mutations.watch import Outcome
from verify.problem import Problem, random_problem
from verify.rungs import Rung

RNN = Names(loss="softmax_cross_entropy")
DIAGONAL = Names("diagonal")
LSTM = Names("lstm", loss="softmax_cross_entropy")
SLOW = pytest.mark.slow
HEAVY = (LSTM, Names("gru"), Names("rnn", wiring="seq2seq"), Names("rnn", layers=2), Names("rnn", feedback=True))
ASKED_FOR = (
    "transposed matrix", "missing φ′", "φ′ of another step", "stale subscript", "shifted subscript", "reversed product",
    "limit off by one", "missing 1/T", "missing direct term", "wrong gate", "detached state", "wrong sign",
    "softmax: diagonal only", "bias forgotten", "h_t for h_{t−1}", "outer product the wrong way",
)  # fmt: skip
MOST = 900
CELLS = registry.names("derive.cells")
WIRINGS = registry.names("derive.wirings")


def instance(names: Names, **how: int) -> Problem:
    return random_problem(model(names), **{**ENOUGH, **how})


@cache
def all_mutants(names: Names) -> tuple[Mutant, ...]:
    return tuple(mutants(derived(names)))


@cache
def scored(names: Names) -> Score:
    """Of every sixth mistake, beside the slow tests, which make all."""
    return score(derived(names), instance(names), among=all_mutants(names)[::6])


def one(kind: str, step: str, names: Names = RNN) -> Mutant:
    return next(m for m in all_mutants(names) if m.kind.name == kind and list(m.steps) == [step])


# --- the catalogue


def test_the_catalogue_has_every_classic_mistake() -> None:
    found = {kind.name for kind in kinds()}
    assert found >= set(ASKED_FOR) and len(found) == len(kinds())
    assert all(kind.why.endswith(".") for kind in kinds())


@pytest.mark.parametrize(
    "names", [RNN, Names("jordan", wiring="last"), *(pytest.param(n, marks=SLOW) for n in HEAVY)], ids=str
)
def test_mistakes_are_made_in_every_step_and_none_twice(names: Names) -> None:
    made = all_mutants(names)
    assert {key for mutant in made for key in mutant.steps} == {step.key for step in derived(names)}
    assert len({frozenset(mutant.steps.items()) for mutant in made}) == len(made)
    for mutant in made:
        right = mutant.right
        assert all(new != right[key].rhs and new.shape == right[key].rhs.shape for key, new in mutant.steps.items())


@SLOW
def test_every_kind_is_made_in_some_model() -> None:
    names = (RNN, LSTM, Names("rnn", wiring="last"))
    assert {mutant.kind.name for own in names for mutant in all_mutants(own)} == {kind.name for kind in kinds()}


@pytest.mark.parametrize(
    ("kind", "step", "says"),
    [
        ("h_t for h_{t−1}", "gradient.W_h", "with h_t in place of h_{t−1}"),
        ("transposed matrix", "gradient.delta", "with W_h in place of its transpose"),
        ("missing φ′", "gradient.z-bar", "without φ′, the slope of h"),
        ("φ′ of another step", "gradient.z-bar", "with the slope of h_{t−1} in place of that of h_t"),
        ("missing 1/T", "gradient.W_h", "without the factor 1/T"),
        ("detached state", "gradient.delta", "with the state before taken for a constant (detached)"),
    ],
)
def test_a_mistake_is_told_in_words_that_complete_a_sentence(kind: str, step: str, says: str) -> None:
    assert one(kind, step).phrase == says


# --- its numbers


def test_the_changed_numbers_are_those_of_the_changed_derivation() -> None:
    """Only what is computed from a mistake is computed again: checked against everything computed anew."""
    table = instance(RNN).forward
    values = Values(derived(RNN), table)
    checked = 0
    for mutant in all_mutants(RNN)[::9]:
        try:
            changed = values.changed(mutant) if values.touches(mutant) else {}
            anew = _everything(mutant.derivation, table)
        except (CircularError, KeyError, StopIteration, RuntimeError, AssertionError):
            continue  # needs itself, or speaks of a step zero, or has no lags any more
        for claim, array in anew.items():
            assert np.array_equal(array, changed.get(claim, values.claims[claim])), (mutant.says, claim)
        checked += bool(changed)
    assert checked > 20


def _everything(derivation: Derivation, table: object) -> dict[tuple[str, str], np.ndarray]:
    found = {}
    for form in FORMS:
        for name, array in gradients(derivation, table, form).items():  # type: ignore[arg-type]
            found[form.name, f"gradient.{name}"] = array
    for theory in theories(derivation.model):
        for w in theory.phase.parameters:
            for lag, array in by_lag(derivation, table, theory, w).items():  # type: ignore[arg-type]
                found["expanded", f"lag.{w.name}.{lag}"] = array
    return found


def test_a_formula_that_needs_itself_is_said_to() -> None:
    values = Values(derived(RNN), instance(RNN).forward)
    circular = next(m for m in all_mutants(RNN) if list(m.steps) == ["gradient.delta"] and "z_t" in m.phrase)
    with pytest.raises(CircularError, match=r"gradient\.delta needs its own value"):
        values.changed(circular)


# --- the score


def test_all_rungs_together_catch_every_mistake() -> None:
    everything_is_caught(scored(RNN))


@SLOW
@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("cell", CELLS)
def test_all_rungs_together_catch_every_mistake_in_every_cell_and_wiring(cell: str, wiring: str) -> None:
    """All mistakes, or of the thousands that a cell with many gates offers every so many."""
    names = Names(cell, loss="softmax_cross_entropy", wiring=wiring)
    offered = all_mutants(names)
    found = score(derived(names), instance(names), among=offered[:: -(-len(offered) // MOST)])
    everything_is_caught(found)
    assert found.mutants > 300


def everything_is_caught(found: Score) -> None:
    assert [mutant.says for mutant in found.survivors] == []
    assert found.exit_code == 0 and found.percent == 100 and found.mutants > 150 and not found.left_out


def test_every_rung_has_its_own_sight() -> None:
    """Gradients see only what they are computed from; proofs only what is proved; the values of a step, everything."""
    made = [
        one("missing φ′", "gradient.z-bar"),
        one("detached state", "recursion.total"),
        one("missing φ′", "entry.W_h"),
    ]
    found = score(derived(RNN), instance(RNN), among=made)
    program, reasoning, entry = (judged.outcomes for judged in found.judged)
    gradient_watches = [watch.name for watch in watches() if watch.title == "gradients"]
    assert len(gradient_watches) == 3
    assert {program[name] for name in gradient_watches} == {Outcome.CAUGHT}
    assert {reasoning[name] for name in gradient_watches} == {Outcome.BLIND}
    assert reasoning["proof"] is Outcome.CAUGHT
    assert {entry[name] for name in (*gradient_watches, "proof")} == {Outcome.BLIND}
    assert all(outcomes["both sides evaluated"] is Outcome.CAUGHT for outcomes in (program, reasoning, entry))


def test_no_watch_catches_anything_in_the_right_derivation() -> None:
    """A step rewritten to itself: nothing is wrong, so nothing may be caught."""
    right, problem = derived(RNN), instance(RNN)
    for watch in watches():
        look = watch.start(right, problem)
        for step in right.steps[::5]:
            same = Mutant(kinds()[0], "", "", right, {step.key: step.rhs})
            assert look(same) is not Outcome.CAUGHT, (watch.name, step.key)


def test_a_survivor_is_counted_named_and_costs_the_exit_code() -> None:
    found = scored(RNN)
    escaped = Judged(found.judged[0].mutant, dict.fromkeys(found.judged[0].outcomes, Outcome.MISSED))
    worse = replace(found, judged=(escaped, *found.judged[1:]))
    assert worse.survivors == (escaped.mutant,) and worse.exit_code == 1 and worse.percent < 100
    assert worse.caught == found.caught - 1 and worse.mutants == found.mutants
    assert replace(found, judged=()).exit_code == 1, "no mistake at all is no success"


def test_one_rung_alone_does_not_catch_everything() -> None:
    found = scored(RNN)
    for rung, names in found.rungs.items():
        if rung is not Rung.FLOATING:
            assert found.by(names)[Outcome.CAUGHT] < found.mutants


# --- mistakes that are none


def test_exchanged_diagonal_factors_are_no_mistake() -> None:
    """Known by their values in the right derivation, openly counted, and not in the score."""
    made = [
        ("reversed product", "expansion.collect"),
        ("transposed matrix", "recursion.c"),
        ("wrong sign", "recursion.c"),
    ]
    found = score(derived(DIAGONAL), instance(DIAGONAL), among=[one(*which, DIAGONAL) for which in made])
    assert [(mutant.kind.name, *mutant.steps) for mutant in found.equivalent] == made[:2]
    assert found.mutants == found.caught == 1 and [row.equivalent for row in found.rows] == [1, 0, 1]


def test_a_claim_in_other_words_is_the_same_claim() -> None:
    """h_t h_tᵀ transposed, whatever h_t is; nearly the same is not."""
    right, equivalence = derived(RNN), Equivalence(derived(RNN))
    rhs = right["seed.shortcut"].rhs
    kind = kinds()[0]
    assert equivalence.holds(Mutant(kind, "", "", right, {"seed.shortcut": scale(2, rhs) - rhs}))
    assert not equivalence.holds(Mutant(kind, "", "", right, {"seed.shortcut": scale(1 + t * 0 + 1, rhs)}))


def test_no_refuted_mistake_is_ever_taken_for_none() -> None:
    equivalence = Equivalence(derived(RNN))
    assert not [mutant.says for mutant in all_mutants(RNN)[::20] if equivalence.holds(mutant)]


# --- somebody's numbers


def somebodys(mutant: Mutant, problem: Problem) -> dict[str, np.ndarray]:
    return gradients(mutant.derivation, problem.forward, FORMS[-1])


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("h_t for h_{t−1}", "gradient.W_h"), ("missing φ′", "gradient.z-bar"), ("transposed matrix", "gradient.delta"),
        ("missing 1/T", "gradient.b_ih"), ("wrong sign", "seed.shortcut"), ("detached state", "gradient.delta"),
        ("φ′ of another step", "gradient.z-bar"), ("only the last step", "gradient.W_i"),
        ("outer product the wrong way", "gradient.W_h"), ("bias forgotten", "gradient.b_o"),
    ],
)  # fmt: skip
def test_a_known_mistake_is_recognised(kind: str, step: str) -> None:
    planted, problem = one(kind, step), instance(RNN, steps=5, hidden=4, batch=2)
    best = nearest(derived(RNN), problem, somebodys(planted, problem), among=all_mutants(RNN))[0]
    assert (best.mutant.kind.name, best.is_whole) == (kind, True)
    assert best.distance <= 1e-12 < 1e-3 < best.right
    assert nearest(derived(RNN), problem, somebodys(planted, problem), among=[planted])[0].mutant is planted


def test_two_mistakes_at_once_are_both_suggested() -> None:
    problem = instance(RNN)
    first, second = one("missing 1/T", "gradient.b_o"), one("h_t for h_{t−1}", "gradient.W_h")
    given = {**somebodys(first, problem), "W_h": somebodys(second, problem)["W_h"]}
    found = nearest(derived(RNN), problem, given)
    assert {(m.mutant.kind.name, m.explains, m.leaves) for m in found} >= {
        ("missing 1/T", ("b_o",), ("W_h",)), ("h_t for h_{t−1}", ("W_h",), ("b_o",)),
    }  # fmt: skip


def test_the_right_gradient_and_an_unknown_one_match_nothing() -> None:
    problem = instance(RNN)
    right = gradients(derived(RNN), problem.forward, FORMS[-1])
    assert nearest(derived(RNN), problem, right) == []
    for wrong in ({name: 1.01 * array for name, array in right.items()}, {**right, "W_h": right["W_h"] * np.nan}):
        assert nearest(derived(RNN), problem, wrong, among=all_mutants(RNN)) == []


def test_a_kind_of_ones_own_is_one_value() -> None:
    """What a new file has to say: here, every parameter twice."""

    def doubled(place):  # type: ignore[no-untyped-def]
        if place.is_whole:
            yield Change("twice", "twice", scale(2, place.part))

    twice = Kind("twice", "Once is enough.", doubled, steps=lambda step: step.role == "gradient.W_h")
    (mutant,) = {frozenset(m.steps.items()): m for m in twice.mutants(derived(RNN))}.values()
    problem = instance(RNN)
    found = Values(derived(RNN), problem.forward)
    assert apart(found.changed(mutant)["adjoint", "gradient.W_h"], found.claims["adjoint", "gradient.W_h"]) == 0.5


# --- in a terminal


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_has_every_kind_and_fits(width: int) -> None:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    print_score(scored(RNN), model(RNN), console)
    text = console.export_text()
    lines = text.splitlines()
    assert max(map(len, lines)) <= width and "100 %" in lines[-1] and "NOT CAUGHT" not in text
    assert sum(line.strip().startswith(("missing φ′", "h_t for h_{t−1}", "stale subscript")) for line in lines) == 3


def test_survivors_are_named_in_the_terminal() -> None:
    found = scored(RNN)
    escaped = Judged(found.judged[0].mutant, dict.fromkeys(found.judged[0].outcomes, Outcome.MISSED))
    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    print_score(replace(found, judged=(escaped, *found.judged[1:])), model(RNN), console)
    text = console.export_text()
    assert f"NOT CAUGHT  {escaped.mutant.says}" in text and "100 %" not in text and " 99." in text


def test_the_command_prints_the_score_as_json_and_its_exit_code() -> None:
    done = bptt("verify", "diagonal", "--loss", "squared_error", "--wiring", "last", "--mutations", "--json")
    data = json.loads(done.out)
    assert done.code == data["exit_code"] == 0 and data["model"]["cell"] == "diagonal"
    assert data["caught"] == data["mutants"] > 300 and data["survivors"] == [] and data["percent"] == 100
    row = next(row for row in data["rows"] if row["kind"] == "missing direct term")
    assert all(sum(counts.values()) == row["mutants"] for counts in row["by"].values()) and row["why"]
    assert {*row["by"]} >= {"floating", "exact", "enclosed", "proved", "theorem"}


def test_an_oracle_and_mutations_are_refused_together() -> None:
    done = bptt("verify", "rnn", "--mutations", "--oracle", "balls")
    assert done.code == 2 and "leave --oracle out" in done.err
