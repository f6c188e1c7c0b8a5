"""What a writer returns."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rendered:
    """The main text, and extra files by their path relative to it."""

    main: str
    files: dict[str, bytes] = field(default_factory=dict)
