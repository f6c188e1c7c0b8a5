"""A strategy as a program with ``detach``: which losses are differentiated together, and where the state is detached.

The positions are the steps of all phases, one after the other, and link j leads from step j − 1 to step j; link 1 comes
from the given initial state.  What is written here comes from the description of a strategy and from the cuts of a run,
never from the machine that carries its weights, nor from its ξ: a link that is kept with probability p has to be
scaled by 1/p.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from itertools import pairwise

from derive.strategies.chunks import Chunks
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Links, Strategy
from verify.truncation.controls import Uncompensated


@dataclass(frozen=True)
class Tape:
    """One forward pass that is recorded, and one backward pass from the sum of some of its losses.

    ``detached`` is the link at which the state is a constant, 0 where nothing is detached; no step before it has
    anything to give.  A gradient that passes back over link j is multiplied by ``scaled[j]``.
    """

    losses: tuple[int, ...]
    detached: int = 0
    scaled: Mapping[int, float] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first step that has to be recorded."""
        return max(self.detached, 1)


def tapes(strategy: Strategy, losses: Sequence[int], cut: Sequence[bool]) -> tuple[Tape, ...]:
    """All backward passes of one run; ``losses`` are the positions with a loss, ``cut[j]`` is whether link j is cut.

    Raises NotImplementedError for a strategy that nobody has written as a program.
    """
    return tuple(tape for tape in _tapes(strategy, tuple(losses), cut) if tape.losses)


@singledispatch
def _tapes(strategy: Strategy, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    raise NotImplementedError(f"nobody has written {strategy.label} as a program with detach")


@_tapes.register
def _(strategy: Window, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    """For every loss t the state h_{t−τ} is detached, also where it is h_0, and the τ steps after it are run."""
    for late in losses:
        before = late - strategy.tau
        yield Tape((late,), detached=before + 1 if before >= 0 else 0)


@_tapes.register
def _(strategy: Chunks, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    """The state is handed on, and detached after every τ-th step; the losses of a chunk go back together."""
    for start in range(0, losses[-1], strategy.tau):
        own = tuple(late for late in losses if start < late <= start + strategy.tau)
        yield Tape(own, detached=start + 1 if start else 0)


@_tapes.register
def _(strategy: Links, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    """Chunks between the cuts of the run; within one, what passes back over a link is divided by its chance to pass.

    That is the program of whoever means to be unbiased, and to cut where he cuts; of another's intentions nothing is
    known.
    """
    ages = range(1, len(cut))
    if not strategy.unbiased or any(strategy.factor(True, age) != 0 for age in ages if strategy.chance(age)):
        raise NotImplementedError(f"nobody has written {strategy.label} as a program with detach")
    ends = losses[-1] + 1
    borders = [1, *(link for link in range(2, ends) if cut[link]), ends]
    for start, stop in pairwise(borders):
        kept = range(start + 1, stop)
        scaled = {link: float(1 / (1 - strategy.chance(link - start))) for link in kept}
        own = tuple(late for late in losses if start <= late < stop)
        yield Tape(own, start if start > 1 else 0, {link: xi for link, xi in scaled.items() if xi != 1})


@_tapes.register
def _(strategy: OneStep, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    """One backward pass a loss: what leaves its own step is dropped or divided by π, and then goes all the way."""
    for late in losses:
        if late > 1 and cut[late]:
            yield Tape((late,), detached=late)
        else:
            yield Tape((late,), scaled={late: float(1 / strategy.pi)} if late > 1 else {})


@_tapes.register
def _(strategy: Uncompensated, losses: tuple[int, ...], cut: Sequence[bool]) -> Iterator[Tape]:
    """A control claims what it claims; the program compensates."""
    return _tapes(strategy.of, losses, cut)
