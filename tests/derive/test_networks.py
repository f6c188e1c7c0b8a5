"""Layers, feedback and other names: against two cells composed by hand in NumPy, and against the forward pass."""

from __future__ import annotations

import numpy as np
import pytest

from derive import registry
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.errors import InputError
from derive.expr import Var, ones
from derive.feedback import fed_back
from derive.functions import tanh
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, S, T
from derive.layers import stacked
from derive.model import Model, build
from derive.nonlinear import Map
from derive.phase import marked
from derive.renaming import renamed
from derive.sums import walk
from derive.unroll import Table, place, table_of
from tests.derive.models import Names, model
from verify.problem import Problem, random_problem
from verify.program import Program

Array = np.ndarray


def cell(name: str) -> Cell:
    found: Cell = registry.load("derive.cells", name, "cell").cell()
    return found


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def rnn_step(w: dict[str, Array], mark: str, h: Array, x: Array) -> Array:
    return np.tanh(w["W_h" + mark] @ h + w["W_i" + mark] @ x + w["b_ih" + mark] + w["b_hh" + mark])


def lstm_step(w: dict[str, Array], mark: str, h: Array, c: Array, x: Array) -> tuple[Array, Array]:
    def summed(gate: str) -> Array:
        found: Array = (
            w[f"W_i{gate}{mark}"] @ x + w[f"b_i{gate}{mark}"] + w[f"W_h{gate}{mark}"] @ h + w[f"b_h{gate}{mark}"]
        )
        return found

    i, f, g, o = sigmoid(summed("i")), sigmoid(summed("f")), np.tanh(summed("g")), sigmoid(summed("o"))
    c = f * c + i * g
    return o * np.tanh(c), c


def parameters(problem: Problem) -> dict[str, Array]:
    return {w.name: problem.given[place(w)] for w in problem.model.parameters}


def same(ours: Array, theirs: Array) -> bool:
    return bool(np.max(np.abs(ours - theirs)) <= 1e-14 * np.max(np.abs(theirs)))


@pytest.mark.parametrize("batch", [1, 3])
def test_two_layers_are_two_cells_one_feeding_the_other(batch: int) -> None:
    problem = random_problem(build("rnn", layers=2), steps=4, hidden=3, batch=batch)
    w, low, high = parameters(problem), problem.given["h^1", "state", 0], problem.given["h^2", "state", 0]
    for step in range(1, 5):
        low = rnn_step(w, "^1", low, problem.given["x^1", "input", step])
        high = rnn_step(w, "^2", high, low)
        assert same(problem.forward.values["h^1", "state", step], low)
        assert same(problem.forward.values["h^2", "state", step], high)


def test_two_layers_of_a_cell_with_two_states() -> None:
    problem = random_problem(build("lstm", layers=2), steps=3, hidden=2, batch=2)
    w = parameters(problem)
    h, c = ([problem.given[f"{name}^{layer}", "state", 0] for layer in (1, 2)] for name in "hc")
    for step in range(1, 4):
        x = problem.given["x^1", "input", step]
        for layer in (0, 1):
            h[layer], c[layer] = lstm_step(w, f"^{layer + 1}", h[layer], c[layer], x)
            x = h[layer]
        assert same(problem.forward.values["h^2", "state", step], h[1])
        assert same(problem.forward.values["c^1", "state", step], c[0])
    score = w["W_o"] @ h[1] + w["b_o"] if "W_o" in w else w["W_y"] @ h[1] + w["b_y"]
    assert same(problem.forward.values[place(problem.model.readout.score.target.at(3))], score)


