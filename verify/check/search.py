"""Which setting a file is written in: that in which most of it is true.

Nobody writes down his conventions.  Each question (names, loss, activation, layout, what δ means) is answered by
trying the usual answers, one question after the other, and keeping the one in which the most links hold.  A wrong line
is wrong in all of them; a right one in a foreign convention would be wrong in ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.errors import InputError
from derive.model import Model, build
from verify.check.convention import CONVENTIONS
from verify.check.indices import walk
from verify.check.links import Judged, judged
from verify.check.reading.document import ClaimLine
from verify.check.reading.tree import Applied, Name
from verify.check.schemes import readings
from verify.check.setting import MEANINGS, Network, Setting, network_of
from verify.jets.field import Field

_LOSSES = ("softmax_cross_entropy", "squared_error")
_ACTIVATIONS = ("tanh", "sigmoid", "relu")
_SCHEMES = 4


@dataclass(frozen=True)
class Asked:
    """What the user says of his network; empty where he leaves it to be guessed.  ``names`` declares single names."""

    cell: str = "rnn"
    wiring: str = "every"
    activation: str = ""
    loss: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Found:
    setting: Setting
    links: tuple[Judged, ...]

    @property
    def score(self) -> tuple[int, int]:
        """How many links hold, and minus how many fail."""
        holds = [link.outcome.holds for link in self.links]
        return sum(own is True for own in holds), -sum(own is False for own in holds)


def found(claims: Sequence[ClaimLine], asked: Asked, numbers: Field) -> Found:
    """The best setting, and all links judged in it.  Raises InputError for a network that there is not."""
    used = frozenset(_names(claims))
    schemes = list(readings(_model(asked, _losses(asked)[0], _activations(asked, claims)[0]), used, asked.names or {}))
    networks = _Networks(asked, numbers, bias=any(name.startswith("b") or name == "c" for name in used))
    best = _judged(claims, Setting(networks(_losses(asked)[0], _activations(asked, claims)[0]), schemes[0]))
    for question in (
        lambda now: (replace(now, names=names) for names in schemes[:_SCHEMES]),
        lambda now: _other_networks(now, networks, asked, claims),
        lambda now: (replace(now, convention=convention) for convention in CONVENTIONS),
        lambda now: (replace(now, meanings=meanings) for meanings in MEANINGS),
    ):
        best = _answered(claims, best, question)
    return best


def _answered(
    claims: Sequence[ClaimLine], best: Found, question: Callable[[Setting], Iterable[Setting]]
) -> Found:  # fmt: skip
    begun = replace(best.setting, definitions={})
    for setting in question(begun):
        if all(link.outcome.holds for link in best.links):
            return best
        other = _judged(claims, setting)
        if other.score > best.score:
            best = other
    return best


def _judged(claims: Sequence[ClaimLine], setting: Setting) -> Found:
    links, after = judged(claims, setting)
    return Found(after, links)


class _Networks:
    """Made when they are asked for, once."""

    def __init__(self, asked: Asked, numbers: Field, *, bias: bool) -> None:
        self.asked, self.numbers, self.bias = asked, numbers, bias
        self.known: dict[tuple[str, str], Network] = {}

    def __call__(self, loss: str, activation: str) -> Network:
        key = loss, activation
        if key not in self.known:
            self.known[key] = network_of(_model(self.asked, loss, activation), self.bias, self.numbers)
        return self.known[key]


def _model(asked: Asked, loss: str, activation: str) -> Model:
    return build(asked.cell, variant=activation, loss=loss, wiring=asked.wiring)


def _other_networks(
    now: Setting, networks: _Networks, asked: Asked, claims: Sequence[ClaimLine]
) -> Iterator[Setting]:  # fmt: skip
    for loss in _losses(asked):
        for activation in _activations(asked, claims):
            network = networks(loss, activation)
            names = next(
                own for own in readings(network.model, frozenset(_names(claims)), asked.names or {})
                if own.title == now.names.title
            )  # fmt: skip
            yield replace(now, network=network, names=names)


def _losses(asked: Asked) -> tuple[str, ...]:
    return (asked.loss,) if asked.loss else _LOSSES


def _activations(asked: Asked, claims: Sequence[ClaimLine]) -> tuple[str, ...]:
    """Those that the file names; tanh where it names none.  Of another cell than a vanilla one its own."""
    if asked.activation or asked.cell != "rnn":
        return (asked.activation,)
    trees = [own for claim in claims for member in claim.chain for own in walk(member.tree)]
    names = {own.function.base for own in trees if isinstance(own, Applied)} | {
        own.base for own in trees if isinstance(own, Name)
    }
    likely = {"tanh": {"tanh"}, "sigmoid": {"σ", "sigmoid"}, "relu": {"relu", "ReLU"}}
    found_ = tuple(own for own in _ACTIVATIONS if likely[own] & names)
    return found_ or ("tanh",)


def _names(claims: Sequence[ClaimLine]) -> Iterator[str]:
    """The keys of all names, as far as they can be told without knowing which letters are indices."""
    for claim in claims:
        for member in claim.chain:
            for own in walk(member.tree):
                if isinstance(own, Name):
                    accent = {"hat": "^", "tilde": "~", "bar": "¯"}.get(own.accent, "")
                    words = [s.base for s in own.subscripts if isinstance(s, Name) and s.base not in "tijkτTs"]
                    yield "_".join([own.base + accent, *words])


__all__ = ["Asked", "Found", "InputError", "found"]
