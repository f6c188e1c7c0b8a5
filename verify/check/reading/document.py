"""From a file, or a text, to the claims in it: ``read`` is the way into this package."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from verify.check.reading.claims import ClaimLine as ClaimLine
from verify.check.reading.claims import Member as Member
from verify.check.reading.displays import Unread as Unread
from verify.check.reading.loading import checked, decoded, load
from verify.check.reading.source import SUFFIXES, formulas
from verify.check.reading.statements import Statements
from verify.check.reading.text import Text


@dataclass(frozen=True)
class Reading:
    """All that was read, all that was not, and notes on what was passed over."""

    text: Text = field(repr=False)
    claims: tuple[ClaimLine, ...]
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]


def read(source: Path | str | bytes, kind: str = "") -> Reading:
    """The claims of a file (a Path), or of a text.  ``kind``: latex, markdown, or by suffix and looks.

    Raises InputError for what is no text, or larger or deeper than any derivation.
    """
    if isinstance(source, Path):
        text, kind = load(source), kind or SUFFIXES.get(source.suffix.lower(), "")
    else:
        text = decoded(source) if isinstance(source, bytes) else checked(source)
    found = formulas(text, kind)
    reader = Statements(text, list(found.unread))
    for display in found.displays:
        reader.display(display)
    claims = tuple(reader.claims())
    unread = tuple(sorted(reader.unread, key=lambda one: (one.line, one.column)))
    return Reading(text, claims, unread, tuple(found.notes))
