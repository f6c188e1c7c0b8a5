"""All misconceptions, gathered from the files of ``kinds/``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from derive import registry
from verify.check.misconceptions.text import Text

PACKAGE = "verify.check.misconceptions.kinds"
OTHER = "other"
"""The key of a wrong line that none of the others accounts for."""


def gathered() -> dict[str, Text]:
    """By key, in the order of the files.  Raises ValueError for a key that is there twice."""
    found: dict[str, Text] = {}
    for name in registry.names(PACKAGE):
        for text in registry.load(PACKAGE, name, "kind of misconception").TEXTS:
            if text.key in found:
                raise ValueError(f"there are two misconceptions '{text.key}'")
            found[text.key] = text
    return found


TEXTS: Mapping[str, Text] = MappingProxyType(gathered())
"""By key: ``TEXTS["stale-subscript"].hint(symbol="h_t", index="j")``."""
