"""Rewritings that change no value but by rounding, and make a program faster: one file each."""

from __future__ import annotations

from derive.compiled.passes.early import early
from derive.compiled.passes.logs import logs
from derive.compiled.passes.products import products
from derive.compiled.passes.sums import sums
from derive.compiled.passes.totals import totals
from derive.compiled.roots import Roots


def fused(roots: Roots) -> Roots:
    """All of them, each on what the one before it leaves."""
    for rewriting in (logs, early, products, sums, totals):
        roots = rewriting(roots)
    return roots
