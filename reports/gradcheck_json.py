"""A gradcheck as plain data: what ``bptt gradcheck --json`` prints."""

from __future__ import annotations

import json
import math
from typing import Any

from verify.gradcheck.result import Gradcheck


def gradcheck_json(found: Gradcheck) -> str:
    """``{"function", "model", "sizes", "seed", "exit_code", "findings": […], "where": {…}, "mistakes": […], …}``.

    A number that is not finite is written as a word, since JSON has none.
    """
    return json.dumps(_plain(found.as_json()), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    return str(data) if isinstance(data, float) and not math.isfinite(data) else data
