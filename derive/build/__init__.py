"""Constructors that simplify while they build: the whole simplifier of matrix expressions.

Each applies only laws that hold for every shape and every value.  The author's order of terms and factors is kept.
Nothing is ever distributed: a product of a sum stays one, so that a printed line looks as it was written.
"""

from derive.build import neighbours as neighbours
from derive.build.additive import add, scale, split_factor
from derive.build.blocks import block
from derive.build.elementwise import apply, diag, hadamard, polynomial
from derive.build.products import kron, matmul, ordered_product, vec
from derive.build.rebuilding import rebuild
from derive.build.stacks import part, stack
from derive.build.transposition import transpose

__all__ = [
    "add",
    "apply",
    "block",
    "diag",
    "hadamard",
    "kron",
    "matmul",
    "ordered_product",
    "part",
    "polynomial",
    "rebuild",
    "scale",
    "split_factor",
    "stack",
    "transpose",
    "vec",
]
