"""A derivation as plain data: what ``bptt derive --format json`` prints."""

from __future__ import annotations

from typing import Any

from derive.derivation import Derivation, Prose, Step
from reports.formula.to_latex import latex
from reports.formula.to_text import text
from reports.present import prose, show


def as_json(derivation: Derivation) -> dict[str, Any]:
    """The model's names, and ``"sections": [{"key", "title", "about", "steps": […]}]``.

    The names are "cell", "layers", "feedback", "wiring", "bridge", "normalisation" and "loss".

    A step has "key", "rule", "because", "proof" (its method, or null), "premises", "where" (its indices and ranges),
    and both sides as "text" and as "latex".
    """
    model = derivation.model
    return {
        **model.names,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "about": _plain(section.about),
                "steps": [_step(step) for step in derivation.of(section.key)],
            }
            for section in derivation.sections
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    left, right = show(step.lhs), show(step.rhs)
    return {
        "key": step.key,
        "rule": step.rule,
        "because": _plain(step.because),
        "proof": step.proof.method if step.proof else None,
        "premises": list(step.proof.premises) if step.proof else [],
        "where": [{"index": str(r.index), "from": str(r.lower), "to": str(r.upper)} for r in step.where],
        "text": f"{text(left)} = {text(right)}",
        "latex": f"{latex(left, colour=False)} = {latex(right, colour=False)}",
    }


def _plain(words: Prose) -> str:
    return "".join(part if isinstance(part, str) else text(part) for part in prose(words))
