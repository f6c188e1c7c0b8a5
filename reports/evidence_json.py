"""Evidence as plain data: what ``bptt verify --json`` prints."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from verify.problem import Problem
from verify.rungs import Rung, rung_of
from verify.verdicts import Evidence, Finding


def evidence_json(evidence: Evidence, problem: Problem, seed: int) -> str:
    """``{"model", "sizes", "seed", "redrawn", "counts", "rungs", "exit_code", "findings": […], "left_out": […]}``.

    ``redrawn`` has the reason for every random draw that was not taken, such as a point near a kink.

    There is one finding for each claim and evidence; ``left_out`` has those of optional oracles that do not count.

    A finding has "claim", "evidence", "rung", "verdict", and where they apply "form", "error", "tolerance" and "scale"
    (the first two relative to the third), "failure", "radius", "theorem", "reason", "witness" and "sizes".
    """
    model = problem.model
    by_rung = Counter(rung_of(finding.evidence) for finding in evidence.findings)
    data = {
        "model": model.names,
        "sizes": problem.label,
        "seed": seed,
        "redrawn": list(problem.redrawn),
        "counts": evidence.counts(),
        "rungs": {rung.value: count for rung in Rung if (count := by_rung[rung])},
        "exit_code": evidence.exit_code,
        "findings": [_finding(finding) for finding in evidence.findings],
        "left_out": [_finding(finding) for finding in evidence.left_out],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    own = finding.as_json()
    return {"claim": own.pop("claim"), "evidence": own.pop("evidence"), "rung": rung_of(finding.evidence), **own}
