"""Every step has to say what the input was a few steps ago: all that matters is nearer than the truncation.

The control of the other tasks.  Here truncation omits next to nothing, and what randomness adds is noise.
"""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.model import build
from verify.training.optimisers import Adam
from verify.training.seeds import Generator, orthogonal
from verify.training.task import Settings, Task, sizes

UNITS, DELAY, STEPS, BATCH, RADIUS = 16, 3, 25, 4, 0.9


def start(runs: int, rng: Generator) -> dict[str, Array]:
    return {
        "W_h": RADIUS * orthogonal(runs, UNITS, rng),
        "W_i": rng.normal(size=(runs, 1, UNITS, 1)),
        "b_ih": np.zeros((runs, 1, UNITS, 1)),
        "b_hh": np.zeros((runs, 1, UNITS, 1)),
        "W_o": rng.normal(size=(runs, 1, 1, UNITS)) / np.sqrt(UNITS),
        "b_o": np.zeros((runs, 1, 1, 1)),
    }


def draw(runs: int, rng: Generator) -> tuple[Array | None, Array]:
    """Uniform numbers between −1 and 1, and the same ``DELAY`` steps later; zeros before there are any."""
    inputs = rng.uniform(-1, 1, (STEPS, runs, BATCH, 1, 1))
    targets = np.concatenate([np.zeros_like(inputs[:DELAY]), inputs[:-DELAY]])
    return inputs, targets


def task() -> Task:
    return Task(
        name="echo",
        title="Echo",
        about=(
            f"A tanh network of {UNITS} units reads random numbers and has to say at every step which one it read "
            f"{DELAY} steps ago: nothing that matters is further away than a truncation reaches."
        ),
        model=build("rnn", loss="squared_error"),
        sizes=sizes(UNITS, 1, STEPS),
        start=start,
        draw=draw,
        trained=("W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o"),
        settings=Settings(Adam(0.003), iterations=200, length=10, solved=0.1, reference=1 / 6, runs=8),
    )
