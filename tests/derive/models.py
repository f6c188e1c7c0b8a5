"""Every model that the registries make: a new file is tested without a line here.

``COMBINATIONS`` are few, and have every cell and variant, every pair of cell and wiring, of cell and extra, of output
and wiring, of output and extra, and of wiring and extra; ``EVERY_COMBINATION`` is the whole product, for slow tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import product

import pytest

from derive import registry
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import BRIDGES, Model, build


@dataclass(frozen=True)
class Names:
    """What ``derive.model.build`` is given."""

    cell: str = "rnn"
    variant: str = ""
    loss: str = "squared_error"
    normalisation: str = ""
    wiring: str = "every"
    bridge: str = "identity"
    layers: int = 1
    feedback: bool = False

    def __str__(self) -> str:
        extra = f"layers{self.layers}" * (self.layers > 1) + "feedback" * self.feedback
        bridge = self.bridge if self.bridge != "identity" else ""
        words = (self.cell, self.variant, self.loss, self.normalisation, self.wiring, bridge, extra)
        return "-".join(word for word in words if word)


def variants(cell: str) -> tuple[str, ...]:
    return registry.load("derive.cells", cell, "cell").VARIANTS or ("",)


CELLS = tuple((cell, variant) for cell in registry.names("derive.cells") for variant in variants(cell))
OUTPUTS = tuple(
    (loss, normalisation)
    for loss in registry.names("derive.losses")
    for normalisation in registry.load("derive.losses", loss, "loss").LOSS.normalisations
)
WIRINGS = tuple(
    (wiring, bridge)
    for wiring in registry.names("derive.wirings")
    for bridge in (BRIDGES if registry.load("derive.wirings", wiring, "wiring").WIRING.before else ("identity",))
)
EXTRAS = ((1, False), (1, True), (2, False))
"""Layers and feedback."""


def _names(*how: tuple[str, str] | tuple[int, bool]) -> Names:
    (cell, variant), (loss, normalisation), (wiring, bridge), (layers, feedback) = how  # type: ignore[misc]
    return Names(cell, variant, loss, normalisation, wiring, bridge, layers, feedback)  # type: ignore[arg-type]


def refused(names: Names) -> str:
    """Why there is no such model; empty where there is one."""
    reads_back = registry.load("derive.cells", names.cell, "cell").cell().feedback is not None
    if reads_back and names.feedback:
        return f"cell '{names.cell}' reads the output back by itself"
    return ""


PRODUCT = tuple(_names(*how) for how in product(CELLS, OUTPUTS, WIRINGS, EXTRAS))
REFUSED = tuple(names for names in PRODUCT if refused(names))
EVERY_COMBINATION = tuple(names for names in PRODUCT if not refused(names))


def _pairs(names: Names) -> Iterator[tuple[object, ...]]:
    """What a combination covers."""
    output, extra = (names.loss, names.normalisation), (names.layers, names.feedback)
    yield "variant", names.cell, names.variant
    yield "cell, wiring", names.cell, names.wiring
    yield "cell, extra", names.cell, extra
    yield "output, wiring", output, names.wiring
    yield "output, extra", output, extra
    yield "wiring, extra", names.wiring, names.bridge, extra


def covering(candidates: tuple[Names, ...]) -> tuple[Names, ...]:
    """A few of the candidates that cover all the pairs: always the one next that covers most."""
    pairs = {names: frozenset(_pairs(names)) for names in candidates}
    missing = set().union(*pairs.values())
    chosen = []
    while missing:
        best = max(candidates, key=lambda names: len(pairs[names] & missing))
        chosen.append(best)
        missing -= pairs[best]
    return tuple(chosen)


COMBINATIONS = covering(EVERY_COMBINATION)
REST = tuple(
    names
    for names in EVERY_COMBINATION
    if names not in COMBINATIONS and names.variant == variants(names.cell)[0] and names.bridge == "identity"
)
"""The whole product of cells, outputs, wirings and extras, as far as it is not in ``COMBINATIONS``."""

EVERY = pytest.mark.parametrize("names", COMBINATIONS, ids=str)
ALL_OTHERS = pytest.mark.parametrize("names", REST, ids=str)


def fitting(**how: object) -> Iterator[Names]:
    """The combinations with these properties."""
    for names in COMBINATIONS:
        if all(asdict(names)[key] == wanted for key, wanted in how.items()):
            yield names


@lru_cache
def model(names: Names) -> Model:
    return build(**asdict(names))


@lru_cache
def derived(names: Names) -> Derivation:
    return derivation(model(names))


def weight(names: Names) -> int:
    """How many parameters all recurrences have: what exact algebra costs grows fast with it."""
    parameters = registry.load("derive.cells", names.cell, "cell").cell().parameters
    phases = 2 if registry.load("derive.wirings", names.wiring, "wiring").WIRING.before else 1
    return len(parameters) * names.layers * phases


LIGHT = tuple(names for names in COMBINATIONS if weight(names) <= 24)
HEAVY = tuple(names for names in COMBINATIONS if names not in LIGHT)
EVERY_LIGHT = pytest.mark.parametrize("names", LIGHT, ids=str)
EVERY_HEAVY = pytest.mark.parametrize("names", HEAVY, ids=str)


def plain(cell: str, variant: str = "", **more: object) -> Names:
    return replace(Names(cell, variant), **more)  # type: ignore[arg-type]
