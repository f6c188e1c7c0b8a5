"""What in the scripts of a name belongs to the name, and what is an index: W_hh is one letter, h_{t−1} is h at a step.

That is decided by the names that are known, the longest first: with W_i in the table, the i of W_i is no index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from verify.check.reading.tree import Listed, Name, Number, Times, Tree

ACCENTS = {"hat": "^", "tilde": "~", "bar": "¯", "dot": "˙"}
INDICES = frozenset("tTSijklmnrsτ")
"""Letters that are an index where nothing else is known of them."""
TIMES = frozenset("tTSτkjs")
"""Those that rather count steps than units."""


@dataclass(frozen=True)
class Split:
    """``key`` is the letter with its words, ``indices`` the rest of its scripts; ``above``: the first of them stands
    above, as in h^{(t)}; ``joined``: they were written as one, as in W_{ij}."""

    key: str
    indices: tuple[Tree, ...] = ()
    above: bool = False
    joined: bool = False


def split(name: Name, known: Collection[str], bound: Collection[str] = ()) -> Split:
    """Take a name apart, given the names that are known and the letters that sums bind."""
    base = name.base + ACCENTS.get(name.accent, "")
    over = name.superscript
    if isinstance(over, Number):
        over = None
    mark = f"^{over.base}" if isinstance(over, Name) and not over.subscripts else ""
    first = next(_candidates(base, name.subscripts, mark, over, known), None)
    if first is not None:
        return first
    if isinstance(over, Name) and not _is_index(over, bound):
        return _plain(base, name.subscripts, mark, None, bound)
    return _plain(base, name.subscripts, "", over, bound)


def _candidates(
    base: str, scripts: tuple[Tree, ...], mark: str, over: Tree | None, known: Collection[str]
) -> Iterator[Split]:
    """Known names, with as many of the scripts as words as there can be."""
    choices = list(product(*((True, False) if word(script) else (False,) for script in scripts)))
    for words in sorted(choices, key=lambda chosen: -sum(chosen)):
        key = "_".join([base, *(word(s) for s, is_word in zip(scripts, words, strict=True) if is_word)])
        rest, joined = _opened(tuple(s for s, is_word in zip(scripts, words, strict=True) if not is_word))
        if not all(_may_index(script) for script in rest):
            continue
        if mark and key + mark in known:
            yield Split(key + mark, rest, joined=joined)
        if key in known and (over is None or not mark or _is_index(over, ())):
            yield Split(key, (over, *rest) if over is not None else rest, over is not None, joined)


def _plain(
    base: str, scripts: tuple[Tree, ...], mark: str, over: Tree | None, bound: Collection[str]
) -> Split:  # fmt: skip
    words = [word(s) for s in scripts if word(s) and not _is_index(s, bound) and not _may_index(*_opened((s,))[0])]
    rest, joined = _opened(tuple(s for s in scripts if word(s) not in words or not word(s)))
    return Split(
        "_".join([base, *words]) + mark, (over, *rest) if over is not None else rest, over is not None, joined
    )  # fmt: skip


def word(script: Tree) -> str:
    """What a script is as a part of a name; nothing where it cannot be one."""
    if isinstance(script, Number):
        return script.digits
    if not isinstance(script, Name) or script.superscript is not None:
        return ""
    return "_".join([script.base, *(word(inner) for inner in script.subscripts)])


def with_bar(key: str) -> str:
    """ū for u, ū_f for u_f."""
    base, _, rest = key.partition("_")
    return base + ACCENTS["bar"] + (f"_{rest}" if rest else "")


def opened(scripts: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Indices as they are, those written as one taken apart."""
    return _opened(scripts)[0]


def _opened(scripts: tuple[Tree, ...]) -> tuple[tuple[Tree, ...], bool]:
    """ij, written as one, are two indices."""
    if len(scripts) == 1 and isinstance(scripts[0], Name):
        letters = scripts[0].base
        if len(letters) == 2 and not scripts[0].subscripts and set(letters) <= INDICES:
            return tuple(Name(letter) for letter in letters), True
    if len(scripts) == 1 and isinstance(scripts[0], Times) and _side_by_side(scripts[0]):
        return scripts[0].factors, True
    return scripts, False


def _side_by_side(script: Times) -> bool:
    """l_1 k, which is no product."""
    letters = [own for own in script.factors if isinstance(own, Name) and own.base in INDICES]
    return len(letters) == len(script.factors) and not any(script.kinds) and any(own.subscripts for own in letters)


def _may_index(*scripts: Tree) -> bool:
    """A letter of those that count, or a sum of such."""
    return all(not isinstance(s, Name) or s.base in INDICES for s in scripts)


def _is_index(script: Tree, bound: Collection[str]) -> bool:
    if isinstance(script, Name):
        return not script.subscripts and (script.base in INDICES or script.base in bound)
    return isinstance(script, Listed) or not isinstance(script, Number)


def adjoint_of(key: str, known: Collection[str]) -> str:
    """The name under a bar that nobody explains: ū is then the derivative of the loss by u; nothing else is."""
    plain = key.replace(ACCENTS["bar"], "", 1)
    return plain if plain != key and key not in known and plain in known else ""
