"""Where answers are kept: ``$BPTT_CACHE``, or ``bptt`` in ``$XDG_CACHE_HOME`` (``~/.cache``); or nowhere."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE, OFF = "BPTT_CACHE", "off"
_ANSWERS = "answers"


def folder() -> Path | None:
    """None where the user wants no cache, or has no home.  Makes nothing."""
    told = os.environ.get(VARIABLE, "")
    if told == OFF:
        return None
    if told:
        return Path(told).absolute() / _ANSWERS
    shared = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(shared):  # its specification has a relative one ignored
        return Path(shared) / "bptt" / _ANSWERS
    home = os.path.expanduser("~")
    return Path(home) / ".cache" / "bptt" / _ANSWERS if os.path.isabs(home) else None
