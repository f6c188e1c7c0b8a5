"""Gradients and lags in floating point, against forward mode."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from verify.comparison import Block, Subject, judged, truths
from verify.mutations.values import Claim, Values, looking
from verify.mutations.watch import Look, Watch
from verify.oracles import forward_mode
from verify.problem import Problem
from verify.rungs import Rung
from verify.verdicts import Verdict

_NAME = "forward_mode"


def _start(derivation: Derivation, problem: Problem) -> Look:
    """The tolerance of a block is that of the right formula there: the same numbers, rounded as often."""
    subject = Subject(problem, derivation)
    truth = dict(truths(subject, forward_mode.jacobian, subject.lags))
    spreads = {(block.form, block.claim): block.spread for block in subject.blocks}

    def refuted(claim: Claim, array: Array) -> bool:
        form, name = claim
        if name not in truth:
            return False
        block = Block(name, form, np.broadcast_to(array, truth[name].value.shape), spreads[claim])
        return judged(block, truth[name], _NAME, problem).verdict is Verdict.REFUTED

    return looking(Values(derivation, problem.forward), refuted)


WATCH = Watch(_NAME, "gradients", Rung.FLOATING, True, _start, forward_mode.missing)
