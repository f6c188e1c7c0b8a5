"""Formulas as trees.  They say what was written, not what it means: which letter is a weight is for the judge.

Every node is frozen and knows its ``span``, which does not take part in comparisons.  Round brackets leave no node:
they show in how the tree is built, except where a formula has two readings, which ``extent`` keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from verify.check.reading.text import NOWHERE, Span

Extent = Literal["closed", "open", "bracketed"]
"""Where the operand of a sign ends.  Closed: it is ``body`` and nothing else.  Open: more factors follow the first and
all are in ``body``, though the sign may have been meant for the first alone.  Bracketed: as open, but the first stands
in brackets, so it rather is the first alone."""


@dataclass(frozen=True)
class Tree:
    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Number(Tree):
    digits: str

    @property
    def value(self) -> Fraction:
        return Fraction(self.digits)


@dataclass(frozen=True)
class Name(Tree):
    """A letter or a word with all that hangs on it: h_{t-1}, W_{hh}^{(2)}, \\bar{u}_{f,t}, f'.

    ``base`` is the character for Greek (δ; \\phi is ϕ, \\varphi φ) and for \\ell (ℓ).  Letters in a row in a script are
    one base: W_{hh} and W_{ij} have the subscript hh or ij.  Several labels above are Listed.  ``font`` is the macro's
    name, without its backslash.
    """

    base: str
    subscripts: tuple[Tree, ...] = ()
    superscript: Tree | None = None
    primes: int = 0
    accent: str = ""
    font: str = ""


@dataclass(frozen=True)
class Add(Tree):
    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Negative(Tree):
    body: Tree


@dataclass(frozen=True)
class Times(Tree):
    """``kinds`` are the signs between the factors: "" (juxtaposed), · × * ⊙ ∘ ⊗ ⊘.  Mixed, it has two readings."""

    factors: tuple[Tree, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Quotient(Tree):
    numerator: Tree
    denominator: Tree


@dataclass(frozen=True)
class Power(Tree):
    base: Tree
    exponent: Tree


@dataclass(frozen=True)
class Transposed(Tree):
    body: Tree


@dataclass(frozen=True)
class Indexed(Tree):
    """An entry or a part of something that is not a name: (W_o)_{lk}, [G_t]_c, (Wx)^{(2)}."""

    body: Tree
    subscripts: tuple[Tree, ...] = ()
    superscript: Tree | None = None


@dataclass(frozen=True)
class Applied(Tree):
    """A function of something; ``function`` carries primes and subscripts.  Open without brackets: \\tanh W x."""

    function: Name
    arguments: tuple[Tree, ...]
    extent: Extent = "closed"

    @property
    def primes(self) -> int:
        return self.function.primes


@dataclass(frozen=True)
class Sum(Tree):
    """``lower`` and ``upper`` as written below and above the sign: a descending range has the larger one below.

    None where nothing is written; strict inequalities have become limits (i < t is up to t - 1).
    """

    index: Name
    lower: Tree | None
    upper: Tree | None
    body: Tree


@dataclass(frozen=True)
class Product(Tree):
    """Limits as in Sum.  The order of the factors is not the tree's affair."""

    index: Name
    lower: Tree | None
    upper: Tree | None
    body: Tree
    extent: Extent = "closed"


@dataclass(frozen=True)
class Run(Tree):
    """The dots in b_1 + … + b_t, c_t ⋯ c_1, (x_1, …, x_t): what stands there is to be guessed from its neighbours."""


@dataclass(frozen=True)
class Derivative(Tree):
    """``total`` for d, else ∂; ``immediate`` for ∂⁺, which holds the earlier states fixed.

    ``form``: "" with both in the fraction, "fraction" for ∂/∂w in front, "subscript" for ∂_w.
    """

    of: Tree
    by: Tree
    total: bool = False
    form: Literal["", "fraction", "subscript"] = ""
    extent: Extent = "closed"
    immediate: bool = False


@dataclass(frozen=True)
class Gradient(Tree):
    """∇_by of; by nothing named when ``by`` is None."""

    by: Tree | None
    of: Tree
    extent: Extent = "closed"


@dataclass(frozen=True)
class Relation(Tree):
    """An equation inside a formula: in the place of evaluation h = h_{t-1}, and ranges 1:t in subscripts."""

    left: Tree
    sign: str
    right: Tree


@dataclass(frozen=True)
class Evaluated(Tree):
    """body |_{at}."""

    body: Tree
    at: tuple[Tree, ...]


@dataclass(frozen=True)
class Norm(Tree):
    """``bars`` is | or ‖."""

    body: Tree
    bars: str
    subscript: Tree | None = None


@dataclass(frozen=True)
class Listed(Tree):
    """Several things in brackets, as in [h_{t-1}, x_t]; ``bracket`` is the opening one."""

    entries: tuple[Tree, ...]
    bracket: str = "("


@dataclass(frozen=True)
class Matrix(Tree):
    """Rows of cells; ``bracket`` is the environment (pmatrix, bmatrix …)."""

    rows: tuple[tuple[Tree, ...], ...]
    bracket: str = "pmatrix"
