"""How long the general-T derivation of the rnn takes, and that it does not depend on T, since it has no T.

In one process, after the imports: the first call (cold caches) and the median of nine more.  The evaluations at several
T are there for comparison: they are what grows.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported

import statistics
import time
from collections.abc import Callable

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import build
from derive.run import FORMS, gradients
from verify.problem import random_problem

WANTED_MS = 50.0
ROUNDS = 9
LENGTHS = (4, 16, 64, 256)


def milliseconds(action: Callable[[], object]) -> float:
    """One call."""
    start = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - start)


def median(action: Callable[[], object]) -> float:
    return statistics.median(milliseconds(action) for _ in range(ROUNDS))


def derived_for(steps: int) -> Callable[[], Derivation]:
    """The derivation as a user asks for it who wants ``steps`` steps: the number goes nowhere."""
    return lambda: derivation(build("rnn"))


def main() -> None:
    model = build("rnn")
    cold = milliseconds(lambda: derivation(model))
    usual = median(lambda: derivation(model))
    print(
        f"derive rnn, general T: first call {cold:.1f} ms, median of {ROUNDS} {usual:.1f} ms (wanted < {WANTED_MS} ms)"
    )
    proofs = [step for step in derivation(model) if step.proof is not None]
    whole = derivation(model)
    proving = median(lambda: [step.proof.holds(step, whole) for step in proofs if step.proof is not None])
    print(f"prove its {len(proofs)} proofs, general T: median of {ROUNDS} {proving:.1f} ms")
    print(f"{'T':>5} {'derive':>10} {'ratio':>6} {'adjoint sweep':>14} {'ratio':>6}")
    first: tuple[float, float] | None = None
    for steps in LENGTHS:
        problem = random_problem(model, steps=steps, hidden=8)
        forward = problem.forward
        times = median(derived_for(steps)), median(lambda f=forward: gradients(whole, f, FORMS[-1]))  # type: ignore[misc]
        first = first or times
        ratios = [now / then for now, then in zip(times, first, strict=True)]
        print(f"{steps:5} {times[0]:7.1f} ms {ratios[0]:6.2f} {times[1]:11.1f} ms {ratios[1]:6.1f}")


if __name__ == "__main__":
    main()
