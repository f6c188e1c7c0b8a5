"""How far back a loss reaches: the gradient of one step's loss, by the lag of the step that the parameter acted in.

∂ℓ_t/∂w = Σ_i ∂ℓ_t/∂h_t · P(t, i) · b_i, the inner sum of the derived double sum.  The row ∂ℓ_t/∂h_t · P(t, i) is
carried back as a unit vector and a logarithm, and pulled back through b_i by the derived sweep, so that a term of
10⁻⁵⁰⁰⁰ is as exact as one of size one.

Effective memory: the first lag from which on every term is below a fraction of the largest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.evaluate import evaluate
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Factors
from derive.growth.pulled import pulled_norms
from derive.growth.trajectory import Window
from derive.indices import t, value
from derive.run import Derived
from derive.unroll import place, table_of

FRACTIONS = (1e-2, 1e-6)
MOST_ENDS = 8


@dataclass(frozen=True)
class Memory:
    """Of one sequence: ``ends`` (e,) are the steps whose losses are followed back; ``log_norms`` maps a parameter to
    (e, longest + 1): log ‖term of lag ℓ‖_F, NaN where the sequence has no such lag, −∞ where the term is zero.
    ``log_adjoint`` (e, longest + 1) is log ‖∂ℓ_t/∂h_t P(t, t − ℓ)‖₂, what arrives at the state itself."""

    ends: tuple[int, ...]
    log_norms: Mapping[str, Array]
    log_adjoint: Array

    @property
    def log_whole(self) -> Array:
        """The same for all parameters of the recurrence together, (e, longest + 1)."""
        with np.errstate(invalid="ignore"):  # NaN where a sequence has no such lag
            return np.logaddexp.reduce([2 * norms for norms in self.log_norms.values()], axis=0) / 2


def reach(log_norms: Array, fraction: float) -> Array:
    """The first lag from which on every term is below ``fraction`` of the largest, for each row (e, lags).

    The number of lags that the row has where even the last is not below it: the memory is longer than can be seen.
    """
    return np.array([_reach(row[~np.isnan(row)], fraction) for row in log_norms], dtype=int)


def _reach(known: Array, fraction: float) -> int:
    largest = known.max(initial=-np.inf)
    if not np.isfinite(largest):
        return 0
    return int(np.flatnonzero(known >= largest + np.log(fraction))[-1]) + 1


@dataclass
class Ends:
    """The vectors that are carried back: a column (n,) for each end, at the step that the sweep has reached."""

    steps: tuple[int, ...]
    columns: Array
    logs: Array

    def start(self, end: int, seed: Array) -> None:
        """The error at a step with a loss joins in."""
        self._put(self.steps.index(end), seed, 0.0)

    def carry(self, links: Sequence[Any]) -> None:
        """Back through one factor: δ ← cᵀ δ, all ends at once."""
        for link in links:
            self.columns = link.column * self.columns if isinstance(link, Diagonal) else link.T @ self.columns
        lengths = np.linalg.norm(self.columns, axis=0)
        self.columns = self.columns / np.where(lengths > 0, lengths, 1.0)
        with np.errstate(divide="ignore"):
            self.logs = self.logs + np.log(lengths)

    def _put(self, column: int, vector: Array, log: float) -> None:
        length = float(np.linalg.norm(vector))
        self.columns[:, column] = vector / length if length else 0.0
        self.logs[column] = log + np.log(length) if length else -np.inf


def memory(
    derivation: Derivation,
    chain: Chain,
    *,
    sequence: int = 0,
    ends: int = MOST_ENDS,
    progress: Callable[[str], None] = lambda what: None,
) -> Memory:
    """Follow the losses of up to ``ends`` steps, spread over the second half, back to the first step.

    ``chain`` is that of the phase with the losses.
    """
    steps = _chosen(chain, ends)
    followed = Ends(steps, np.zeros((chain.size, len(steps))), np.full(len(steps), -np.inf))
    longest = max(steps)
    names = [w.name for w in chain.theory.phase.parameters]
    log_norms = {name: np.full((len(steps), longest), np.nan) for name in names}
    adjoint = np.full((len(steps), longest), np.nan)
    for window, found in chain.windows(backward=True):
        progress(f"the losses followed back, step {window.first} of {chain.steps}")
        columns, logs = _carried(derivation, chain, window, found.of(sequence), followed, sequence)
        for number, end in enumerate(steps):
            _record(
                chain, window, sequence, (columns[..., number], logs[:, number]), (log_norms, adjoint), (number, end)
            )
    return Memory(steps, log_norms, adjoint)


def _chosen(chain: Chain, count: int) -> tuple[int, ...]:
    first, last = (value(limit, chain.trajectory.sizes) for limit in (chain.theory.first, chain.theory.last))
    spread = np.linspace(last, max(first, (chain.steps + 1) // 2), count)
    return tuple(sorted({int(step) for step in spread}))


def _carried(
    derivation: Derivation, chain: Chain, window: Window, found: Factors, followed: Ends, sequence: int
) -> tuple[Array, Array]:
    """∂ℓ_end/∂h_t at every step t of the window as unit columns (steps, n, ends), with their logarithms."""
    columns = np.empty((window.steps, chain.size, len(followed.steps)))
    logs = np.empty((window.steps, len(followed.steps)))
    for offset in reversed(range(window.steps)):
        step = window.first + offset
        if step in followed.steps:
            followed.start(step, seed_at(derivation, chain, window, step, sequence))
        columns[offset], logs[offset] = followed.columns, followed.logs
        followed.carry(found[offset])
    return columns, logs


def seed_at(derivation: Derivation, chain: Chain, window: Window, step: int, sequence: int) -> Array:
    """∂ℓ_t/∂h_t at one step with a loss, (n,), by the derivation's own formula for g_t."""
    model, offset = chain.theory.model, step - window.first
    trajectory = chain.trajectory
    table = table_of(model, {w: a for w, a in trajectory.given.items() if w[2] is None}, trajectory.sizes)
    for letter, array in window.timed.items():
        table.values[*letter, step] = array[len(array) - window.steps + offset, sequence]
        if len(array) > window.steps:
            table.values[*letter, step - 1] = array[offset, sequence]
    for variable in (*model.inputs_of(model.main), model.readout.target):
        given = trajectory.given[*variable.letter, step]
        table.values[*variable.letter, step] = given[min(sequence, len(given) - 1)] if np.ndim(given) > 2 else given
    with np.errstate(all="ignore"):  # a loss may be infinite: its gradient need not be
        for equation in model.after:
            table.values[place(equation.target, {t: step})] = evaluate(equation.expression, table, {t: step})
    env = Derived(derivation, table)
    return np.asarray(env.leaf(chain.theory.g(step), {}))[..., 0].reshape(-1)


def _record(
    chain: Chain, window: Window, sequence: int, carried: tuple[Array, Array], into: tuple[dict[str, Array], Array],
    which: tuple[int, int],
) -> None:  # fmt: skip
    """The size of every term of one end that this window holds."""
    (columns, logs), (log_norms, adjoint), (number, end) = carried, into, which
    steps = np.arange(window.first, window.last + 1)
    valid = steps <= end
    lags = (end - steps)[valid]
    adjoint[number, lags] = logs[valid]
    for name, norms in pulled_norms(chain.theory, window, sequence, columns).items():
        with np.errstate(divide="ignore"):
            log_norms[name][number, lags] = (np.log(norms) + logs)[valid]
