"""One problem on which somebody's gradients are compared with ours, once ours agree with an oracle's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from derive import registry
from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import FORMS, name_of
from derive.unroll import place
from verify.comparison import Block, Subject, judged, roundings
from verify.gradcheck.answer import Returned
from verify.gradcheck.convention import Arguments, arguments, is_vector
from verify.gradcheck.result import EVIDENCE
from verify.problem import Problem
from verify.program import Measured
from verify.rounding import EPS, amplitude, tolerance
from verify.rungs import ORACLES
from verify.verdicts import Finding, Verdict, Witness

ADJOINT = FORMS[-1]
_CONFIRMING = ("forward_mode", "complex_step")
_FREEDOM = 2.0
"""How much further than ours another order of the same operations may be carried by rounding."""
_NEARLY = 1e-5
_TOO_COARSE = "numbers of so few digits cannot tell: compute in float64 to be judged"
_AS_SINGLE = (
    "nearly right: is there a float32 inside, a finite difference, or a small number that keeps a logarithm or a "
    "division safe? A result that is float32 itself is judged as such"
)


@dataclass(frozen=True, eq=False)
class Case:
    """A problem, with the derived gradients on it."""

    problem: Problem
    derivation: Derivation

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.problem, self.derivation, (ADJOINT,))

    @cached_property
    def arguments(self) -> Arguments:
        return arguments(self.problem)

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """The derived gradient of every parameter, with the reach of its rounding."""
        return {block.claim.partition(".")[2]: block for block in self.subject.blocks}

    @cached_property
    def ours(self) -> dict[str, Array]:
        return {name: block.value for name, block in self.blocks.items()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name_of(w) for w in self.problem.sources)

    def doubt(self) -> str:
        """Why our own gradients are not to be trusted here; empty when an oracle confirms them all."""
        oracle = confirming()
        findings = list(registry.load(ORACLES, oracle, "oracle").judge(self.subject))
        for finding in findings:
            if finding.verdict is not Verdict.AGREED:
                return f"our own {finding.claim} is {finding.verdict.value} by {oracle} {finding.reason}".rstrip()
        missing = set(self.names) - {finding.claim.partition(".")[2] for finding in findings}
        return f"{oracle} has no gradient of {', '.join(sorted(missing))}" if missing else ""

    def allowed(self, name: str, theirs: Array, eps: float) -> float:
        """The absolute difference that rounding explains, in arithmetic of precision ``eps``."""
        block = self.blocks[name]
        scale = float(max(np.max(np.abs(block.value)), np.max(np.abs(theirs))))
        return _FREEDOM * eps / EPS * tolerance(block.spread, scale, amplitude(roundings(self.problem)))

    def findings(self, returned: Returned) -> Iterator[Finding]:
        """One for every gradient that was returned in a shape that can be compared."""
        for name, theirs in returned.gradients.items():
            yield self.finding(name, theirs, returned.eps)

    def finding(self, name: str, theirs: Array, eps: float = EPS) -> Finding:
        """Theirs is the claim, ours is what is found."""
        claim = f"gradient.{name}"
        if not np.all(np.isfinite(theirs)):
            row, col = np.argwhere(~np.isfinite(theirs))[0]
            where = f"entry ({row + 1}, {col + 1})"
            witness = Witness(where, claimed=str(theirs[row, col]), found=float(self.ours[name][row, col]))
            reason = "not finite: a division by zero, or an overflow"
            found = Finding(claim, EVIDENCE, Verdict.REFUTED, reason=reason, witness=witness, sizes=self.problem.label)
            return self._worded(name, found, eps)
        allowed = self.allowed(name, theirs, eps)
        block = Block(claim, "", theirs, self.blocks[name].spread)
        truth = Measured(self.ours[name], np.full(theirs.shape, allowed))
        found = judged(block, truth, EVIDENCE, self.problem)
        return self._worded(name, found, eps)

    def _worded(self, name: str, found: Finding, eps: float) -> Finding:
        """The finding in the words of somebody who has written a function: entry 2 of a vector."""
        if found.witness is not None and is_vector(next(w for w in self.problem.sources if name_of(w) == name)):
            entry = found.witness.where.replace("(", "").partition(",")[0]
            found = replace(found, witness=replace(found.witness, where=entry))
        if found.verdict is Verdict.REFUTED and found.error is not None and found.error < _NEARLY:
            return replace(found, reason=_AS_SINGLE)
        if found.verdict is Verdict.NOT_RUN and eps > EPS:
            return replace(found, reason=_TOO_COARSE)
        return found

    def loss(self, theirs: float, eps: float) -> Finding:
        """The loss that was returned with the gradients."""
        model, forward = self.problem.model, self.problem.forward
        ours = np.mean(forward.values[place(model.total)])
        block = Block("loss", "", np.full((1, 1), theirs), 0.0)
        allowed = np.full((1, 1), _FREEDOM * _FREEDOM * eps / EPS * amplitude(roundings(self.problem)) * abs(ours))
        return judged(block, Measured(np.full((1, 1), ours), allowed), EVIDENCE, self.problem)


def confirming() -> str:
    """The oracle that our own gradient has to agree with first."""
    known = registry.names(ORACLES)
    return next(name for name in _CONFIRMING if name in known)
