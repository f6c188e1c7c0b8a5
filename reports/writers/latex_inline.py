"""Running text in LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod

from reports.document.inline import Cite, Code, InlineLike, Link, Ref, Strong, as_inline
from reports.document.numbering import Numbering
from reports.escaping.latex_text import latex_code, latex_text, latex_url
from reports.formula.slashed import slashed
from reports.formula.to_latex import latex
from reports.formula.to_text import spoken
from reports.formula.tree import Formula


def anchor(label: str) -> str:
    """A label as a link name that is safe in any argument."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in ":-.") else f"-{ord(char):x}-" for char in label
    )


def latex_bookmark(inline: InlineLike) -> str:
    """Text for PDF bookmarks, where no mathematics may stand."""
    return latex_text("".join(map(_plain, as_inline(inline))))


def _plain(part: object) -> str:
    if isinstance(part, Formula):
        return spoken(part)
    return part if isinstance(part, str) else str(getattr(part, "text", ""))


@dataclass(frozen=True)
class LatexInline:
    """Prints inline parts; references get their numbers from the model."""

    numbering: Numbering

    def __call__(self, inline: InlineLike) -> str:
        return "".join(self.part(part) for part in as_inline(inline))

    @singledispatchmethod
    def part(self, part: object) -> str:
        raise TypeError(f"{type(part).__name__} cannot stand in running text")

    @part.register
    def _text(self, part: str) -> str:
        return latex_text(part)

    @part.register
    def _formula(self, part: Formula) -> str:
        return f"${latex(slashed(part))}$"

    @part.register
    def _ref(self, part: Ref) -> str:
        target = self.numbering.target(part.label)
        return rf"\hyperlink{{{anchor(part.label)}}}{{\color{{link}}{target.kind}~{target.number}}}"

    @part.register
    def _cite(self, part: Cite) -> str:
        number = self.numbering.citation(part.key)
        return rf"\hyperlink{{cite:{anchor(part.key)}}}{{\color{{link}}[{number}]}}"

    @part.register
    def _code(self, part: Code) -> str:
        return rf"\texttt{{{latex_code(part.text)}}}"

    @part.register
    def _strong(self, part: Strong) -> str:
        return rf"\textbf{{{latex_text(part.text)}}}"

    @part.register
    def _link(self, part: Link) -> str:
        return rf"\href{{{latex_url(part.url)}}}{{\color{{link}}{latex_text(part.text)}}}"
