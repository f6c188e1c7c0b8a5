"""One of several symbols is shown at step 1, noise follows, and the last step has to name the symbol.

(After the recall and latching problems of Bengio, Simard & Frasconi 1994.)  The loss is at the last step alone, so a
truncation that is shorter than the delay never tells the weights what they did with the symbol.
"""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.cell import Reference
from derive.model import build
from verify.training.optimisers import Adam
from verify.training.seeds import Generator, orthogonal
from verify.training.task import Settings, Task, sizes

UNITS, SYMBOLS, DELAY, BATCH, NOISE, RADIUS = 16, 4, 19, 8, 0.3, 0.95
LENGTH = 10
"""A divisor of the number of steps: a window and chunks then leave out the same."""
BENGIO = Reference(
    "bengio1994", "Y. Bengio, P. Simard, P. Frasconi", 1994,
    "Learning long-term dependencies with gradient descent is difficult",
    "IEEE Transactions on Neural Networks 5(2), 157–166", "https://doi.org/10.1109/72.279181",
)  # fmt: skip


def start(runs: int, rng: Generator) -> dict[str, Array]:
    """Recurrent weights that are nearly orthogonal, so that the symbol fades slowly from the beginning."""
    return {
        "W_h": RADIUS * orthogonal(runs, UNITS, rng),
        "W_i": rng.normal(size=(runs, 1, UNITS, SYMBOLS)) / np.sqrt(SYMBOLS),
        "b_ih": np.zeros((runs, 1, UNITS, 1)),
        "b_hh": np.zeros((runs, 1, UNITS, 1)),
        "W_o": rng.normal(size=(runs, 1, SYMBOLS, UNITS)) / np.sqrt(UNITS),
        "b_o": np.zeros((runs, 1, SYMBOLS, 1)),
    }


def draw(runs: int, rng: Generator) -> tuple[Array | None, Array]:
    """A batch of symbols, one-hot, with noise after them; the target is the symbol again."""
    symbols = np.eye(SYMBOLS)[rng.integers(SYMBOLS, size=(runs, BATCH))][..., None]
    inputs = NOISE * rng.normal(size=(DELAY + 1, runs, BATCH, SYMBOLS, 1))
    inputs[0] = symbols
    return inputs, np.broadcast_to(symbols, inputs.shape)


def task() -> Task:
    return Task(
        name="delay_copy",
        title="Recall after a delay",
        about=(
            f"A tanh network of {UNITS} units sees one of {SYMBOLS} symbols at step 1 and noise for {DELAY} steps, and "
            f"has to name the symbol at the last step, where the only loss is; a window and chunks of {LENGTH} steps "
            "leave out the same."
        ),
        model=build("rnn", wiring="last"),
        sizes=sizes(UNITS, SYMBOLS, DELAY + 1, SYMBOLS),
        start=start,
        draw=draw,
        trained=("W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o"),
        settings=Settings(
            Adam(0.003), iterations=500, length=LENGTH, solved=0.2, reference=float(np.log(SYMBOLS)), runs=12
        ),
        references=(BENGIO,),
    )
