"""Running text in GitHub Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from urllib.parse import quote

from reports.document.inline import Cite, Code, InlineLike, Link, Ref, Strong, as_inline
from reports.document.numbering import Numbering
from reports.escaping.markdown_text import markdown_code, markdown_line, markdown_text
from reports.formula.slashed import slashed
from reports.formula.to_latex import latex
from reports.formula.tree import Formula


def anchor(label: str) -> str:
    """A label as an HTML id."""
    return quote(label.replace(":", "-"), safe="").replace("%", "-")


def inline_math(formula: Formula) -> str:
    """A formula as GitHub's ``$`…`$``, inside which Markdown does not touch `_`, `*` and `\\`."""
    return f"$`{latex(slashed(formula), colour=False)}`$".replace("|", r"\vert ")


@dataclass(frozen=True)
class MarkdownInline:
    """Prints inline parts; references are links to the anchors of their blocks."""

    numbering: Numbering

    def __call__(self, inline: InlineLike) -> str:
        return markdown_line("".join(self.part(part) for part in as_inline(inline)))

    @singledispatchmethod
    def part(self, part: object) -> str:
        raise TypeError(f"{type(part).__name__} cannot stand in running text")

    @part.register
    def _text(self, part: str) -> str:
        return markdown_text(part)

    @part.register
    def _formula(self, part: Formula) -> str:
        return inline_math(part)

    @part.register
    def _ref(self, part: Ref) -> str:
        return f"[{self.numbering.target(part.label)}](#{anchor(part.label)})"

    @part.register
    def _cite(self, part: Cite) -> str:
        return f"[\\[{self.numbering.citation(part.key)}\\]](#{anchor('cite:' + part.key)})"

    @part.register
    def _code(self, part: Code) -> str:
        return markdown_code(part.text)

    @part.register
    def _strong(self, part: Strong) -> str:
        return f"**{markdown_text(part.text)}**"

    @part.register
    def _link(self, part: Link) -> str:
        return f"[{markdown_text(part.text)}]({quote(part.url, safe=':/?#@!,;=&%+~.-_')})"
