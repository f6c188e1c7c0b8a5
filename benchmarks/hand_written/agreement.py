"""Whether the code by hand computes what the compiled program does: asked before anything is timed."""

from __future__ import annotations

from types import ModuleType

from measuring.case import CELLS, Case, distance, drawn

from hand_written import gru, lstm, rnn

MODULES: dict[str, ModuleType] = {"rnn": rnn, "gru": gru, "lstm": lstm}
STEPS, HIDDEN, BATCH = 7, 5, 3
ALLOWED = 1e-10


def error(case: Case) -> float:
    """The worst entry of loss and gradient, relative to its array; of the second call, which reuses the memory."""
    by_hand = MODULES[case.cell]
    workspace = by_hand.Workspace(case.steps, case.hidden, case.batch, case.hidden, case.hidden)
    w = by_hand.stacked(case.parameters)
    for _ in range(2):
        loss, found = workspace.gradient(w, case.starts, case.x, case.y)
    wanted, gradient = case.reference
    return max(abs(loss - wanted) / abs(wanted), distance(by_hand.named(found), gradient))


def agreed() -> dict[str, float]:
    """The errors, by cell.  Raises SystemExit where one is larger than a rounding would make it."""
    errors = {cell: error(drawn(cell, STEPS, HIDDEN, BATCH)) for cell in CELLS}
    for cell, found in errors.items():
        if not found <= ALLOWED:
            raise SystemExit(f"{cell}: by hand and compiled differ by {found:.1e} of the largest entry")
    return errors
