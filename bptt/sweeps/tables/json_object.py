"""JSON: one object.

``model``, ``sweep`` (its words) and ``versions`` say where the numbers come from; ``columns`` has the title and unit
of every column, by name; ``rows`` is a list of objects, one a point, in the order of the grid; ``failed`` counts those
with a ``reason``.  Nothing is ``null``; what is not finite is the text "nan", "inf" or "-inf"; numbers read back
exactly.
"""

from __future__ import annotations

import json

from bptt.sweeps.encoding import encoded
from bptt.sweeps.table import REASON, Entry, Table

SUFFIX = ".json"
TITLE = "one JSON object"


def missing() -> str:
    return ""


def data(table: Table) -> bytes:
    head = {
        **table.about,
        "columns": {name: table.described(name) for name in table.columns},
        "failed": sum(reason is not None for reason in table.column(REASON)),
    }
    rows = ",\n".join(f"    {_row(table.columns, row)}" for row in table.rows)
    opened = json.dumps(head, ensure_ascii=False, indent=2, allow_nan=False).removesuffix("\n}")
    return f'{opened},\n  "rows": [\n{rows}\n  ]\n}}\n'.encode()


def _row(columns: tuple[str, ...], row: tuple[Entry, ...]) -> str:
    plain = {n: v if isinstance(v, str) else encoded(v) for n, v in zip(columns, row, strict=True)}
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)
