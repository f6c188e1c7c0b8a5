"""What the generated code costs: against the interpreter that it replaces, and against NumPy written by hand.

One process, one BLAS thread, processor time, medians of interleaved rounds: compare the ratios.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np

from derive.assemble import derivation
from derive.compiled.program import Program, compiled
from derive.derivation import Derivation
from derive.model import build
from derive.run import FORMS, gradients
from derive.unroll import place, unroll
from verify.problem import Problem, random_problem

STEPS, HIDDEN, BATCH, INPUTS, OUTPUTS, COLUMNS = 100, 32, 8, 4, 5, 16
ROUNDS, FEW, MANY = 60, 5, 50
CELLS = ("rnn", "indrnn", "diagonal", "leaky", "gru", "lstm", "peephole", "jordan")
ADJOINT = next(form for form in FORMS if form.descending)
WANTED = {"interpreter": "at least 10", "by hand": "at most 1.5"}
Array = np.ndarray
Method = Callable[[], object]


class Given:
    """The arrays of one problem, as ``Program.run_arrays`` takes them."""

    def __init__(self, of: Problem) -> None:
        steps, main = range(1, of.steps + 1), of.model.main
        (source,), target = of.model.inputs_of(main), of.model.readout.target
        self.parameters = {w.name: of.given[place(w)] for w in of.model.parameters}
        self.starts = {f"{state.name}_0": of.given[place(state.at(0))] for state in main.states}
        self.inputs = np.stack([of.given[place(source.at(step))] for step in steps])
        self.targets = np.stack([of.given[place(target.at(step))] for step in steps])


def by_hand(w: Mapping[str, Array], start: Array, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
    """Loss and gradient of an rnn with softmax outputs, as one writes them for speed.

    Everything but the recurrence is done for all steps at once, and nothing is allocated in a loop that need not be.
    """
    steps, batch = x.shape[:2]
    rows, hidden = steps * batch, len(start)
    inputs, targets = x.reshape(rows, -1), y.reshape(rows, -1)
    driven = inputs.dot(w["W_i"].T)
    driven += (w["b_ih"] + w["b_hh"])[:, 0]
    states = np.empty((steps + 1, batch, hidden))
    states[0] = start[:, 0]
    h, weights = states[0], w["W_h"].T
    for drive, out in zip(driven.reshape(steps, batch, hidden), states[1:], strict=True):
        z = h.dot(weights)
        z += drive
        h = np.tanh(z, out)
    before, after = states[:-1].reshape(rows, hidden), states[1:].reshape(rows, hidden)
    output = after.dot(w["W_o"].T)
    output += w["b_o"][:, 0]
    output -= output.max(axis=1, keepdims=True)
    np.exp(output, output)
    output /= output.sum(axis=1, keepdims=True)
    loss = -float((targets * np.log(output)).sum()) / rows
    output -= targets
    output /= rows
    seeds = output.dot(w["W_o"]).reshape(steps, batch, hidden)
    slopes = (1 - after * after).reshape(steps, batch, hidden)
    errors, carried, weights = np.empty_like(slopes), np.zeros((batch, hidden)), w["W_h"]
    for seed, slope, out in zip(seeds[::-1], slopes[::-1], errors[::-1], strict=True):
        carried = np.multiply(seed + carried, slope, out).dot(weights)
    error = errors.reshape(rows, hidden)
    bias = error.sum(axis=0)[:, None]
    return loss, {
        "W_h": error.T.dot(before),
        "W_i": error.T.dot(inputs),
        "b_ih": bias,
        "b_hh": bias,
        "W_o": output.T.dot(after),
        "b_o": output.sum(axis=0)[:, None],
        "h_0": carried.sum(axis=0)[:, None],
    }


def methods(cell: str, derived: Derivation, program: Program) -> dict[str, Method]:
    sizes = {"steps": STEPS, "hidden": HIDDEN, "batch": BATCH, "inputs": INPUTS, "outputs": OUTPUTS}
    of = random_problem(derived.model, **sizes, drive=0.1)
    given = Given(of)

    def ours() -> tuple[float, dict[str, Array]]:
        run = program.run_arrays(given.parameters, given.starts, given.inputs, given.targets)
        return run.loss, run.gradient()

    def interpreter() -> dict[str, Array]:
        return gradients(derived, unroll(derived.model, of.given, of.sizes), ADJOINT)

    def hand() -> tuple[float, dict[str, Array]]:
        return by_hand(given.parameters, given.starts["h_0"], given.inputs, given.targets)

    run = program.run_arrays(given.parameters, given.starts, given.inputs, given.targets)
    one = run.seed(STEPS)
    many = np.ones((BATCH, run.size, COLUMNS))
    pieces: dict[str, Method] = {
        "compiled": ours,
        "interpreter": interpreter,
        "one column back": lambda: [run.back(STEPS // 2, one) for _ in range(MANY)],
        f"{COLUMNS} columns back": lambda: [run.back(STEPS // 2, many) for _ in range(MANY)],
    }
    if cell == "rnn":
        _compare(hand()[1], ours()[1])
        pieces["by hand"] = hand
    return pieces


def _compare(left: Mapping[str, Array], right: Mapping[str, Array]) -> None:
    """What is timed computes one thing."""
    for name, array in left.items():
        assert np.linalg.norm(array - right[name]) <= 1e-12 * np.linalg.norm(array), name


def timed(pieces: Mapping[str, Method]) -> dict[str, float]:
    """Medians of processor time in seconds, of interleaved rounds; the interpreter in a few of them."""
    spent: dict[str, list[float]] = {name: [] for name in pieces}
    for number in range(ROUNDS):
        for name, method in pieces.items():
            if name == "interpreter" and number >= FEW:
                continue
            start = time.process_time()
            method()
            spent[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    print(f"loss and gradient, T = {STEPS}, n = {HIDDEN}, batch {BATCH}; wanted: ", end="")
    print(", ".join(f"{what} {ratio}" for what, ratio in WANTED.items()))
    for cell in CELLS:
        derived = derivation(build(cell))
        start = time.process_time()
        program = compiled(derived)
        assert program.functions
        spent = time.process_time() - start
        times = timed(methods(cell, derived, program))
        ours = times["compiled"]
        line = f"{cell:10} {1e3 * ours:6.2f} ms   interpreter / ours {times['interpreter'] / ours:5.1f}"
        if "by hand" in times:
            line += f"   ours / by hand {ours / times['by hand']:4.2f}"
        back = ", ".join(f"{name} {1e6 / MANY * times[name]:.1f} µs" for name in times if "back" in name)
        print(f"{line}   {back}   compiled in {1e3 * spent:.0f} ms")


if __name__ == "__main__":
    main()
