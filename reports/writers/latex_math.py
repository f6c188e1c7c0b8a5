r"""Derivations in LaTeX: one `align*` each, the reason and number of every line in its `\tag*`."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.blocks import Line
from reports.document.inline import InlineLike
from reports.document.lines import PAGE_ROOM_EM, WHY_ROOM_EM, fitted, is_tight, left_width
from reports.formula.measure import width
from reports.formula.to_latex import latex
from reports.formula.tree import Atom
from reports.writers.latex_inline import LatexInline, anchor

EM_MM = 3.85  # of the 11 pt body type
WIDEST_WHY_EM = 20.0


@dataclass(frozen=True)
class LatexMath:
    """Prints aligned lines in a display of at most `room` em."""

    inline: LatexInline
    room: float = PAGE_ROOM_EM

    def display(self, lines: tuple[Line, ...], number: str | None, label: str | None) -> str:
        """An `align*` of the lines; the number stands on the last one."""
        shown = fitted(lines, self.room)
        left = left_width(shown)
        rows = [
            self._row(line, left, number if index == len(shown) - 1 else None, label if index == 0 else None)
            for index, line in enumerate(shown)
        ]
        widen = f"\\setlength{{\\whywidth}}{{{self._why_mm(shown, left):.0f}mm}}%\n"
        return widen + "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    def _why_mm(self, lines: tuple[Line, ...], left: float) -> float:
        """The reasons get what the formulas leave, within limits; amsmath drops a reason that does not fit."""
        taken = [1.1 * (left + 1.4 + width(line.rhs)) for line in lines if line.why]
        left_over = [self.room - own - 1.0 for own in taken if self.room - own - 1.0 >= WHY_ROOM_EM]
        return EM_MM * min([WIDEST_WHY_EM, *left_over]) if left_over else EM_MM * WHY_ROOM_EM

    def _row(self, line: Line, left: float, number: str | None, label: str | None) -> str:
        lhs = "" if line.lhs is None else latex(line.lhs)
        mark = "" if label is None else rf"\target{{{anchor(label)}}}"
        relation = latex(Atom(line.relation)) if line.relation else ""
        formula = f"  {mark}{lhs} &{relation} {self._right_side(line, left)}".rstrip()
        if line.why and line.why_below:
            return f"{formula} \\\\*[-2pt]\n  &{self._tag(line.why, number)}"
        return formula + self._tag(line.why, number)

    def _right_side(self, line: Line, left: float) -> str:
        body = latex(line.rhs)
        if not is_tight(line, left, self.room):
            return body
        return rf"\fitmath{{\linewidth-{left + 6.2:.1f}em}}{{{body}}}"

    def _tag(self, why: InlineLike, number: str | None) -> str:
        """The reason and the number. An empty number box keeps the reasons in one column."""
        numbered = r"\nonumbertag" if number is None else rf"\numbertag{{{number}}}"
        if why:
            return f" \\tag*{{\\whytag{{{self.inline(why)}}}{numbered}}}"
        return "" if number is None else f" \\tag*{{{numbered}}}"
