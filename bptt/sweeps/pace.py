"""How far a sweep is, how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections import deque

_REMEMBERED = 200
_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


class Pace:
    """``done`` of ``total`` points; the rate is that of the latest batches, since points differ in size."""

    def __init__(self, total: int, done: int = 0) -> None:
        self.total, self.done = total, done
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), done)], maxlen=_REMEMBERED)

    def count(self, points: int) -> None:
        """So many more have been finished."""
        self.done += points
        self._seen.append((time.monotonic(), self.done))

    @property
    def rate(self) -> float:
        """Points a second; 0 while nothing is known."""
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start else 0.0

    @property
    def text(self) -> str:
        """``120 of 400 points, 35 a second, 8 s left``."""
        known = f", {self.rate:.3g} a second, {_time((self.total - self.done) / self.rate)} left" if self.rate else ""
        return f"{self.done:,} of {self.total:,} points{known}"


def _time(seconds: float) -> str:
    size, unit = next((pair for pair in _UNITS if seconds >= 2 * pair[0]), _UNITS[-1])
    return f"{seconds / size:,.0f} {unit}"
