"""Apache Parquet: int64, double and string columns.

Nothing (None) is a null; what is not finite is the IEEE number itself; numbers are stored as they are.  The schema's
metadata has the key ``bptt``: JSON with ``model``, ``sweep``, ``versions`` and ``columns``, as in the JSON table.
"""

from __future__ import annotations

import io
import json
from importlib.util import find_spec
from typing import Any

from bptt.sweeps.axes import BY_SETTING
from bptt.sweeps.table import REASON, Table

SUFFIX = ".parquet"
TITLE = "Apache Parquet"


def missing() -> str:
    found = find_spec("pyarrow") is not None
    return "" if found else "pyarrow is not installed; python -m pip install 'bptt[parquet]'"


def data(table: Table) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    columns = {name: pa.array(table.column(name), _type(table, name, pa)) for name in table.columns}
    about = {**table.about, "columns": {name: table.described(name) for name in table.columns}}
    whole = pa.table(columns).replace_schema_metadata({"bptt": json.dumps(about, ensure_ascii=False)})
    buffer = io.BytesIO()
    parquet.write_table(whole, buffer)
    return buffer.getvalue()


def _type(table: Table, name: str, pa: Any) -> Any:
    """By what a column may hold, not by what it happens to hold, where that is known."""
    if name == REASON:
        return pa.string()
    if name in BY_SETTING:
        return pa.int64() if BY_SETTING[name].kind.whole else pa.float64()
    entries = [entry for entry in table.column(name) if entry is not None]
    return pa.int64() if entries and all(isinstance(entry, int) for entry in entries) else pa.float64()
