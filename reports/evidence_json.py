"""Evidence as plain data: what ``bptt verify --json`` prints."""

from __future__ import annotations

import json

from verify.problem import Problem
from verify.verdicts import Evidence


def evidence_json(evidence: Evidence, problem: Problem, seed: int) -> str:
    """``{"model", "sizes", "seed", "counts", "exit_code", "findings": […], "left_out": […]}``.

    There is one finding for each claim and evidence; ``left_out`` has those of optional oracles that do not count.

    A finding has "claim", "evidence", "verdict", and where they apply "form", "error", "tolerance" and "scale" (the
    first two relative to the third), "reason", "witness" and "sizes".
    """
    model = problem.model
    data = {
        "model": model.names,
        "sizes": problem.label,
        "seed": seed,
        "counts": evidence.counts(),
        "exit_code": evidence.exit_code,
        "findings": [finding.as_json() for finding in evidence.findings],
        "left_out": [finding.as_json() for finding in evidence.left_out],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"
