"""Linear maps between matrix spaces: one object, four readings.

The differential of a matrix expression is a linear map dX ↦ dY.  It is kept as a sum of chains of elementary maps
X ↦ A X B, X ↦ A Xᵀ B and X ↦ M ⊙ X, and read as

* ``apply``   - the tangent dY (Jacobian–vector product),
* ``adjoint`` - the gradient that flows back (vector–Jacobian product), from ⟨G, L(X)⟩ = ⟨L*(G), X⟩,
* ``matrix``  - the Jacobian ∂vec(Y)/∂vec(X), by vec(AXB) = (Bᵀ ⊗ A) vec(X) (Magnus & Neudecker 1988, ch. 2),
* ``replace`` - the same map with names put in for sub-expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from derive.build import add, diag, hadamard, kron, matmul, transpose
from derive.expr import ONE, Commutation, Diag, Identity, Node, Vec, zeros
from derive.indices import Shape


class Elementary(Protocol):
    """One link of a chain."""

    def apply(self, x: Node) -> Node: ...
    def adjoint(self) -> Elementary: ...
    def after(self, other: Elementary) -> Elementary | None:
        """The single map ``self ∘ other``, or None when the two do not fuse."""
        ...

    def matrix(self, domain: Shape) -> Node: ...
    def image(self, domain: Shape) -> Shape: ...
    def replace(self, change: Callable[[Node], Node]) -> Elementary: ...


@dataclass(frozen=True)
class Sandwich:
    """X ↦ A X B, or X ↦ A Xᵀ B when ``flipped``."""

    left: Node
    right: Node
    flipped: bool = False

    def apply(self, x: Node) -> Node:
        return matmul(self.left, transpose(x) if self.flipped else x, self.right)

    def adjoint(self) -> Sandwich:
        """⟨G, AXB⟩ = ⟨AᵀGBᵀ, X⟩ and ⟨G, AXᵀB⟩ = ⟨BGᵀA, X⟩."""
        if self.flipped:
            return Sandwich(self.right, self.left, flipped=True)
        return Sandwich(transpose(self.left), transpose(self.right))

    def after(self, other: Elementary) -> Sandwich | None:
        if not isinstance(other, Sandwich):
            return None
        if not self.flipped:
            return Sandwich(matmul(self.left, other.left), matmul(other.right, self.right), other.flipped)
        left, right = matmul(self.left, transpose(other.right)), matmul(transpose(other.left), self.right)
        return Sandwich(left, right, not other.flipped)

    def matrix(self, domain: Shape) -> Node:
        plain = kron(transpose(self.right), self.left)
        is_vector = ONE in domain
        return plain if not self.flipped or is_vector else matmul(plain, Commutation(*domain))

    def image(self, domain: Shape) -> Shape:
        return self.left.shape[0], self.right.shape[1]

    def replace(self, change: Callable[[Node], Node]) -> Sandwich:
        return Sandwich(change(self.left), change(self.right), self.flipped)


@dataclass(frozen=True)
class Entrywise:
    """X ↦ M ⊙ X, for a true matrix X (a vector's is the Sandwich diag(m) X)."""

    mask: Node

    def apply(self, x: Node) -> Node:
        return hadamard(self.mask, x)

    def adjoint(self) -> Entrywise:
        return self

    def after(self, other: Elementary) -> Entrywise | None:
        return Entrywise(hadamard(self.mask, other.mask)) if isinstance(other, Entrywise) else None

    def matrix(self, domain: Shape) -> Node:
        return Diag(Vec(self.mask))

    def image(self, domain: Shape) -> Shape:
        return domain

    def replace(self, change: Callable[[Node], Node]) -> Entrywise:
        return Entrywise(change(self.mask))


def entrywise(mask: Node) -> Elementary:
    """X ↦ M ⊙ X, as diag(m) X for a column and X diag(m) for a row, which fuse with their neighbours."""
    rows, cols = mask.shape
    if cols == ONE:
        return Sandwich(diag(mask), Identity(1))
    if rows == ONE:
        return Sandwich(Identity(1), diag(transpose(mask)))
    return Entrywise(mask)


Chain = tuple[Elementary, ...]


@dataclass(frozen=True)
class Linear:
    """A sum of chains; a chain is applied from right to left, and the empty chain is the identity."""

    domain: Shape
    codomain: Shape
    chains: tuple[Chain, ...]

    @classmethod
    def identity(cls, shape: Shape) -> Linear:
        return cls(shape, shape, ((),))

    @classmethod
    def of(cls, link: Elementary, domain: Shape, codomain: Shape) -> Linear:
        return cls(domain, codomain, ((link,),))

    def __add__(self, other: Linear) -> Linear:
        return Linear(self.domain, self.codomain, self.chains + other.chains)

    def __matmul__(self, other: Linear) -> Linear:
        """self ∘ other."""
        chains = tuple(_join(left, right) for left in self.chains for right in other.chains)
        return Linear(other.domain, self.codomain, chains)

    def apply(self, x: Node) -> Node:
        images = []
        for chain in self.chains:
            image = x
            for link in reversed(chain):
                image = link.apply(image)
            images.append(image)
        return add(*images) if images else zeros(*self.codomain)

    def adjoint(self) -> Linear:
        chains = tuple(tuple(link.adjoint() for link in reversed(chain)) for chain in self.chains)
        return Linear(self.codomain, self.domain, chains)

    def pull_back(self, cotangent: Node) -> Node:
        """The gradient with respect to X of ⟨G, L(X)⟩, in the shape of X."""
        return self.adjoint().apply(cotangent)

    def matrix(self) -> Node:
        """The Jacobian in numerator layout, acting on stacked columns."""
        matrices = [_chain_matrix(chain, self.domain) for chain in self.chains]
        size_out, size_in = (rows * cols for rows, cols in (self.codomain, self.domain))
        return add(*matrices) if matrices else zeros(size_out, size_in)

    def replace(self, change: Callable[[Node], Node]) -> Linear:
        chains = tuple(tuple(link.replace(change) for link in chain) for chain in self.chains)
        return Linear(self.domain, self.codomain, chains)


def _join(left: Chain, right: Chain) -> Chain:
    """Concatenate two chains, fusing the links that meet."""
    while left and right:
        fused = left[-1].after(right[0])
        if fused is None:
            break
        left, right = left[:-1], (fused, *right[1:])
    return left + right


def _chain_matrix(chain: Chain, domain: Shape) -> Node:
    matrix: Node = Identity(domain[0] * domain[1])
    for link in reversed(chain):
        matrix = matmul(link.matrix(domain), matrix)
        domain = link.image(domain)
    return matrix
