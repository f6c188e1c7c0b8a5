"""What a user's letters stand for, as words: ``--names "W_{hh}=W_h, U=W_i"``."""

from __future__ import annotations

from derive.errors import InputError


def declared(words: list[str]) -> dict[str, str]:
    """``["W_{hh}=W_h, U=W_i"]`` as a mapping from the user's letters to ours, W_hh to W_h.

    Raises InputError for what is no declaration, and for a letter that is declared twice.
    """
    found: dict[str, str] = {}
    for part in (part.strip() for word in words for part in _parts(word)):
        own, sign, ours = (piece.strip().replace("{", "").replace("}", "") for piece in part.partition("="))
        if not (own and sign and ours) or "=" in ours:
            raise InputError(f"'{part[:60]}' declares no name", "--names", 'write "W=W_h, U=W_i"')
        if found.setdefault(own, ours) != ours:
            raise InputError(f"'{own[:60]}' is declared twice", "--names", "leave one of them out")
    return found


def _parts(word: str) -> list[str]:
    """At the commas outside braces: W_{h,t} is one name."""
    parts, depth = [""], 0
    for char in word:
        depth += (char == "{") - (char == "}")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts
