"""Trees as text: plain for messages (``unparse``), and LaTeX that the reader reads as the same tree (``latex``)."""

from __future__ import annotations

from verify.check.reading import written_signs as written_signs  # registers its rules
from verify.check.reading.styles import LATEX, PLAIN
from verify.check.reading.tree import Tree
from verify.check.reading.written import written


def unparse(tree: Tree) -> str:
    """∂h_t/∂w_h = … in plain characters, on one line."""
    return written(tree, PLAIN)[0]


def latex(tree: Tree) -> str:
    """LaTeX mathematics without delimiters."""
    return written(tree, LATEX)[0]
