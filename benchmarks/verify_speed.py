"""What a gradient check costs, and how near it comes to the truth; and what each rung of evidence takes.

One process, one BLAS thread, one run, processor time: compare the ratios.  The truth is a complex step in long double
(80 bits on most machines), entry by entry.  An error is relative to the largest entry of the gradient by the same
parameter, and that of the worst parameter is printed.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import autograd.numpy as anp
import numpy as np
from autograd.test_util import check_grads

from derive.arithmetic import Array, Floating
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import build
from derive.run import FORMS, gradients
from verify.judge import evidence
from verify.oracles import autograd_reverse, central_differences, complex_step, dot_test, forward_mode
from verify.perturbation import along, directions, perturbed
from verify.problem import Problem, random_problem
from verify.program import Program
from verify.rungs import Rung

STEPS, HIDDEN = 50, 32
ROUNDS = 5
HIPS, TORCH, TORCH_FAST = "autograd check_grads", "torch gradcheck", "torch gradcheck, fast_mode"
Gradient = dict[str, Array]
Method = Callable[[], Gradient | None]


def truth(program: Program) -> Gradient:
    """The complex step in long double."""
    found = {}
    point = {name: array.astype(np.longdouble) for name, array in program.point.items()}
    for name, array in point.items():
        rows = [np.imag(program(moved))[:, 0] for moved in perturbed(point, name, np.clongdouble(1e-30j))]
        found[name] = np.concatenate(rows).reshape(array.shape) / np.longdouble(1e-30)
    return found


def whole(oracle: object, program: Program) -> Gradient:
    return {name: rows.value[0] for name, rows in oracle.jacobian(program, program.point).items()}  # type: ignore


def hips(program: Program) -> Method:
    """autograd's own check of its own reverse mode: central differences along one random direction."""
    names, point = list(program.point), program.point

    def loss(*arrays: Array) -> Array:
        return program(dict(zip(names, arrays, strict=True)), Floating(anp))[0]

    return lambda: check_grads(loss, modes=["rev"], order=1)(*point.values())


def along_error(program: Program, exact: Gradient, step: float = 1e-6) -> float:
    """Of the difference that such a check compares with: along Gaussian directions, relative to the largest of them."""
    worst = 0.0
    for name, units in directions(program.point, 8, 1).items():
        lines = units * np.sqrt(units[0].size)
        moved = {**program.point, name: program.point[name] + np.array([step, -step])[:, None, None, None] / 2 * lines}
        up, down = program(moved)[..., 0]
        right = along(exact[name], lines)
        worst = max(worst, float(np.max(np.abs((up - down) / step - right)) / np.max(np.abs(right))))
    return worst


def entries_error(program: Program, exact: Gradient, step: float = 1e-6) -> float:
    """Of central differences with the step that PyTorch takes, entry by entry."""
    found = {}
    for name, array in program.point.items():
        pairs = zip(perturbed(program.point, name, step), perturbed(program.point, name, -step), strict=True)
        rows = [(program(up) - program(down))[:, 0] / (2 * step) for up, down in pairs]
        found[name] = np.concatenate(rows).reshape(array.shape)
    return error(found, exact)


def error(found: Gradient, exact: Gradient) -> float:
    scales = {name: np.max(np.abs(array)) for name, array in exact.items()}
    return max(float(np.max(np.abs(found[name] - exact[name])) / scales[name]) for name in found)


def seconds(method: Method) -> float:
    start = time.process_time()
    method()
    return time.process_time() - start


def torch_checks(problem: Problem) -> dict[str, Method]:
    """PyTorch's gradcheck of its own reverse mode; nothing where PyTorch is not installed."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    given = {where: torch.tensor(array) for where, array in problem.given.items()}
    names = [name for name in Program(problem).point if name != "h_0"]
    inputs = torch.stack([given["x", "input", t][0, :, 0] for t in range(1, problem.steps + 1)])
    targets = torch.stack([given["y", "target", t][0, :, 0] for t in range(1, problem.steps + 1)])

    def loss(*arrays: torch.Tensor) -> torch.Tensor:
        w = dict(zip(names, arrays, strict=True))
        h, states = given["h", "state", 0], []
        driven = inputs @ w["W_i"].T + (w["b_ih"] + w["b_hh"]).T
        for row in driven:
            h = torch.tanh(row[:, None] + w["W_h"] @ h)
            states.append(h[:, 0])
        scores = torch.stack(states) @ w["W_o"].T + w["b_o"].T
        return (torch.logsumexp(scores, 1) - (targets * scores).sum(1)).mean()

    point = tuple(given[name, "parameter", None].clone().requires_grad_() for name in names)
    return {
        TORCH: lambda: torch.autograd.gradcheck(loss, point) and None,
        TORCH_FAST: lambda: torch.autograd.gradcheck(loss, point, fast_mode=True) and None,
    }


def methods(problem: Problem, derived: Derivation) -> dict[str, Method]:
    program = Program(problem)
    units = directions(program.point, 3, 1)
    return {
        "one reverse pass (our adjoint sweep)": lambda: gradients(derived, problem.forward, FORMS[-1]),
        "one reverse pass (HIPS autograd)": lambda: whole(autograd_reverse, program),
        "forward mode, every entry": lambda: whole(forward_mode, program),
        "dot test, three directions each": lambda: dot_test.derivatives(program, program.point, units) and None,
        "complex step, every entry": lambda: whole(complex_step, program),
        "central differences, with their error": lambda: whole(central_differences, program),
        HIPS: hips(program),
        **torch_checks(problem),
    }


def compare() -> None:
    """Every method in turn, a few rounds; the slow ones once."""
    model = build("rnn", loss="softmax_cross_entropy")
    problem = random_problem(model, steps=STEPS, hidden=HIDDEN, inputs=HIDDEN, outputs=HIDDEN)
    program, all_methods = Program(problem), methods(problem, derivation(model))
    exact = truth(program)
    errors = {HIPS: along_error(program, exact), TORCH: entries_error(program, exact)}
    errors[TORCH_FAST] = errors[HIPS]
    taken: dict[str, list[float]] = {name: [] for name in all_methods}
    for _ in range(ROUNDS):
        for name, method in all_methods.items():
            if not taken[name] or taken[name][0] < 2:
                taken[name].append(seconds(method))
    unit = statistics.median(next(iter(taken.values())))
    print(f"T={STEPS}, n={HIDDEN}, {sum(array.size for array in exact.values())} numbers")
    print(f"{'':42}{'ms':>9}{'passes':>9}{'error':>10}")
    for name, method in all_methods.items():
        found, middle = None if name in errors else method(), statistics.median(taken[name])
        off = error(found, exact) if found else errors.get(name)
        print(f"{name:42}{1e3 * middle:9.1f}{middle / unit:9.1f}" + (f"{off:10.0e}" if off is not None else ""))


def rungs(hidden: int = 8) -> None:
    """All evidence about one network, rung by rung; each is asked alone, so what they share is counted every time."""
    model = build("rnn")
    derived, problem = derivation(model), random_problem(model, steps=STEPS, hidden=hidden)
    print(f"\nbptt verify rnn --steps {STEPS} --hidden {hidden}")
    evidence(derived, random_problem(model, steps=3, hidden=2))  # imports
    asked = {rung.value: (rung,) for rung in Rung} | {"all of them": tuple(Rung)}
    for name, chosen in asked.items():
        start = time.process_time()
        counts = evidence(derived, problem, rungs=chosen).counts()
        print(f"{name:42}{1e3 * (time.process_time() - start):9.0f} ms   {counts}")


if __name__ == "__main__":
    compare()
    rungs()
