"""The best NumPy that we can write by hand, with its memory kept from call to call (``benchmarks/hand_written``)."""

from __future__ import annotations

from types import ModuleType

from benchmarks.competitors.gradients._prepared import Prepared
from benchmarks.hand_written import gru, lstm, rnn
from benchmarks.measuring.case import Case

TITLE, PLACE = "by hand", 1
MODULES: dict[str, ModuleType] = {"rnn": rnn, "gru": gru, "lstm": lstm}


def prepare(case: Case) -> Prepared:
    by_hand = MODULES[case.cell]
    workspace = by_hand.Workspace(case.steps, case.hidden, case.batch, case.hidden, case.hidden)
    w = by_hand.stacked(case.parameters)
    return Prepared(
        lambda: workspace.gradient(w, case.starts, case.x, case.y), lambda found: (found[0], by_hand.named(found[1]))
    )
