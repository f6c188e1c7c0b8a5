"""Train a small tanh RNN on the yearly sunspot number with the derived gradient:  python train.py

The gradient is not written here and comes from no autograd library: it is the derivation itself, evaluated
(``derive.run.gradients``, the adjoint form).  The rest is windows of the series and a few lines of plain Adam
(Kingma and Ba 2015, https://arxiv.org/abs/1412.6980).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from baselines import autoregression, persistence, root_mean_square, yearly
from picture import loss_curve
from prepare import scaled, unscaled

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, value
from derive.model import Model, build
from derive.run import FORMS, gradients
from derive.unroll import Place, place, unroll
from verify.trained import slots, trained_run

HERE = Path(__file__).parent
HIDDEN, WINDOW, STEPS, RATE = 6, 24, 1000, 5e-3
"""Chosen on 1910–1949 with networks that had seen 1700–1909 only; the held-out years had no say."""
ADJOINT = next(form for form in FORMS if form.name == "adjoint")
Values = dict[Place, np.ndarray]


def windows(model: Model, x: np.ndarray) -> Values:
    """Every stretch of WINDOW years and the year after each: (B, 1, 1) at each step, and h_0 = 0."""
    cut = np.lib.stride_tricks.sliding_window_view(x, WINDOW + 1)[..., None, None]
    given: Values = {place(model.initial_states[0]): np.zeros((HIDDEN, 1))}
    for step in range(1, WINDOW + 1):
        given[place(model.cell.inputs[0].at(step))] = cut[:, step - 1]
        given[place(model.readout.target.at(step))] = cut[:, step]
    return given


def first_guess(model: Model, seed: int) -> Values:
    """Uniform in ±1/√n, as PyTorch's nn.RNN and nn.Linear begin."""
    rng, sizes = np.random.default_rng(seed), {N_STATE: HIDDEN, N_INPUT: 1, N_OUTPUT: 1}
    bound = HIDDEN**-0.5
    shapes = {place(p): [value(size, sizes) for size in p.shape] for p in model.parameters}
    return {where: rng.uniform(-bound, bound, shape) for where, shape in shapes.items()}


def train(derived: Derivation, x: np.ndarray, seed: int, steps: int = STEPS) -> tuple[Values, list[float]]:
    """The parameters after ``steps`` Adam steps on all windows of ``x`` at once, and the loss before each."""
    model = derived.model
    given, weights = windows(model, x), first_guess(model, seed)
    mean = {where: np.zeros_like(array) for where, array in weights.items()}
    square = {where: np.zeros_like(array) for where, array in weights.items()}
    sizes = {N_STATE: HIDDEN, N_INPUT: 1, N_OUTPUT: 1, T: WINDOW}
    losses = []
    for step in range(1, steps + 1):
        forward = unroll(model, {**given, **weights}, sizes)
        losses.append(float(forward.values[place(model.total)].mean()))
        gradient = gradients(derived, forward, ADJOINT)
        for where, old in weights.items():
            g = gradient[where[0]]
            mean[where] = 0.9 * mean[where] + 0.1 * g
            square[where] = 0.999 * square[where] + 0.001 * g**2
            scale = np.sqrt(square[where] / (1 - 0.999**step)) + 1e-8
            weights[where] = old - RATE * mean[where] / (1 - 0.9**step) / scale
        if step % 100 == 0:
            print(f"step {step:5d}   loss {losses[-1]:.6f}", flush=True)
    return weights, losses


def save(model: Model, weights: Values, path: Path) -> None:
    """Under the names that PyTorch gives a module with ``rnn = nn.RNN(…)`` and ``readout = nn.Linear(…)``."""
    from safetensors.numpy import save_file

    prefix = {"cell": "rnn", "readout": "readout"}
    arrays = {f"{prefix[s.module]}.{s.name}": weights[place(s.parameters[0])] for s in slots(model)}
    flat = {key: a.reshape(-1) if ".bias" in key else a for key, a in arrays.items()}
    save_file({key: np.ascontiguousarray(array) for key, array in flat.items()}, path)


def forecast(model: Model, weights: Path, sequence: Path) -> np.ndarray:
    """One-year-ahead forecasts of the years after the first, from the files, as ``bptt`` reads them."""
    run = trained_run(model, weights, sequence)
    table = unroll(model, run.given, run.sizes)
    output = model.readout.output.target
    return np.array([table.values[place(output.at(step))].item() for step in range(1, run.sizes[T] + 1)])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--train-until", type=int, default=1949, metavar="YEAR")
    options.add_argument("--test-until", type=int, default=2008, metavar="YEAR")
    options.add_argument("-o", "--folder", type=Path, default=HERE, help="where weights and picture go")
    chosen = options.parse_args()

    years, numbers = yearly(HERE / "yearly.csv")
    seen = numbers[years <= chosen.train_until]
    held_out = (years > chosen.train_until) & (years <= chosen.test_until)
    model = build("rnn", variant="tanh", loss="squared_error")
    weights, losses = train(derivation(model), scaled(seen), chosen.seed)
    save(model, weights, chosen.folder / "weights.safetensors")
    loss_curve(losses, chosen.folder / "loss.svg")

    ours = unscaled(forecast(model, chosen.folder / "weights.safetensors", HERE / "input.csv"))
    forecasts = {
        f"tanh RNN, n = {HIDDEN}": np.concatenate([[np.nan], ours]),
        "AR(9) of the roots": unscaled(autoregression(scaled(numbers), len(seen), 9)),
        "AR(9)": autoregression(numbers, len(seen), 9),
        "AR(2) of the roots": unscaled(autoregression(scaled(numbers), len(seen), 2)),
        "AR(2)": autoregression(numbers, len(seen), 2),
        "persistence": persistence(numbers),
    }
    fitted = (years <= chosen.train_until) & (years >= years[0] + 9)
    print(f"\nroot mean square error   {years[fitted][0]}–{chosen.train_until}   "
          f"{chosen.train_until + 1}–{chosen.test_until} (held out)")  # fmt: skip
    for name, guess in forecasts.items():
        inside, outside = (root_mean_square((guess - numbers)[part]) for part in (fitted, held_out))
        print(f"{name:22}   {inside:9.2f}   {outside:9.2f}")


if __name__ == "__main__":
    main()
