"""Long lines of generated code: what stands in their last brackets goes on lines of its own."""

from __future__ import annotations

WIDTH = 116


def wrapped(line: str, indented: int = 0) -> list[str]:
    """The line, or its brackets opened; ``indented`` is what will stand before it."""
    if len(line) + indented <= WIDTH or line.lstrip().startswith("#"):
        return [line]
    start = _opening(line)
    if start < 0:
        return [line]
    end = _closing(line, start)
    indent = " " * (len(line) - len(line.lstrip()))
    head = _head(line[: start + 1], indent, indented)
    return [*head, *rows(_parts(line[start + 1 : end]), indent, indented), f"{indent}{line[end:]}"]


def _head(head: str, indent: str, indented: int) -> list[str]:
    """``for a, b, … in zip(``, with the names on lines of their own where there are too many."""
    if len(head) + indented <= WIDTH or not head.lstrip().startswith("for "):
        return [head]
    names, _, rest = head.strip().removeprefix("for ").partition(" in ")
    return [f"{indent}for (", *rows(_parts(names), indent, indented), f"{indent}) in {rest}"]


def rows(parts: list[str], indent: str = "", indented: int = 0) -> list[str]:
    """Several in a line, each with a comma behind it."""
    lines, row = [], f"{indent}   "
    for part in parts:
        if len(row) + len(part) + indented > WIDTH - 2 and row.strip():
            lines.append(row)
            row = f"{indent}   "
        row += f" {part},"
    return [*lines, row]


def _opening(line: str) -> int:
    """Where the bracket opens that holds the most."""
    found = [place for place, sign in enumerate(line) if sign == "("]
    return max(found, key=lambda place: _closing(line, place) - place, default=-1)


def _closing(line: str, start: int) -> int:
    depth = 0
    for place in range(start, len(line)):
        depth += {"(": 1, ")": -1}.get(line[place], 0)
        if depth == 0:
            return place
    return len(line)


def _parts(inside: str) -> list[str]:
    """Cut at the commas that stand in no bracket."""
    parts, depth, last = [], 0, 0
    for place, sign in enumerate(inside):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(inside[last:place].strip())
            last = place + 1
    return [part for part in (*parts, inside[last:].strip()) if part]
