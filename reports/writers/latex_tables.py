"""Tables in LaTeX: booktabs rules, fixed column widths, and page breaks for the long ones."""

from __future__ import annotations

from reports.document.blocks import Align, Table
from reports.document.columns import shares
from reports.writers.latex_inline import LatexInline

LONG = 16
_COLUMN_TYPES: dict[Align, str] = {"left": "L", "center": "C", "right": "R"}


def latex_table(table: Table, inline: LatexInline, label: str, breakable: bool) -> str:
    """A table that may break over pages if it is long and stands freely."""
    make = _long_table if breakable and len(table.rows) > LONG else _short_table
    return make(table, inline, label)


def _specification(table: Table) -> str:
    columns = [
        rf"{_COLUMN_TYPES[column.align]}{{\dimexpr{share:.4f}\linewidth-2\tabcolsep}}"
        for column, share in zip(table.columns, shares(table), strict=True)
    ]
    return "@{\\hspace{\\tabcolsep}}" + "".join(columns) + "@{\\hspace{\\tabcolsep}}"


def _cells(table: Table, inline: LatexInline) -> str:
    """The rows; the first and the last three are never parted, so that no page has a lonely one."""
    rows = [" & ".join(inline(cell) for cell in cells) for cells in table.rows]
    last = len(rows) - 1
    return "\n".join(cells + (" \\\\*" if n < 3 or last - 3 <= n < last else " \\\\") for n, cells in enumerate(rows))


def _header(table: Table, inline: LatexInline) -> str:
    return " & ".join(rf"\bfseries {inline(column.header)}" for column in table.columns) + r" \\"


def _note(table: Table, inline: LatexInline) -> str:
    if not table.note:
        return ""
    return f"\\par\\vspace{{4pt}}{{\\centering\\tablenote{{{inline(table.note)}}}\\par}}"


def _short_table(table: Table, inline: LatexInline, label: str) -> str:
    return "\n".join(
        [
            r"\begin{together}\centering\small",
            rf"\captionof{{table}}[]{{{label}{inline(table.caption)}}}",
            rf"\begin{{tabular}}{{{_specification(table)}}}",
            rf"\toprule {_header(table, inline)} \midrule",
            _cells(table, inline),
            r"\bottomrule",
            r"\end{tabular}",
            _note(table, inline) + r"\end{together}",
        ]
    )


def _long_table(table: Table, inline: LatexInline, label: str) -> str:
    header = rf"\toprule {_header(table, inline)} \midrule"
    return "\n".join(
        [
            rf"{{\small\begin{{longtable}}{{{_specification(table)}}}",
            rf"\caption[]{{{label}{inline(table.caption)}}}\\",
            rf"{header} \endfirsthead",
            rf"{header} \endhead",
            r"\midrule \endfoot \bottomrule \endlastfoot",
            _cells(table, inline),
            r"\end{longtable}}" + _note(table, inline) + r"\par",
        ]
    )
