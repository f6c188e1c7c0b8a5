"""CSV (RFC 4180, UTF-8): one header line, a row a point.

Nothing (None) is an empty field; what is not finite is ``nan``, ``inf`` or ``-inf``; every other number is the shortest
text that reads back as the same number.
"""

from __future__ import annotations

import csv
import io

from bptt.sweeps.table import Table

SUFFIX = ".csv"
TITLE = "comma-separated values"


def missing() -> str:
    return ""


def data(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)  # None as nothing, a float by repr
    return text.getvalue().encode("utf-8")
