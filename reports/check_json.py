"""A checked derivation as plain data: what ``bptt check --json`` prints."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from reports.check_words import counts
from verify.check.misconceptions import OTHER, TEXTS
from verify.check.result import WRONG, Checked, Counterexample, Explanation, Link, Place, Unreadable


def check_json(found: Checked, answer: bool = False) -> str:
    """``{"file", "names", "convention", "notes", "lines": […], "unread": […], "counts", "exit_code"}``.

    ``names`` says what each letter was taken for.  There is one of ``lines`` for every equality, and it always has

    - "line", "column", "end_line", "end_column" (from 1, the end is not part of it) and "source", the user's own text;
    - "mark" (✓ ✗ ?), "verdict" (PROVED, EXACT, ENCLOSED, AGREED, REFUTED, NOT RUN) and "evidence", a list of findings
      with "claim", "evidence", "verdict" and what else there is: "reason", "sizes", "failure", "theorem", …;
    - "reading" (null where the text has only one), "against_first" (compared with the head of its chain, since the
      member before it is wrong), "remarks";
    - "counterexample": null or {"sizes", "given", "entry", "left", "right"}, numbers as text;
    - "misconception", a key, "hint" and "fault", the place of the part that is at fault: null of a line that is right.

    With ``answer`` it has "answer" and "nearest" too, the nearest formula that is right (null where none was found).
    Formulas in hints and answers are LaTeX between dollar signs.  One of ``unread`` has a place, "source" and "reason".
    """
    data = {
        "file": found.file,
        "names": dict(found.names),
        "convention": found.convention,
        "notes": list(found.notes),
        "lines": [_line(link, answer) for link in found.links],
        "unread": [_unread(item) for item in found.unreadable],
        "counts": {name.replace(" ", "_"): count for name, count in counts(found).items()},
        "exit_code": found.exit_code,
    }
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=str) + "\n"


def _line(link: Link, answer: bool) -> dict[str, Any]:
    return {
        **asdict(link.place),
        "source": link.source,
        "mark": link.mark,
        "verdict": link.verdict.value,
        "evidence": [_finite(finding.as_json()) for finding in link.findings],
        "reading": link.reading or None,
        "against_first": link.against_first,
        "remarks": list(link.remarks),
        "counterexample": _counterexample(link.counterexample),
        **_explanation(link, answer),
    }


def _finite(data: Any) -> Any:
    """A number that is not finite is written as a word, since JSON has none."""
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    return str(data) if isinstance(data, float) and not math.isfinite(data) else data


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    return None if found is None else {**asdict(found), "sizes": dict(found.sizes), "given": dict(found.given)}


def _explanation(link: Link, answer: bool) -> dict[str, Any]:
    own = link.explanation
    if own is None and link.mark == WRONG:
        own = Explanation(OTHER, TEXTS[OTHER].hint(), TEXTS[OTHER].answer())
    told = {"answer": own.answer if own else None, "nearest": (own.nearest or None) if own else None} if answer else {}
    return {
        "misconception": own.misconception if own else None,
        "hint": own.hint if own else None,
        "fault": _place(own.place) if own else None,
        **told,
    }


def _place(place: Place | None) -> dict[str, int] | None:
    return None if place is None else asdict(place)


def _unread(item: Unreadable) -> dict[str, Any]:
    return {**asdict(item.place), "source": item.source, "reason": item.reason}
