"""Running text in Typst."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod

from reports.document.inline import Cite, Code, InlineLike, Link, Ref, Strong, as_inline
from reports.document.numbering import Numbering
from reports.escaping.typst_text import typst_code, typst_string, typst_text
from reports.formula.slashed import slashed
from reports.formula.to_text import spoken
from reports.formula.to_typst import typst_math
from reports.formula.tree import Formula


def anchor(label: str) -> str:
    """A label as a Typst label expression, whatever characters it has."""
    return f"label({typst_string(label)})"


def inline_math(formula: Formula) -> str:
    """A formula in running text, with its alternative text."""
    return f"#inline-math({typst_string(spoken(formula))}, ${typst_math(slashed(formula))}$)"


@dataclass(frozen=True)
class TypstInline:
    """Prints inline parts as Typst markup; references get their numbers from the model."""

    numbering: Numbering

    def __call__(self, inline: InlineLike) -> str:
        return "".join(self.part(part) for part in as_inline(inline))

    def content(self, inline: InlineLike) -> str:
        """The parts as one bracketed content argument, or `none`."""
        shown = self(inline)
        return f"[{shown}]" if shown else "none"

    @singledispatchmethod
    def part(self, part: object) -> str:
        raise TypeError(f"{type(part).__name__} cannot stand in running text")

    @part.register
    def _text(self, part: str) -> str:
        return typst_text(part)

    @part.register
    def _formula(self, part: Formula) -> str:
        return inline_math(part)

    @part.register
    def _ref(self, part: Ref) -> str:
        target = self.numbering.target(part.label)
        return f"#tolink({anchor(part.label)}, [{target.kind}~{target.number}])"

    @part.register
    def _cite(self, part: Cite) -> str:
        return f"#tolink({anchor('cite:' + part.key)}, [\\[{self.numbering.citation(part.key)}\\]])"

    @part.register
    def _code(self, part: Code) -> str:
        return f"#raw({typst_code(part.text)})"

    @part.register
    def _strong(self, part: Strong) -> str:
        return f"#strong[{typst_text(part.text)}]"

    @part.register
    def _link(self, part: Link) -> str:
        return f"#tolink({typst_string(part.url)}, [{typst_text(part.text)}])"
