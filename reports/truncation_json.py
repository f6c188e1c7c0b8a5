"""The study of truncation as plain data; exact numbers are texts such as "3/7", a number that there is none of null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derive.strategy import Strategy
from derive.truncation.bench import Measured
from derive.truncation.distance import Distance
from derive.truncation.study import Study
from reports.truncation.material import Recommended, Truncation
from reports.truncation.training_json import as_json as training_data
from verify.truncation.controls import Uncompensated
from verify.truncation.enumeration import Enumerated, Exact
from verify.truncation.unbiased import Ways


def truncation_json(truncation: Truncation) -> str:
    """One JSON object, a line for each member."""
    whole = as_data(truncation)
    lines = (f"  {json.dumps(name)}: {json.dumps(v, ensure_ascii=False, allow_nan=False)}" for name, v in whole.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def as_data(truncation: Truncation) -> dict[str, Any]:
    """Everything as numbers, strings, lists and objects."""
    study, problem = truncation.study, truncation.problem
    return {
        "command": truncation.command,
        "notes": list(truncation.notes),
        "seed": problem.seed,
        "model": problem.model.names,
        "sizes": problem.label,
        "steps": study.steps,
        "length": study.length,
        "gradient_norm": _number(study.norm),
        "recommended": _recommended(truncation),
        "strategies": [_measured(own) for own in study.measured],
        "unbiased": [_ways(own) for own in truncation.judged.ways],
        "exact": _exact(truncation.exact),
        "windows": _curve(study.windows, study),
        "chunks": _curve(study.chunks),
        "by_parameter": {
            name: {"tau": list(own), "relative_bias": [_number(each.relative) for each in own.values()]}
            for name, own in study.by_parameter.items()
        },
        "by_length": [_measured(own) for own in study.by_length],
        "detached": [finding.as_json() for finding in truncation.detached],
        "training": training_data(truncation.experiments) if truncation.experiments else None,
    }


def strategy_data(strategy: Strategy) -> dict[str, Any]:
    """Its name, its options as texts, and what is declared of it."""
    options = {name: str(value) for name, value in strategy.options.items()}
    about = {"name": strategy.name, "options": options, "title": strategy.title}
    return {**about, "declared_unbiased": strategy.unbiased, "control": isinstance(strategy, Uncompensated)}


def _measured(own: Measured) -> dict[str, Any]:
    found = {
        **strategy_data(own.strategy),
        "mean_length": own.size,
        "relative_bias": _number(own.bias.relative),
        "angle": _number(own.bias.angle),
        "relative_deviation": _number(own.deviation),
        "relative_error": _number(own.error),
        "operations": _number(own.cost.operations),
        "memory": _number(own.cost.memory),
        "estimated_from_runs": own.runs or None,
    }
    if own.by_parameter is not None:
        found["by_parameter"] = {name: _distance(each) for name, each in own.by_parameter.items()}
    return found


def _distance(own: Distance) -> dict[str, Any]:
    return {"relative_bias": _number(own.relative), "angle": _number(own.angle)}


def _ways(own: Ways) -> dict[str, Any]:
    names = ("proof", "enumeration", "monte_carlo")
    findings = {name: finding.as_json() for name, finding in zip(names, own.findings, strict=True)}
    return {**strategy_data(own.strategy), "as_expected": own.is_right, **findings}


def _exact(exact: Exact) -> dict[str, Any]:
    return {
        "sizes": dict(exact.sizes),
        "steps": exact.steps,
        "strategies": [_enumerated(own) for own in exact.strategies],
        "windows": [
            {"tau": tau, "bias_is_zero": square == 0, "relative_bias": _root(square, exact.full_squared)}
            for tau, square in enumerate(exact.windows, start=1)
        ],
    }


def _enumerated(own: Enumerated) -> dict[str, Any]:
    return {
        **strategy_data(own.strategy),
        "patterns": own.patterns,
        "unbiased": own.is_unbiased,
        "equals_closed_form": own.equals_formula,
        "relative_bias": math.sqrt(own.relative_bias_squared),
        "differs_at": None if own.difference is None else dict(
            zip(("entry", "mean", "full"), map(str, own.difference), strict=True)
        ),
    }  # fmt: skip


def _root(square: Fraction, whole: Fraction) -> float | None:
    return math.sqrt(square / whole) if whole else None


def _curve(values: Mapping[int, Distance], study: Study | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "tau": list(values),
        "relative_bias": [_number(own.relative) for own in values.values()],
        "angle": [_number(own.angle) for own in values.values()],
    }
    if study is not None:
        found["bound"] = [_number(study.bound(tau)) for tau in values]
        found["estimated_bound"] = [_number(study.estimated_bound(tau)) for tau in values]
    return found


def _recommended(truncation: Truncation) -> dict[str, Any]:
    found: dict[str, Any] = {"max_bias": truncation.most_bias}
    for name in ("window", "chunks", "bound"):
        own: Recommended = getattr(truncation, name)
        found[name] = {"tau": own.tau, "bias": _number(own.there), "bias_one_step_shorter": _number(own.before)}
    return found


def _number(value: Any) -> float | str | None:
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else "inf" if value > 0 else "-inf"
