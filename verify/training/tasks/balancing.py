"""Influence balancing: near influences on the loss have the opposite sign of all of them together.

(Tallec & Ollivier 2017, section 5.)  h_t = A h_{t−1} + s θ with A_{k,k} = A_{k,k+1} = 1/2 and s = (1, …, 1, −1, …, −1),
p of the n entries positive; only the first unit is seen, ℓ_t = ½ (h_{t,1} − 1)².  What θ does to unit k reaches the
first one about 2k steps later: at first the positive entries arrive, then the negative ones, which are more.  In the
long run h_{t,1} = 2 (2p − n) θ = −6 θ, so θ = −1/6 is best, but a gradient that sees the near past alone pushes θ up.
"""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.cell import Cell, Equation, lag, parameter, state
from derive.indices import N_STATE
from derive.model import build
from derive.strategies.artbp import TALLEC
from verify.training.optimisers import Falling
from verify.training.seeds import Generator
from verify.training.task import Settings, Task, sizes

UNITS, POSITIVE, STEPS = 23, 10, 200
BEST = 1 / (2 * (2 * POSITIVE - UNITS))
"""The θ with h_{t,1} = 1 in the long run."""
_SPREAD = 0.05


def cell() -> Cell:
    """h_t = A h_{t−1} + s θ: no input, and one number to learn."""
    n = N_STATE
    h, A, s, theta = state("h", n), parameter("A", n, n), parameter("s", n), parameter("theta", 1)
    return Cell(
        name="balancing",
        title="influence balancing, h_t = A h_{t−1} + s θ",
        states=(h,),
        inputs=(),
        parameters=(A, s, theta),
        equations=(Equation(h, A @ lag(h) + s @ theta),),
        references=(TALLEC,),
    )


def start(runs: int, rng: Generator) -> dict[str, Array]:
    """θ near zero; the rest is fixed, and the same in all runs."""
    signs = np.where(np.arange(UNITS) < POSITIVE, 1.0, -1.0).reshape(UNITS, 1)
    return {
        "A": (np.eye(UNITS) + np.eye(UNITS, k=1)) / 2,
        "s": signs,
        "theta": rng.uniform(-_SPREAD, _SPREAD, (runs, 1, 1, 1)),
        "W_o": np.eye(1, UNITS),
        "b_o": np.zeros((1, 1)),
    }


def draw(runs: int, rng: Generator) -> tuple[Array | None, Array]:
    """The target is one at every step."""
    return None, np.ones((STEPS, 1, 1, 1, 1))


def task() -> Task:
    return Task(
        name="balancing",
        title="Influence balancing",
        about=(
            f"A linear network of {UNITS} units has one parameter θ, which pushes the {POSITIVE} units next to the one "
            f"that is seen up and the other {UNITS - POSITIVE} down; what it does to a unit takes about twice as many "
            "steps to arrive as the unit is far away. Near influences make the wrong impression of the whole."
        ),
        model=build(cell(), loss="squared_error"),
        sizes=sizes(UNITS, 1, STEPS),
        start=start,
        draw=draw,
        trained=("theta",),
        settings=Settings(
            Falling(0.008), iterations=250, length=16, solved=0.01, reference=0.5, rates=(1.0, 0.5, 2.0, 4.0)
        ),
        references=(TALLEC,),
        stream=True,
        remark=(
            "The error of θ is multiplied by one random factor in every iteration. The mean of the product is that of "
            "the full gradient; its median lies below the mean, so most runs are quicker than with the full gradient, "
            "and some are much slower."
        ),
    )
