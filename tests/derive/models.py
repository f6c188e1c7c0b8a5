"""Every model that the registries make: a new file is tested without a line here."""

from __future__ import annotations

from functools import lru_cache

from derive import registry
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import Model, build

Names = tuple[str, str, str, str]

COMBINATIONS: tuple[Names, ...] = tuple(
    (cell, variant, loss, wiring)
    for cell in registry.names("derive.cells")
    for variant in (registry.load("derive.cells", cell, "cell").VARIANTS or ("",))
    for loss in registry.names("derive.losses")
    for wiring in registry.names("derive.wirings")
)


@lru_cache
def model(names: Names) -> Model:
    cell, variant, loss, wiring = names
    return build(cell, variant=variant, loss=loss, wiring=wiring)


@lru_cache
def derived(names: Names) -> Derivation:
    return derivation(model(names))
