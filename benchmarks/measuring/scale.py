"""How much of everything is measured."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measuring.rounds import Budget

Size = tuple[int, int, int]
"""T, n, batch."""


@dataclass(frozen=True)
class Scale:
    """``gradients`` are sizes (T, n, batch); ``derivations`` and ``chains`` are (n, T); ``checks`` (T, n).

    ``growing`` are two lengths of a chain whose memory is compared; ``long`` is a sequence that is cut into pieces.
    """

    name: str
    budget: Budget
    gradients: tuple[Size, ...]
    derivations: tuple[tuple[int, int], ...]
    checks: tuple[tuple[int, int], ...]
    chains: tuple[tuple[int, int], ...]
    growing: tuple[int, int]
    long: Size
    starts: int
    """How often a command is started."""
    long_commands: bool = True
    """Whether those are started, too, that take seconds."""


FULL = Scale(
    "full",
    Budget(8.0),
    ((10, 8, 1), (50, 32, 8), (100, 64, 32), (100, 256, 32), (1000, 64, 16), (1000, 256, 32)),
    ((2, 4), (3, 16), (3, 64), (3, 256)),
    ((50, 7), (50, 32)),
    ((16, 2000), (64, 1000), (128, 250), (256, 60)),
    (2_000, 50_000),
    (100_000, 64, 16),
    9,
)
QUICK = Scale(
    "quick",
    Budget(0.5, slow=2.0),
    ((10, 8, 1), (50, 32, 8), (100, 64, 32)),
    ((2, 4), (3, 16), (3, 64)),
    ((20, 7),),
    ((16, 200), (64, 100)),
    (200, 2_000),
    (2_000, 64, 16),
    1,
)
TINY = Scale("tiny", Budget(0.0, 1, 1), ((3, 2, 1),), ((2, 2),), ((3, 2),), ((4, 10),), (20, 40), (50, 4, 2), 1, False)
SCALES = {scale.name: scale for scale in (FULL, QUICK, TINY)}
