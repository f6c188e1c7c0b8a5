"""The front door of the prover: a claim goes in, a proof or a refusal with its reason comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from derive.errors import ProofError
from derive.expr import Node
from derive.prover.facts import Fact, Known, Range


@dataclass(frozen=True)
class Proof:
    """How a claim was proved: the method, the keys that it rests on, and what was done, a line each."""

    proved: ClassVar[bool] = True
    method: str
    premises: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a claim was not proved, in one line.  It is not proven, which is not "false"."""

    proved: ClassVar[bool] = False
    reason: str


class Method(ABC):
    """A way to prove an equation for all values of its indices.  It reads the equation as stated, never as intended."""

    @property
    @abstractmethod
    def method(self) -> str:
        """How, in a few words for the reader: "induction on t"."""

    @property
    @abstractmethod
    def premises(self) -> tuple[str, ...]:
        """The keys of the facts that the proof rests on."""

    @abstractmethod
    def argue(self, claim: Fact, known: Known) -> Iterable[str]:
        """The lines of the proof.  Raises ProofError with the reason where it does not go through."""

    def holds(self, claim: Fact, known: Known) -> bool:
        """Whether the proof of ``claim`` from the facts in ``known`` goes through."""
        return prove(Claim(claim.lhs, claim.rhs, self, claim.where, known)).proved


@dataclass(frozen=True)
class Given:
    """An equation that is taken as known, for every index in ``where``."""

    lhs: Node
    rhs: Node
    where: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Claim:
    """lhs = rhs, for every index in ``where``: to be proved by ``method`` from the facts in ``known``.

    ``key`` is the name under which others may rest on the claim; no claim may rest on itself.
    """

    lhs: Node
    rhs: Node
    method: Method
    where: tuple[Range, ...] = ()
    known: Known | Mapping[str, Fact] = field(default_factory=dict)
    key: str = ""


def prove(claim: Claim) -> Proof | Refusal:
    """Try to prove a claim, for every t and T, every dimension and every value of the matrices."""
    method = claim.method
    try:
        _sound(claim)
        return Proof(method.method, method.premises, tuple(method.argue(claim, claim.known)))
    except ProofError as error:
        return Refusal(str(error))


def _sound(claim: Claim) -> None:
    """Both sides of everything have one shape, every premise is known, and none is the claim itself."""
    _same_shapes("the claim", claim)
    for key in claim.method.premises:
        if key == claim.key:
            raise ProofError(f"the claim rests on itself ({key})")
        try:
            fact = claim.known[key]
        except KeyError:
            raise ProofError(f"the claim rests on {key}, which is not known") from None
        _same_shapes(key, fact)


def _same_shapes(name: str, fact: Fact) -> None:
    if fact.lhs.shape != fact.rhs.shape:
        raise ProofError(f"{name}: the sides have different shapes, {fact.lhs.shape} and {fact.rhs.shape}")
