"""Truncation, drawn: where a program detaches the state, and which weights are left on the terms of the double sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.decisions import Runs, drawn
from reports.document.blocks import Block, para
from reports.document.diagrams import Diagram, Edge, Node
from reports.document.inline import Code, Inline, Ref
from reports.document.triangles import Panel, Triangles
from reports.formula.tree import Formula, Script, Words, row
from reports.truncation.loops import loop
from reports.truncation.names import plain, with_options

TAU, STEPS, PANEL_STEPS = 3, 6, 8
_LOSS = 5
"""The loss whose window is drawn."""
_TRIES, _CUTS = 1000, 2
_KEPT, _WIDE, _THIN, _UNIT_MM = "unknown", 1.6, 0.6, 22.0
_DETACHED = Words("detach")


def drawings(seed: int = 0) -> list[Block]:
    """Both programs as pictures and as code, and the weights of six strategies."""
    return [
        para(*_said()),
        window_diagram(),
        loop("window"),
        chunks_diagram(),
        loop("chunks"),
        triangles(shown(TAU), PANEL_STEPS, seed),
    ]


def shown(length: int) -> tuple[Strategy, ...]:
    """One of each kind; the randomised recursion is left out, whose weights are those of ARTBP."""
    families: tuple[type[Strategy], ...] = (Full, Window, Chunks, OneStep, Artbp, Schedule)
    return tuple(family.of_length(length) for family in families)


def _said() -> Inline:
    return (
        "A program truncates by detaching: ", Code("h.detach()"), " is the same state as a constant, through which no "
        "gradient passes. Both truncations do so and differ in where. The window detaches, for every loss ",
        _at("ell", "t"), ", the state ", _at("h", "t", "-", "tau"), ", so exactly the terms with ",
        row("t", "-", "i", "<", "tau"), " are left, and ", _at("h", 0), " has a gradient from the losses with ",
        row("t", "<", "tau"), " (", Ref("fig:detach-window"), "). Chunks detach the running state after every ",
        row("tau"), "-th step, so a loss reaches back to the first step of its own chunk, and the first chunk to ",
        _at("h", 0), " (", Ref("fig:detach-chunks"), ").",
    )  # fmt: skip


def window_diagram(tau: int = TAU, late: int = _LOSS, steps: int = STEPS) -> Diagram:
    """The states, and what is recorded for one loss."""
    first = late - tau + 1
    recorded = range(first, late + 1)
    caption = (
        "A window of ", row("tau", "=", str(tau)), " at the loss ", _at("ell", late), ": ", _at("h", first - 1),
        f" enters as a constant, and the {tau} steps after it are recorded (coloured). ", _at("ell", late + 1),
        " has a window of its own, one step further on.",
    )  # fmt: skip
    alt = f"The states h_0 to h_{steps}; h_{first - 1} is detached, the steps {first} to {late} lead to the loss {late}"
    return _chain(steps, dict.fromkeys(recorded, _KEPT), {first}, {late}, caption, "fig:detach-window", alt)


def chunks_diagram(tau: int = TAU, steps: int = STEPS) -> Diagram:
    """The states, with the borders of the chunks, and the colours of the losses that go back together."""
    colours = ("local", _KEPT)
    roles = {step: colours[(step - 1) // tau % len(colours)] for step in range(1, steps + 1)}
    borders = {step for step in range(2, steps + 1) if (step - 1) % tau == 0}
    caption = (
        "Chunks of ", row("tau", "=", str(tau)), " steps: the state is detached after every ", row("tau"),
        "-th step, and the losses of a chunk (of one colour) go back together. The first loss of a chunk has only the "
        "parameters' share of its own step.",
    )  # fmt: skip
    places = " and ".join(f"h_{border - 1}" for border in sorted(borders))
    alt = f"The states h_0 to h_{steps} with a loss at each step; {places} detached"
    return _chain(steps, roles, borders, set(roles), caption, "fig:detach-chunks", alt)


def _chain(
    steps: int, roles: dict[int, str], detached: set[int], losses: set[int], caption: Inline, label: str, alt: str
) -> Diagram:
    """A row of states, a loss above each; ``detached`` are the steps that the state before them enters as a constant,
    ``losses`` those that are differentiated."""
    every = range(1, steps + 1)
    lit = {step: roles.get(step) if step in losses else None for step in every}
    states = [Node(f"h{step}", step, 0, _at("h", step), role=roles.get(step)) for step in range(steps + 1)]
    above = [Node(f"l{step}", step, 1, _at("ell", step), shape="box", role=lit[step]) for step in every]
    links = [_link(step, roles.get(step), step in detached) for step in every]
    sent = [Edge(f"h{step}", f"l{step}", role=lit[step], weight=_WIDE if lit[step] else _THIN) for step in every]
    return Diagram((*states, *above), (*links, *sent), caption, label, alt, _UNIT_MM)


def _link(step: int, role: str | None, is_detached: bool) -> Edge:
    ends = f"h{step - 1}", f"h{step}"
    if is_detached:
        return Edge(*ends, label=_DETACHED, role="jacobian", weight=_THIN)
    return Edge(*ends, role=role, weight=_WIDE if role else _THIN)


def triangles(strategies: Sequence[Strategy], steps: int = PANEL_STEPS, seed: int = 0) -> Triangles:
    """The weights of each strategy, of one drawn run where it is random.  Raises ValueError for more than six."""
    rng = np.random.default_rng(seed)
    runs = [_run(strategy, steps, rng) for strategy in strategies]
    panels = tuple(panel(strategy, own) for strategy, own in zip(strategies, runs, strict=True))
    lengths = [
        f"{plain(strategy)} into {' + '.join(map(str, own.lengths(0)))}"
        for strategy, own, weighed in zip(strategies, runs, panels, strict=True)
        if strategy.is_random and weighed.cuts
    ]
    cut = f" The sequence is cut by {' steps, by '.join(lengths)} steps." if lengths else ""
    caption = (
        "The weight of the term of the loss at step ", row("t"), " (down) and the parameters' share at step ", row("i"),
        f" (to the right). Of a random strategy it is one run, the first drawn that is nearest to {_CUTS} cuts." + cut,
    )  # fmt: skip
    alt = f"Triangles of weights over {steps} steps: {', '.join(plain(strategy) for strategy in strategies)}"
    return Triangles(panels, caption, "fig:truncation-weights", alt)


def panel(strategy: Strategy, runs: Runs) -> Panel:
    """A triangle of the weights of a run.  A cut is where no later loss has a weight on an earlier step."""
    factors = runs.factors[0].tolist()
    weights = tuple(
        tuple(float(strategy.weight(late, early, factors)) for early in range(1, late + 1))
        for late in range(1, runs.steps + 1)
    )
    return Panel(with_options(strategy), weights, tuple(_cuts(weights)))


def _cuts(weights: Sequence[Sequence[float]]) -> Iterator[int]:
    for step in range(1, len(weights)):
        if not any(weight for later in weights[step:] for weight in later[:step]):
            yield step


def _run(strategy: Strategy, steps: int, rng: np.random.Generator) -> Runs:
    """The first drawn run with a few cuts: of so short a sequence many are cut nowhere, or everywhere."""
    found = drawn(strategy, steps, _TRIES, rng)
    chosen = int(np.argmin(np.abs(found.cut.sum(axis=1) - _CUTS)))
    return Runs(found.cut[chosen : chosen + 1], found.factors[chosen : chosen + 1])


def _at(name: str, *index: str | int) -> Formula:
    return Script(row(name), row(*(str(part) for part in index)))