def test_layers_have_names_of_their_own_and_those_of_pytorch() -> None:
    one, three = cell("gru"), stacked(cell("gru"), 3)
    assert three.layers == 3 and len(three.parameters) == 3 * len(one.parameters)
    assert len({w.name for w in three.parameters}) == len(three.parameters)
    assert [s.name for s in three.states] == ["h^1", "h^2", "h^3"] and three.seen.name == "h^3"
    for layer in (1, 2, 3):
        for ours, theirs in one.pytorch.items():
            assert three.pytorch[f"{ours}^{layer}"] == theirs.replace("_l0", f"_l{layer - 1}")
    shapes = {w.name: w.shape for w in three.parameters}
    assert shapes["W_ir^1"] == (N_STATE, N_INPUT) and shapes["W_ir^2"] == shapes["W_ir^3"] == (N_STATE, N_STATE)
    assert {v.name for v in three.inputs} == {"x^1"} and stacked(one, 1) is one


def test_a_layer_reads_the_one_below_at_the_same_step() -> None:
    two = stacked(cell("rnn"), 2)
    (second,) = [e for e in two.equations if e.target.name == "z^2"]
    inside = set(walk(second.expression))
    below = next(s for s in two.states if s.name == "h^1")
    assert below in inside and lag(below) not in inside


@pytest.mark.parametrize("layers", [0, -1])
def test_no_layers_are_refused(layers: int) -> None:
    with pytest.raises(InputError, match="not a number of layers"):
        stacked(cell("rnn"), layers)


def two_inputs() -> Cell:
    h, x, y = state("h", N_STATE), given("x", N_INPUT), given("v", N_INPUT)
    W, U, V = parameter("W", N_STATE, N_STATE), parameter("U", N_STATE, N_INPUT), parameter("V", N_STATE, N_INPUT)
    return Cell("two", "two inputs", (h,), (x, y), (W, U, V), (Equation(h, Map(tanh, W @ lag(h) + U @ x + V @ y)),))


def test_a_cell_with_two_inputs_has_no_layers_and_no_feedback() -> None:
    with pytest.raises(InputError, match="has 2 inputs, a layer above another has one"):
        stacked(two_inputs(), 2)
    with pytest.raises(InputError, match="has 2 inputs; the output can be fed back into one"):
        fed_back(two_inputs())


@pytest.mark.parametrize("wiring", ["every", "last"])
def test_what_is_fed_back_is_the_output_of_the_step_before(wiring: str) -> None:
    problem = random_problem(build("rnn", feedback=True, wiring=wiring), steps=4, hidden=3, batch=2)
    w, h, o = parameters(problem), problem.given["h", "state", 0], problem.given["o", "inner", 0]
    assert not problem.model.inputs_of(problem.model.main)
    for step in range(1, 5):
        h = rnn_step(w, "", h, w["F"] @ o)
        score = w["W_o"] @ h + w["b_o"]
        o = np.exp(score) / np.exp(score).sum(axis=-2, keepdims=True)
        assert same(problem.forward.values["h", "state", step], h)
        assert same(problem.forward.values["o", "inner", step], o)


def test_feedback_takes_names_that_are_free() -> None:
    back = fed_back(cell("lstm"))  # it has an output gate o of its own
    assert back.feedback is not None and back.feedback.name == "p" and back.feedback.shape[0] == N_OUTPUT
    assert back.inputs == () and back.parameters[-1].name == "F"
    assert build("lstm", feedback=True).readout.output.target.name == "p"


def test_an_encoder_starts_the_decoder_through_the_bridge() -> None:
    problem = random_problem(build("rnn", wiring="seq2seq", bridge="softmax"), steps=4, source_steps=3, batch=2)
    w, h = parameters(problem), problem.given["h^e", "state", 0]
    for step in range(1, 4):
        h = rnn_step(w, "^e", h, problem.given["x^e", "input", step])
    h = np.exp(h) / np.exp(h).sum(axis=-2, keepdims=True)
    assert same(problem.forward.values["h", "state", 0], h)
    assert problem.model.initial_states == (Var("h^e", N_STATE, 1, 0, "state"),)
    for step in range(1, 5):
        h = rnn_step(w, "", h, problem.given["x", "input", step])
        assert same(problem.forward.values["h", "state", step], h)


