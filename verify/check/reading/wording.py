"""The words in and around formulas: which of them begin a side condition, which join two claims."""

from __future__ import annotations

import re

_CONDITION = frozenset([
    "for", "where", "if", "with", "when", "whenever", "while", "assuming", "as", "given", "since", "because", "using",
    "by", "from", "in", "at", "provided", "on", "under", "otherwise", "all", "every", "each", "note", "recall",
])  # fmt: skip
_JOINING = frozenset([
    "and", "or", "so", "hence", "thus", "then", "therefore", "but", "also", "i.e.", "ie", "that", "now",
])  # fmt: skip
_WORD = re.compile(r"[A-Za-z.]+")


def begins_remark(text: str) -> bool:
    """Whether what follows this text on its line is no claim: "for all", "where", or any longer sentence."""
    words = _WORD.findall(text.lower())
    return bool(words) and (words[0] in _CONDITION or (len(words) > 2 and words[0] not in _JOINING))


def is_prose(text: str) -> bool:
    """Whether a text makes the bracket around it a remark: (by the chain rule)."""
    return len(_WORD.findall(text)) > 1
