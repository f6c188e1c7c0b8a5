"""state_dicts of a real PyTorch, and what it computed with them: our numbers are its numbers, without PyTorch."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive.arithmetic import Array
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.expr import Var
from derive.model import Model, build
from derive.phase import Phase
from derive.run import FORMS, Form, gradients
from derive.unroll import place
from verify.problem import Problem
from verify.state_dict import slots
from verify.trained import trained_run

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(path.name.removesuffix("_run.npz") for path in FIXTURES.glob("*_run.npz"))
every_network = pytest.mark.parametrize("name", NAMES)


@cache
def derived(name: str) -> Derivation:
    """``lstm_2``: the cell and the number of layers; ``gru_seq2seq``, ``rnn_relu_1``."""
    cell, *variant, last = name.split("_")
    more = {"wiring": "seq2seq"} if last == "seq2seq" else {"layers": int(last)}
    return derivation(build(cell, variant="".join(variant), loss="squared_error", **more))  # type: ignore[arg-type]


def recorded(name: str) -> dict[str, Array]:
    return dict(np.load(FIXTURES / f"{name}_run.npz"))


def read(name: str, folder: Path, model: Model, suffix: str = ".safetensors", *, batch_first: bool = False) -> Problem:
    """The problem in the files, the sequences being written as a user would."""
    found = recorded(name)
    paths = {key: folder / f"{key}.npy" for key in ("sequence", "source") if key in found}
    for key, path in paths.items():
        np.save(path, found[key].swapaxes(0, 1) if batch_first else found[key])
    weights = FIXTURES / f"{name}{suffix}"
    if "source" in paths:
        run = trained_run(model, weights, paths["source"], target=paths["sequence"], batch_first=batch_first)
    else:
        run = trained_run(model, weights, paths["sequence"], batch_first=batch_first)
    return run.problem(model)


def states_of(problem: Problem, phase: Phase, states: tuple[Var, ...], step: int) -> Array:
    """(layers, batch, n)."""
    return np.stack([problem.forward.values[place(state.at(step))][..., 0] for state in states])


def assert_near(ours: Array, theirs: Array, what: str) -> None:
    """To 1e-12 of the largest entry, which is not zero."""
    scale = np.abs(theirs).max()
    assert ours.shape == theirs.shape, what
    assert scale > 1e-6 and np.abs(ours - theirs).max() <= 1e-12 * scale, (what, ours, theirs)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
@every_network
def test_states_outputs_and_loss_are_pytorchs(name: str, suffix: str, tmp_path: Path) -> None:
    model, theirs = derived(name).model, recorded(name)
    problem = read(name, tmp_path, model, suffix)
    phase, cell, last = model.main, model.cell, problem.steps
    kinds = len(cell.states) // cell.layers
    for kind, key in zip(range(kinds), ("h_n", "c_n"), strict=False):
        assert_near(states_of(problem, phase, cell.states[kind::kinds], last), theirs[key], key)
    for step in range(1, last + 1):
        assert_near(states_of(problem, phase, (cell.seen,), step)[0], theirs["states"][step - 1], f"h_{step}")
        output = problem.forward.values[place(model.readout.output.target.at(step))]
        assert_near(output[..., 0], theirs["outputs"][step - 1], f"o_{step}")
    assert_near(np.mean(problem.forward.values[place(model.total)]), theirs["loss"], "L")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@every_network
def test_every_gradient_is_pytorchs(name: str, form: Form, tmp_path: Path) -> None:
    theirs = recorded(name)
    found = compared(derived(name), read(name, tmp_path, derived(name).model), form)
    for key, ours in found.items():
        assert_near(ours, theirs[f"gradient.{key}"].reshape(ours.shape), key)
    if form.name == "adjoint":
        assert {f"gradient.{key}" for key in found} == {key for key in theirs if key.startswith("gradient.")}


def compared(derivation_: Derivation, problem: Problem, form: Form) -> dict[str, Array]:
    """Our gradients by PyTorch's names, as far as the form has them; (layers, n, 1) for the initial states."""
    model, ours = derivation_.model, gradients(derivation_, problem.forward, form)
    prefix = "rnn." if len(model.phases) == 1 else ""
    found = {}
    for slot in slots(model):
        if all(w.name in ours for w in slot.parameters):
            key = slot.label if slot.module == "readout" else prefix + slot.label
            found[key] = slot.stacked({w: ours[w.name] for w in slot.parameters})
    kinds = len(model.cell.states) // model.cell.layers
    initial = [ours[f"{state.name}_0"] for state in model.initial_states]
    return found | {
        key: np.stack(initial[kind::kinds]) for kind, key in zip(range(kinds), ("h_0", "c_0"), strict=False)
    }


@every_network
def test_the_batch_may_come_first(name: str, tmp_path: Path) -> None:
    model = derived(name).model
    plain = read(name, tmp_path, model)
    turned = read(name, tmp_path, model, batch_first=True)
    assert plain.sizes == turned.sizes and plain.given.keys() == turned.given.keys()
    assert all(np.array_equal(array, turned.given[where]) for where, array in plain.given.items())


@pytest.mark.parametrize("name", ["gru_1", "lstm_1"])
def test_gates_in_another_order_are_seen(name: str, tmp_path: Path) -> None:
    """What the comparison above is worth: the same blocks, stacked otherwise."""
    model = derived(name).model
    names = dict(sorted(model.cell.pytorch.items(), reverse=True))
    wrong = replace(model, cell=replace(model.cell, pytorch=names))
    assert {slot.label: slot.parameters for slot in slots(wrong)} != {s.label: s.parameters for s in slots(model)}
    problem = read(name, tmp_path, wrong)
    with pytest.raises(AssertionError):
        assert_near(np.mean(problem.forward.values[place(model.total)]), recorded(name)["loss"], "L")


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.npz")), ids=lambda path: path.name)
def test_fixtures_are_small(path: Path) -> None:
    assert path.stat().st_size < 30_000
