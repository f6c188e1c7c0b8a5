"""Training as plain data; an infinite loss, that of a stopped run, is ``null``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.indices import by_name
from verify.training.outcome import QUARTILES, Outcome, quantiles
from verify.training.result import Experiment


def as_json(experiments: Sequence[Experiment]) -> list[dict[str, Any]]:
    """An object for every task."""
    return [_experiment(own) for own in experiments]


def _experiment(own: Experiment) -> dict[str, Any]:
    settings = own.task.settings
    turns = {name: own.reach.right_from(getattr(own.reach, name)) for name in ("windows", "chunks")}
    return {
        "task": own.task.name,
        "title": own.task.title,
        "model": own.task.model.names,
        "sizes": by_name(own.task.sizes),
        "seed": own.seed,
        "optimiser": settings.optimiser.said,
        "iterations": settings.iterations,
        "runs": settings.runs,
        "mean_length": settings.length,
        "rates": list(settings.rates),
        "solved_below": settings.solved * settings.reference,
        "downhill_from": turns,
        "along_by_length": {"windows": _numbers(own.reach.windows), "chunks": _numbers(own.reach.chunks)},
        "strategies": [_outcome(out, settings.rates) for out in own.compared],
        "other_lengths": [_outcome(out, settings.rates[:1]) for out in own.more],
    }


def _outcome(out: Outcome, rates: Sequence[float]) -> dict[str, Any]:
    return {
        "strategy": out.strategy.name,
        "options": {name: str(value) for name, value in out.strategy.options.items()},
        "runs": out.runs,
        "by_rate": [
            {
                "rate": rate,
                "final_quartiles": _numbers(out.quartiles(place)),
                "final": _numbers(out.final[place]),
                "solved": out.solved(place),
                "diverged": out.diverged(place),
                "stopped": out.stopped(place),
            }
            for place, rate in enumerate(rates)
        ],
        "products_per_sequence": out.cost.operations,
        "steps_kept": out.cost.memory,
        "first_gradient": vars(out.beginning),
        "curve": {
            "iterations": _numbers(out.at),
            "quartiles": {
                f"{q:g}": _numbers(own) for q, own in zip(QUARTILES, quantiles(out.curves[:, 0]), strict=True)
            },
        },
    }


def _numbers(values: Sequence[float] | Array) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
