"""The networks that a file may speak of: what the user says of it, and the variants of what he leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from derive.model import Model, build
from verify.check.reading.document import ClaimLine
from verify.check.reading.tree import Applied, Name
from verify.check.reading.walking import walk
from verify.check.schemes import Reading
from verify.check.setting import Network, network_of
from verify.check.vocabulary import describes, functions_in, names_in, outer_names
from verify.jets.field import Field

_LOSSES = ("softmax_cross_entropy", "squared_error", "binary_cross_entropy")
_SIGNS = {"tanh": {"tanh"}, "sigmoid": {"σ", "sigmoid"}, "relu": {"relu", "ReLU"}}
"""What tells an activation."""
_STATES = frozenset({"h", "s"})
_OUTPUTS = frozenset({"o", "y^", "ŷ"})


@dataclass(frozen=True)
class Asked:
    """What the user says of his network; empty where he leaves it to be guessed.  ``names`` declares single names."""

    cell: str = ""
    wiring: str = ""
    activation: str = ""
    loss: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Variant:
    """``summed``: the loss is the sum of those of the steps, without 1/T.  ``feedback``: an output is the next
    input."""

    wiring: str
    loss: str
    activation: str
    summed: bool = False
    feedback: bool = False


class Networks:
    """Made when they are asked for, once."""

    def __init__(self, asked: Asked, claims: Sequence[ClaimLine], numbers: Field) -> None:
        self.asked, self.numbers = asked, numbers
        self.variants = tuple(_variants(asked, claims))
        self._models: dict[tuple[str, str, str, bool], Model] = {}
        self._known: dict[tuple[Variant, frozenset[str]], Network] = {}

    def model(self, variant: Variant) -> Model:
        """Raises InputError for a network that there is not."""
        key = variant.wiring, variant.loss, variant.activation, variant.feedback
        if key not in self._models:
            self._models[key] = build(
                self.asked.cell, variant=variant.activation, loss=variant.loss, wiring=variant.wiring,
                feedback=variant.feedback,
            )  # fmt: skip
        return self._models[key]

    def __call__(self, variant: Variant, names: Reading) -> Network:
        """Biases that the file never names are left out."""
        model = self.model(variant)
        named = {letter for own in names.used for letter in names.table[own].letters}
        absent = frozenset(w.name for w in model.parameters if w.shape[1] == 1 and _is_bias(w.name, model, named))
        key = variant, absent
        if key not in self._known:
            self._known[key] = network_of(model, absent, variant.summed, self.numbers)
        return self._known[key]

    def variant(self, network: Network) -> Variant:
        """Which one a network is."""
        return next(variant for (variant, _), own in self._known.items() if own is network)


def _is_bias(name: str, model: Model, named: set[tuple[str, str]]) -> bool:
    return name.startswith("b") and not any(letter[0] == name for letter in named)


def _variants(asked: Asked, claims: Sequence[ClaimLine]) -> Iterator[Variant]:
    losses = (asked.loss,) if asked.loss else _LOSSES
    back = feeds_back(claims)
    for loss, activation, summed in product(losses, _activations(asked, claims), (False, True)):
        yield Variant(asked.wiring, loss, activation, summed, back)


def _activations(asked: Asked, claims: Sequence[ClaimLine]) -> tuple[str, ...]:
    """Those that the file names, else tanh, or none where it says so; those of another cell are its own."""
    if asked.activation or asked.cell != "rnn":
        return (asked.activation,)
    names = functions_in(claims) | {own.base for own in names_in(claims)}
    found = tuple(own for own, signs in _SIGNS.items() if signs & names)
    return found or (("identity",) if is_linear(claims) else ("tanh",))


def is_linear(claims: Sequence[ClaimLine]) -> bool:
    """Whether a state is said to be made of the one before without any function: only then it is; all would commute."""
    for claim in claims:
        for left, right in pairwise(claim.chain):
            if describes(left, right) and isinstance(left.tree, Name) and left.tree.base in _STATES:
                again = any(own.base == left.tree.base for own in outer_names(right.tree))
                if again and not any(isinstance(own, Applied) for own in walk(right.tree)):
                    return True
    return False


def feeds_back(claims: Sequence[ClaimLine]) -> bool:
    """Whether an input is said to be made of an output: x_t = F o_{t−1}."""
    for claim in claims:
        left = claim.chain[0].tree
        if isinstance(left, Name) and left.base == "x" and left.subscripts and len(claim.chain) > 1:
            others = [own for own in outer_names(claim.chain[1].tree) if own.base != "x"]
            if any(own.base in _OUTPUTS and own.subscripts for own in others):
                return True
    return False
