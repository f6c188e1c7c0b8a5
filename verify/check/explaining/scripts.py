"""Indices in subscripts: moved by a step, or exchanged for others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt

Linear = dict[str, int]
"""T − i + 1 as {"T": 1, "i": −1, "": 1}."""
_ONE = ""
Change = Callable[[Tree], Tree]


def linear(tree: Tree) -> Linear | None:
    """An index as a sum of letters and a number; None for anything else."""
    match tree:
        case tr.Number():
            return {_ONE: int(tree.value)} if tree.value.denominator == 1 else None
        case tr.Name(base=base, subscripts=(), superscript=None, primes=0):
            return {base: 1}
        case tr.Negative(body=body):
            inner = linear(body)
            return None if inner is None else {letter: -count for letter, count in inner.items()}
        case tr.Add(terms=terms):
            return _summed([linear(term) for term in terms])
    return None


def _summed(parts: list[Linear | None]) -> Linear | None:
    found: Linear = {}
    for part in parts:
        if part is None:
            return None
        for letter, count in part.items():
            found[letter] = found.get(letter, 0) + count
    return found


def written(index: Linear) -> Tree:
    """As people write it: letters, those with a plus first, and the number behind them."""
    letters = sorted((letter for letter, count in index.items() if letter and count), key=lambda own: index[own] < 0)
    terms: list[Tree] = [_term(letter, index[letter]) for letter in letters]
    number = index.get(_ONE, 0)
    if number or not terms:
        terms.append(tr.Negative(tr.Number(str(-number))) if number < 0 else tr.Number(str(number)))
    return terms[0] if len(terms) == 1 else tr.Add(tuple(terms))


def _term(letter: str, count: int) -> Tree:
    times = tr.Name(letter) if abs(count) == 1 else tr.Times((tr.Number(str(abs(count))), tr.Name(letter)), ("",))
    return tr.Negative(times) if count < 0 else times


def shifted(tree: Tree, steps: int) -> Tree | None:
    """An index some steps later; None for what is no index."""
    found = linear(tree)
    return None if found is None else written({**found, _ONE: found.get(_ONE, 0) + steps})


def exchanged(tree: Tree, old: str, new: str) -> Tree:
    """An index with another letter in it; what is no index, or has not that letter, as it is."""
    found = linear(tree)
    if found is None or not found.get(old):
        return tree
    moved = {letter: count for letter, count in found.items() if letter != old}
    return written({**moved, new: moved.get(new, 0) + found[old]})


def exchange(old: str, new: str) -> Change:
    """For ``throughout``: another letter."""
    return lambda own: exchanged(own, old, new)


def shift(steps: int) -> Change:
    """For ``throughout``: some steps later."""
    return lambda own: shifted(own, steps) or own


def mirror(index: str, lower: Tree, upper: Tree) -> Change:
    """For ``throughout``: the same range the other way round, i becomes lower + upper − i."""

    def change(own: Tree) -> Tree:
        found, ends = linear(own), _summed([linear(lower), linear(upper)])
        if found is None or ends is None or not found.get(index):
            return own
        count = found[index]
        turned = {letter: count * times for letter, times in ends.items()}
        return written(_summed([{**found, index: -count}, turned]) or {})

    return change


def scripts(name: tr.Name, letters: Collection[str]) -> Iterator[Tree]:
    """The subscripts of a name, and the superscript in brackets, that are indices: the h of W_h is none."""
    above = [] if name.superscript is None else [_unwrapped(name.superscript)]
    for script in (*above, *name.subscripts):
        if is_index(script, letters):
            yield script


def _unwrapped(superscript: Tree) -> Tree:
    """What stands in the brackets, where they are kept."""
    single = isinstance(superscript, tr.Listed) and len(superscript.entries) == 1
    return superscript.entries[0] if single and isinstance(superscript, tr.Listed) else superscript


def is_index(tree: Tree, letters: Collection[str]) -> bool:
    found = linear(tree)
    return found is not None and all(letter in letters or not letter for letter in found)


def rescripted(name: tr.Name, change: Change, letters: Collection[str]) -> tr.Name:
    """The name with something else for each index that hangs on it."""
    below = tuple(change(own) if is_index(own, letters) else own for own in name.subscripts)
    above = name.superscript
    if above is not None and is_index(_unwrapped(above), letters):
        changed = change(_unwrapped(above))
        above = replace(above, entries=(changed,)) if isinstance(above, tr.Listed) else changed
    return replace(name, subscripts=below, superscript=above)


def throughout(tree: Tree, change: Change, letters: Collection[str]) -> Tree:
    """The same done to every name of a formula; limits stay."""
    if isinstance(tree, tr.Name):
        return rescripted(tree, change, letters)
    if isinstance(tree, tr.Sum | tr.Product):
        return replace(tree, body=throughout(tree.body, change, letters))
    return rebuilt(tree, lambda part: throughout(part, change, letters))


def blank(tree: Tree, letters: Collection[str]) -> Tree:
    """The formula without its indices: c_t and c_{t−1} are alike."""
    return throughout(tree, lambda _: tr.Number("0"), letters)
