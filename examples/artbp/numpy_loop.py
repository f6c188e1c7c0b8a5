"""ARTBP in plain NumPy, on a stream of data that never ends:  python numpy_loop.py

(Tallec & Ollivier 2017, https://arxiv.org/abs/1705.08209.)  The stream is cut into chunks of random length: after every
step with the chance kappa.  Backwards, what passes a link that was not cut is divided by 1 − kappa, which is the chance
that it was not; so the gradients of all chunks together have the mean of the full one.  The weights change after every
chunk, and the state goes on.
"""

from __future__ import annotations

import numpy as np

Arrays = dict[str, np.ndarray]
UNITS, DELAY, CHUNKS, RATE, LENGTH = 16, 3, 4000, 0.02, 10


def chunk_gradient(
    w: Arrays, h: np.ndarray, inputs: np.ndarray, targets: np.ndarray, kappa: float
) -> tuple[float, Arrays, np.ndarray]:
    """The summed loss ½‖o − y‖² of one chunk (steps, m), its gradient, and the last state; h is the state before it.

    h_t = tanh(W_h h_{t−1} + W_i x_t + b), o_t = W_o h_t + b_o.
    """
    states, errors = [h], []
    for x, y in zip(inputs, targets, strict=True):
        states.append(np.tanh(w["W_h"] @ states[-1] + w["W_i"] @ x + w["b"]))
        errors.append(w["W_o"] @ states[-1] + w["b_o"] - y)
    gradient = {name: np.zeros_like(array) for name, array in w.items()}
    back = np.zeros_like(h)  # nothing comes back over the cut
    for t in range(len(inputs), 0, -1):
        error = errors[t - 1]
        delta = w["W_o"].T @ error + back
        before_tanh = (1 - states[t] ** 2) * delta
        gradient["W_o"] += np.outer(error, states[t])
        gradient["b_o"] += error
        gradient["W_h"] += np.outer(before_tanh, states[t - 1])
        gradient["W_i"] += np.outer(before_tanh, inputs[t - 1])
        gradient["b"] += before_tanh
        back = w["W_h"].T @ before_tanh / (1 - kappa)  # the compensation
    return float(sum(error @ error for error in errors)) / 2, gradient, states[-1]


def first_weights(rng: np.random.Generator, units: int = UNITS) -> Arrays:
    return {
        "W_h": 0.9 * np.linalg.qr(rng.normal(size=(units, units)))[0],
        "W_i": rng.normal(size=(units, 1)),
        "b": np.zeros(units),
        "W_o": rng.normal(size=(1, units)) / np.sqrt(units),
        "b_o": np.zeros(1),
    }


def train(kappa: float = 1 / LENGTH, chunks: int = CHUNKS, seed: int = 0) -> list[float]:
    """The mean loss of a step in every chunk; the stream asks for the input of ``DELAY`` steps ago."""
    rng = np.random.default_rng(seed)
    w, h, recent = first_weights(rng), np.zeros(UNITS), np.zeros((DELAY, 1))
    losses = []
    for _ in range(chunks):
        steps = rng.geometric(kappa)  # a decision after every step: the length of a chunk is geometric
        seen = np.concatenate([recent, rng.uniform(-1, 1, (steps, 1))])
        loss, gradient, h = chunk_gradient(w, h, seen[DELAY:], seen[:-DELAY], kappa)
        for name, array in gradient.items():
            w[name] -= RATE * array
        recent = seen[-DELAY:]
        losses.append(loss / steps)
    return losses


if __name__ == "__main__":
    found = train()
    for first in range(0, CHUNKS, CHUNKS // 8):
        print(f"chunks from {first:5d}: loss {np.mean(found[first : first + CHUNKS // 8]):.4f}")
