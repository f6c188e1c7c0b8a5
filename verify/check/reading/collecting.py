"""From a place where a formula starts to a display in the list of what was found."""

from __future__ import annotations

from verify.check.reading.braces import group_end
from verify.check.reading.displays import Display, Found, unread_at
from verify.check.reading.mathscan import NEEDS_ARGUMENT, MathScan
from verify.check.reading.text import Span, Text

MOST_LINES = 20_000
_MOST_NOTES = 200


def display(text: Text, where: int, start: int, opener: str, found: Found, stop: int | None = None) -> int:
    """Scan one; where to go on.  ``where`` is its first character, ``start`` that of its content.

    With ``stop`` the end is known already, and ``opener`` is only what to call it.

    Raises InputError for the 20001st line.
    """
    if opener in NEEDS_ARGUMENT and text.content.startswith("{", start):
        start = group_end(text, start)
    by_lines = not opener and "\\\\" not in text.content
    end = len(text.content) if stop is None else stop
    scan = MathScan(text, start, opener if stop is None else "", end, by_lines)
    found.lines += max(1, len(scan.lines))
    if found.lines > MOST_LINES:
        raise text.error(where, f"there are more than {MOST_LINES} lines of formulas", "split the file")
    if scan.reason:
        found.unread.append(unread_at(text, where, where + 80, scan.reason))
    if scan.lines:
        found.displays.append(Display(tuple(scan.lines), opener or "bare", Span(where, scan.end, text)))
    return scan.end


def reported(text: Text, at: int, what: str, note: str, found: Found) -> None:
    """A remark on something that was passed over."""
    if len(found.notes) < _MOST_NOTES:
        line, column = text.place(at)
        found.notes.append(f"line {line}, column {column}: '{what}' {note}")
