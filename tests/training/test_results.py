"""What is counted and said follows the numbers, whatever they are."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from derive import registry
from derive.truncation.cost import Cost
from reports.document.blocks import Block, Bullets, Heading, Table
from reports.document.charts import Plot
from reports.document.inline import Cite
from reports.truncation.training import as_json, blocks, references
from reports.truncation.training_words import findings
from verify.training.beginning import Estimated, Reach
from verify.training.loop import smaller
from verify.training.outcome import Outcome, quantiles, thinned
from verify.training.result import Experiment, experiments, law, performed
from verify.training.task import names, task

FAMILIES = registry.names("derive.strategies")


@cache
def quick(name: str) -> Experiment:
    """A few iterations of a few runs."""
    return performed(smaller(task(name), runs=3, iterations=3, estimates=20))


def made(family: str, final: list[float], first: float = 1.0, **more: Any) -> Outcome:
    """An outcome with these final losses, at one rate; below 0.1 is solved."""
    own = registry.load("derive.strategies", family, "strategy").STRATEGY.of_length(10)
    own_start = np.full((1, len(final)), first + 1e-6 * FAMILIES.index(family))  # no two strategies have the same runs
    curves = np.stack([own_start, np.array([final])])
    return Outcome(
        own, np.array([1.0, 2.0]), curves, np.full((1, len(final)), first), np.array([final]), 0.1,
        Cost(20.0, 10.0), Estimated(1.0, 0.0, 0.0, 1), **more,
    )  # fmt: skip


def experiment(*outcomes: Outcome, turn: bool = False) -> Experiment:
    own = task("echo")
    own = replace(own, settings=replace(own.settings, runs=outcomes[0].runs))
    along = np.ones(own.steps)
    along[:2] = -1 if turn else 1
    return Experiment(own, 0, outcomes, (), Reach(along, np.ones(own.steps)))


def text(own: Experiment) -> str:
    return "\n".join(" ".join(str(part) for part in item) for item in findings(own))


def test_runs_are_counted_by_where_they_end() -> None:
    own = made("window", [0.01, 0.09, 0.5, 1.9, 2.5, np.inf])
    assert (own.solved(), own.diverged(), own.stopped()) == (2, 2, 1)
    assert own.quartiles() == (0.09, 0.5, 2.5)
    assert made("window", [np.inf] * 4).quartiles() == (np.inf, np.inf, np.inf)


def test_a_run_without_a_number_has_diverged() -> None:
    assert made("window", [np.nan, 0.5]).diverged() == 1


def test_quartiles_of_stopped_runs_are_infinite_not_undefined() -> None:
    assert quantiles(np.array([1.0, np.inf, np.inf, np.inf])).tolist() == [1.0, np.inf, np.inf]


@pytest.mark.parametrize(("count", "points"), [(7, 100), (100, 10), (103, 10)])
def test_thinned_curves_keep_the_mean(count: int, points: int) -> None:
    values = np.random.default_rng(0).uniform(size=(count, 2, 3))
    at, curves = thinned(values, points)
    assert len(at) == len(curves) == min(count, points)
    edges = np.rint(np.linspace(0, count, len(at) + 1))
    np.testing.assert_allclose((np.diff(edges)[:, None, None] * curves).sum(0) / count, values.mean(0))
    assert at[0] >= 1 and at[-1] <= count


@pytest.mark.parametrize("name", names())
def test_every_strategy_is_in_every_experiment_and_equal_laws_share_their_runs(name: str) -> None:
    own = quick(name)
    assert {out.strategy.name for out in own.compared} == set(FAMILIES)
    together = {out.strategy.name for group in own.groups for out in group if len(group) > 1}
    assert {"artbp", "randomised"} <= together
    assert sum(len(group) for group in own.groups) == len(own.compared)
    for group in own.groups:
        assert all(np.array_equal(out.curves, group[0].curves) for out in group)


def test_laws_are_told_apart() -> None:
    own = {name: registry.load("derive.strategies", name, "strategy").STRATEGY.of_length(10) for name in FAMILIES}
    assert law(own["artbp"], 30) == law(own["randomised"], 30)
    others = [law(own[name], 30) for name in FAMILIES if name != "randomised"]
    assert len(set(others)) == len(others)


def test_experiments_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.training import result

    calls: list[str] = []

    def fake(own: Any, seed: int, progress: Any) -> str:
        calls.append(own.name)
        return own.name

    monkeypatch.setattr(result, "performed", fake)
    monkeypatch.setattr(result, "_KNOWN", {})
    assert experiments(seed=5) == names() and experiments(["echo"], seed=5) == ("echo",)
    assert sorted(calls) == sorted(names())


@pytest.mark.parametrize("name", names())
def test_the_same_seed_gives_the_same_document(name: str) -> None:
    first, again = quick(name), performed(quick(name).task)
    assert as_json([first]) == as_json([again])
    assert as_json([first]) != as_json([performed(quick(name).task, seed=1)])


@pytest.mark.parametrize("name", names())
def test_blocks_and_data(name: str) -> None:
    own = quick(name)
    found = blocks([own])
    assert isinstance(found[0], Heading) and (found[0].level, found[0].text) == (2, "In training")
    kinds: list[type[Block]] = [type(block) for block in found]
    assert kinds.count(Plot) >= 1 and kinds.count(Table) >= 2 and kinds.count(Bullets) == 1
    assert all(block.alt for block in found if isinstance(block, Plot))
    curves = next(block for block in found if isinstance(block, Plot))
    assert len(curves.bands) == len(own.groups) and curves.log_y
    cited = {part.key for block in found for part in getattr(block, "inline", ()) if isinstance(part, Cite)}
    assert cited == {reference.key for reference in references([own])}
    data = json.loads(json.dumps(as_json([own]), allow_nan=False))
    assert [one["strategy"] for one in data[0]["strategies"]] == [out.strategy.name for out in own.compared]


def test_nothing_is_said_without_experiments() -> None:
    assert blocks([]) == [] and as_json([]) == [] and references([]) == ()


def test_what_is_better_worse_or_the_same_is_said_by_the_numbers() -> None:
    low, high = [0.01] * 8, [0.5] * 8
    better = text(experiment(made("full", low), made("window", high), made("artbp", low)))
    assert "solved in 8 of 8 runs." in better and "is solved in 0 of 8" in better and "no better" not in better
    worse = text(experiment(made("full", low), made("window", low), made("artbp", high)))
    assert "Here it is worse than" in worse and "With the full gradient 8 of 8 are solved" in worse
    same = text(experiment(made("full", low), made("window", low), made("artbp", [0.01] * 7 + [0.02])))
    assert "Here it is no better than" in same and "not to be told" in same
    slower = text(experiment(made("full", low), made("window", low), made("artbp", [0.05] * 8)))
    assert "Here it is worse than" in slower and "higher than with the full gradient" in slower


def test_a_truncation_that_leads_uphill_is_said_to() -> None:
    up = replace(made("window", [np.inf] * 4), beginning=Estimated(-3.0, 0.0, 0.0, 1))
    said = text(experiment(made("full", [0.01] * 4), up, turn=True))
    assert "uphill" in said and "4 diverge" in said and "from" in said
    blind = text(experiment(made("full", [0.01] * 4), made("window", [0.5] * 4)))
    assert "and yet 0 of 4 runs are solved" in blind and "uphill" not in blind


def test_what_costs_as_much_as_the_full_gradient_is_said_to() -> None:
    dear = made("randomised_one_step", [0.01] * 4)
    assert "It costs as much as the full gradient" in text(experiment(made("full", [0.01] * 4), dear))
    cheap = replace(dear, cost=Cost(20.0, 3.0))
    assert "Its longest reach is" in text(experiment(made("full", [0.01] * 4), cheap))


@pytest.mark.slow
def test_where_nothing_is_far_away_artbp_is_no_better() -> None:
    (echo,) = experiments(["echo"])
    said = text(echo)
    assert echo.of("artbp").solved() == echo.of("window").solved() == echo.of("full").solved()
    assert "Here it is no better than" in said


@pytest.mark.slow
def test_a_window_shorter_than_the_delay_does_not_learn_and_artbp_does_but_later() -> None:
    (copy,) = experiments(["delay_copy"])
    assert copy.of("window").solved() == copy.of("chunks").solved() == 0
    assert copy.of("artbp").solved() >= 6 and copy.of("full").solved() >= 6
    assert copy.of("artbp").quartiles()[1] > copy.of("full").quartiles()[1]
