"""The study of a product chain as plain data: natural logarithms; that of zero is the text "-inf", and a number that
there is none of is ``null``."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.growth.anatomy import Anatomy
from derive.growth.memory import FRACTIONS
from derive.growth.study import Study
from derive.indices import by_name
from derive.plain import plain
from reports.growth.material import Growth
from reports.growth.numbers import averaged, looseness, memory_by_lag

_LEADING = 8


def growth_json(growth: Growth) -> str:
    """One JSON object, a line for each member."""
    remedies = [own.as_json() for own in growth.remedies]
    about = {"command": growth.command, "notes": list(growth.notes), "seed": growth.problem.seed}
    whole: dict[str, Any] = {**about, **as_data(growth.study), "remedies": remedies}
    lines = (f"  {json.dumps(name)}: {json.dumps(v, ensure_ascii=False, allow_nan=False)}" for name, v in whole.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def as_data(study: Study) -> dict[str, Any]:
    """Everything in the study as numbers, strings, lists and objects."""
    chain = study.chain
    return {
        "model": study.derivation.model.names,
        "sizes": {**by_name(chain.trajectory.sizes), "batch": study.batch},
        "steps": study.steps,
        "state_size": chain.size,
        "sequences": list(study.sequences),
        "log_singular_values": _spread(np.array([own.log_singular_values for own in study.spectra])),
        "lyapunov_exponents": _spread(np.array([own.exponents for own in study.spectra])),
        "rank": [own.rank for own in study.spectra],
        "sweeps": [own.sweeps for own in study.spectra],
        "agreement": _numbers([own.agreement for own in study.spectra]),
        "determinant_error": _number(study.determinant_error),
        "by_lag": _by_lag(study),
        "bounds": _bounds(study),
        "transient": {w.name: _plain(vars(own)) for w, own in study.transients.items()},
        "anatomy": [_anatomy(own) for own in study.anatomies],
        "survives": [_survives(study, sequence) for sequence in range(chain.batch)],
        "saturation": [[_plain(vars(own)) for own in each] for each in study.saturations],
        "memory": _memory(study),
    }


def _by_lag(study: Study) -> dict[str, Any]:
    return {
        "lags": list(study.lags),
        "log_norm": _spread(study.log_norms),
        "log_product_of_norms": _spread(study.log_products),
        "log_weights_bound": None if study.log_weights is None else _numbers(study.log_weights),
        "log_singular_values": [_numbers(own.by_lag) for own in study.spectra],
    }


def _bounds(study: Study) -> dict[str, Any]:
    bound = study.weights
    return {
        "weights": None if bound is None else {"factor": plain(bound.node), "value": _number(bound.value)},
        "looseness_in_nats_per_step": {name: _number(value) for name, value in looseness(study).items()},
    }


def _anatomy(own: Anatomy) -> dict[str, Any]:
    alive = np.isfinite(own.growth)
    return {
        "kind": "logarithms that add up to the growth" if own.logarithmic else "shares that add up to one",
        "mean_growth": _number(own.growth[alive].mean()) if alive.any() else None,
        "parts": [
            {
                "part": plain(part.node),
                "block": part.block,
                "mean": _number(share[alive].mean()) if alive.any() else None,
            }
            for part, share in zip(own.parts, own.shares, strict=True)
        ],
    }


def _survives(study: Study, sequence: int) -> dict[str, Any]:
    """The entries of the state with the largest part in the leading singular vectors."""
    own, names = study.spectra[sequence], study.chain.names
    return {
        side: {names[k]: _number(vector[k]) for k in np.argsort(-np.abs(vector))[:_LEADING]}
        for side, vector in (("at_the_end", own.left), ("at_the_start", own.right))
    }


def _memory(study: Study) -> dict[str, Any] | None:
    if not study.memories:
        return None
    lags, bands = memory_by_lag(study)
    return {
        "ends": [list(own.ends) for own in study.memories],
        "reach": {f"{fraction:g}": [int(lag) for lag in study.reach(fraction)] for fraction in FRACTIONS},
        "by_lag": {"lags": [int(lag) for lag in lags], **{name: _numbers(row) for name, row in bands.items()}},
    }


def _spread(rows: Array) -> dict[str, Any]:
    """Mean and standard deviation over the sequences, and every sequence."""
    mean, deviation = averaged(rows)
    return {"mean": _numbers(mean), "deviation": _numbers(deviation), "sequences": [_numbers(row) for row in rows]}


def _numbers(values: Sequence[float] | Array) -> Any:
    if np.ndim(values) > 1:
        return [_numbers(row) for row in values]
    return [_number(value) for value in values]


def _number(value: Any) -> float | str | None:
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else "inf" if value > 0 else "-inf"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _number(value) if isinstance(value, float) else value for name, value in values.items()}