def test_another_name_and_size_is_the_same_cell() -> None:
    old = cell("gru")
    new = renamed(old, lambda name: marked(name, "e"), {N_STATE: N_OUTPUT})
    assert [w.name for w in new.parameters] == [f"{w.name}^e" for w in old.parameters]
    assert {size for w in new.parameters for size in w.shape} == {N_OUTPUT, N_INPUT, 1}
    fills = {part for e in new.equations for part in walk(e.expression) if part == ones(N_OUTPUT)}
    assert fills, "a constant has the new size too"
    assert not any(N_STATE in e.expression.free_symbols for e in new.equations)
    back = renamed(new, lambda name: name.removesuffix("^e"), {N_OUTPUT: N_STATE})
    assert back == old
    assert marked("W^1", "e") == "W^1,e" and marked("W", "") == "W"


def test_the_name_of_the_output_is_the_networks() -> None:
    jordan = cell("jordan")
    assert renamed(jordan, lambda name: name + "_x").feedback == jordan.feedback


# --- tables and programs


def lstm_table(batch: tuple[int, ...] = ()) -> tuple[Model, Table]:
    built = model(Names("lstm"))
    rng = np.random.default_rng(0)
    values = {("h", "state", 1): rng.normal(size=(*batch, 2, 1)), ("c", "state", 1): rng.normal(size=(2, 1))}
    return built, table_of(built, values, {N_STATE: 2, N_INPUT: 1, N_OUTPUT: 2, T: 1})


@pytest.mark.parametrize("batch", [(), (3,), (4, 3)])
def test_a_stack_is_put_and_read_state_by_state(batch: tuple[int, ...]) -> None:
    built, table = lstm_table(batch)
    where = place(built.main.state.at(1))
    whole = table.stacked(where)
    assert whole.shape == (*batch, 4, 1)
    assert np.array_equal(whole[..., :2, :], table.values["h", "state", 1])
    assert np.array_equal(whole[..., 2:, :], np.broadcast_to(table.values["c", "state", 1], (*batch, 2, 1)))
    table.put(where, 2 * whole)
    assert np.array_equal(table.values["h", "state", 1], 2 * whole[..., :2, :])
    assert np.array_equal(table.stacked(where), 2 * whole) and where not in table.values
    table.put(("h", "state", 1), whole[..., :2, :])
    assert np.array_equal(table.leaf(built.main.state.at(1), {})[..., :2, :], whole[..., :2, :])


@pytest.mark.parametrize(("steps", "source_steps"), [(2, 4), (4, 2)])
def test_untied_copies_of_an_encoder_are_as_many_as_its_steps(steps: int, source_steps: int) -> None:
    problem = random_problem(model(Names("gru", wiring="seq2seq")), steps=steps, source_steps=source_steps, batch=2)
    program = Program(problem, untied=True)
    point = program.point
    assert (problem.sizes[T], problem.sizes[S]) == (steps, source_steps)
    assert {point[name].shape[0] for name in point if name.endswith("^e")} == {source_steps}
    assert {array.shape[0] for name, array in point.items() if not name.endswith("^e")} == {steps}
    before = program(point)
    assert before.shape == (steps,)
    for name, last in (("W_hn^e", source_steps - 1), ("W_hn", steps - 1)):
        moved = {**point, name: point[name].copy()}
        moved[name][last] += 1.0
        changed = program(moved) != before
        assert changed.tolist() == ([True] * steps if name.endswith("^e") else [False] * (steps - 1) + [True])


def test_the_states_inside_names_do_not_meet() -> None:
    """An inner z of the cell under a state called z: the names are told apart, or refused."""
    h, x, z = state("h", N_STATE), given("x", N_INPUT), inner("z", N_STATE)
    with pytest.raises(ValueError, match="the name z is used twice"):
        Cell("clash", "", (h, state("z", N_STATE)), (x,), (), (Equation(z, lag(h)), Equation(h, z), Equation(z, h)))
