"""Does the generated code compute what the printed formulas say?  The interpreter evaluates them, step by step.

This is no evidence about the derivation, whose errors both sides share; all other evidence judges the code as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.run import FORMS
from derive.unroll import place
from verify.comparison import Block, Subject, judged, near_a_kink
from verify.generated.code import FORM
from verify.oracles.taylor import loss_rounding
from verify.program import Measured
from verify.rungs import INTERPRETER
from verify.verdicts import Finding, Verdict

TITLE = "the compiled gradient against the printed formulas"


def check_code(subject: Subject) -> Iterator[Finding]:
    """The loss and every gradient; where there is no code, one finding that says why."""
    problem = subject.problem
    code = subject.code
    if code is None:
        if subject.generated is not None and subject.generated.refusal:
            yield Finding("gradient", INTERPRETER, Verdict.NOT_RUN, FORM, reason=subject.generated.refusal)
        return
    kink = near_a_kink(problem, INTERPRETER)
    if kink:
        yield kink
        return
    loss, _ = code.run(code.given(problem.given, problem.sizes))
    truth = np.mean(problem.forward.values[place(problem.model.total)]).reshape(1, 1)
    off = np.full((1, 1), loss_rounding(problem))
    yield judged(Block("loss", FORM, np.array([[loss]]), 0.0), Measured(truth, off), INTERPRETER, problem)
    printed = {block.claim: block for block in subject.blocks if block.form == FORMS[-1].name}
    for block in subject.blocks:
        if block.form == FORM:
            found = printed[block.claim].value
            yield judged(block, Measured(found, np.zeros_like(found)), INTERPRETER, problem)
