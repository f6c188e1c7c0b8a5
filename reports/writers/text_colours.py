"""Role colours for a terminal: every symbol that the document colours is coloured wherever it stands."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from reports.document.blocks import Block, Derivation, Document, Result
from reports.document.numbering import walk
from reports.formula.shape import children
from reports.formula.symbols import ROLES
from reports.formula.to_text import text
from reports.formula.tree import Formula, Role

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {"local": "bright_blue", "jacobian": "bright_red", "unknown": "bright_green"}
_VERDICTS = {
    "PROVED": "bold green", "EXACT": "bold green", "ENCLOSED": "bold green", "AGREED": "bold cyan",
    "REFUTED": "bold red", "NOT RUN": "bold yellow",
}  # fmt: skip


def coloured(line: str, document: Document) -> Text:
    """One line of the text rendering as a Rich text."""
    from rich.text import Text

    shown = Text(line)
    for words, style in _VERDICTS.items():
        shown.highlight_regex(rf"\b{words}\b", style)
    for words, role in coloured_words(document):
        shown.highlight_regex(rf"(?<!\w){re.escape(words)}(?!\w)", _STYLES.get(role, ""))
    return shown


@cache
def coloured_words(document: Document) -> tuple[tuple[str, str], ...]:
    """The text of every coloured formula in derivations, longest first, with its role."""
    found: dict[str, str] = {}
    for block in walk(document.blocks):
        for formula in _formulas(block):
            found |= {text(role.body): role.role for role in _roles(formula) if role.role in ROLES}
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


def _formulas(block: Block) -> list[Formula]:
    if not isinstance(block, Derivation | Result):
        return []
    sides = [side for line in block.lines for side in (line.lhs, line.rhs)]
    return [side for side in sides if side is not None]


def _roles(formula: Formula) -> list[Role]:
    own = [formula] if isinstance(formula, Role) else []
    return own + [role for child in children(formula) for role in _roles(child)]
