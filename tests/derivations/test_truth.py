"""What is expected of each claim is what numbers say of it; and where it is not, that is seen."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from tests.derivations.corpus import Derivation, Expected, load
from tests.derivations.networks import CELLS, Setting, T, network
from tests.derivations.simulation import Simulation
from tests.derivations.truth.registry import Truth, judged, same, truths

DERIVATIONS = {derivation.file: derivation for derivation in load()}
TRUTHS = truths()


def setting(derivation: Derivation) -> Setting:
    return Setting(**{name: value for name, value in asdict(derivation.network).items() if value != ""})


def disagreeing(derivation: Derivation, truth: Truth, here: Simulation) -> list[int]:
    """The lines of claims that numbers judge otherwise."""
    found = judged(truth, here)
    assert set(found) == set(range(1, len(derivation.stated) + 1)), "a claim is not written a second time"
    numbered = enumerate(derivation.stated, 1)
    return [claim.line for number, claim in numbered if found[number] != (claim.verdict is Expected.RIGHT)]


def test_every_file_has_its_truth() -> None:
    assert set(TRUTHS) == set(DERIVATIONS)


@pytest.mark.parametrize("file", sorted(DERIVATIONS))
def test_verdicts(file: str) -> None:
    derivation = DERIVATIONS[file]
    assert not disagreeing(derivation, TRUTHS[file], network(setting(derivation)))


@pytest.mark.parametrize("file", sorted(file for file, entry in DERIVATIONS.items() if not entry.network.scalar))
def test_one_unit(file: str) -> None:
    """What is right stays right for one unit; of what is wrong, exactly that which says so becomes right."""
    derivation = DERIVATIONS[file]
    found = judged(TRUTHS[file], network(replace(setting(derivation), scalar=True)))
    for number, claim in enumerate(derivation.stated, 1):
        assert found[number] == (claim.verdict is Expected.RIGHT or claim.scalar_true), claim


def test_a_wrong_expectation_is_seen() -> None:
    """Every verdict turned round is noticed."""
    turned = {Expected.RIGHT: Expected.WRONG, Expected.WRONG: Expected.RIGHT}
    for file in ("source_article.tex", "wrong/gru.tex", "right/index_form.tex"):
        derivation = DERIVATIONS[file]
        claims = tuple(replace(claim, verdict=turned[claim.verdict]) for claim in derivation.stated)
        changed = replace(derivation, claims=claims)
        lines = disagreeing(changed, TRUTHS[file], network(setting(derivation)))
        assert lines == [claim.line for claim in claims]


@pytest.mark.parametrize("cell", CELLS)
def test_derivatives_are_those_of_finite_differences(cell: str) -> None:
    """The complex steps themselves, by another way of differentiating."""
    here, step = network(Setting(cell=cell)), 1e-6
    name = "u" if cell == "indrnn" else "W_hn" if cell == "gru" else "W_hf" if cell == "lstm" else "W_h"
    nudge = np.zeros(here(name).shape)
    nudge[-1, 0] = step
    up, down = (here.run({(name, None): sign * nudge})["L", None] for sign in (1, -1))
    measured = ((up - down) / (2 * step)).real.item()
    rounding = 16 * np.finfo(float).eps * abs(here("L").item()) / step
    assert rounding < abs(measured) / 100
    assert abs(measured - here.G(name)[-1, 0]) <= rounding


def test_a_parameter_is_its_copies() -> None:
    here = network(Setting())
    copies = [here.J("h", T, "W_h", s) for s in range(1, T + 1)]
    assert same(here.J("h", T, "W_h"), np.sum(copies, axis=0))
    assert not same(here.J("h", T, "W_h"), np.sum(copies[1:], axis=0))


def test_sides_that_mean_nothing() -> None:
    one, other = np.ones((2, 3)), np.ones((2, 2))
    assert same(one, one)
    assert not same(one, None)
    assert not same(one, other)
    assert not same(one, lambda: one @ one)
    assert not same(one, one * (1 + 1e-6))
