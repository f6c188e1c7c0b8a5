"""Expressions of ``derive`` as presentation formulas: one small rule a node.

Colours follow meaning: what a step creates (b_t), what carries it on (c_t), what the recurrence defines (a_t, δ_t).
"""

from derive.expr import Node
from reports.formula.to_latex import latex
from reports.present import algebra, calculus
from reports.present.core import Leaf, nothing, prose, show
from reports.present.index import index

Node.displays["latex"] = lambda node: latex(show(node), colour=False)

__all__ = ["Leaf", "algebra", "calculus", "index", "nothing", "prose", "show"]
