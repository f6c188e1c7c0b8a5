"""A strategy that is one new file: picked up by the registry, the study, the command line, and the contract."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import derive.strategies
from derive import registry
from derive.errors import InputError
from derive.strategy import Strategy
from derive.truncation.moments import forgets, moments
from derive.truncation.study import PACKAGE, families
from tests.command_line.running import bptt, complaint
from tests.derive.models import Names
from tests.truncation.core import contract
from tests.truncation.core.networks import floats
from tests.truncation.core.test_study import studied
from verify.truncation.enumeration import exactly
from verify.truncation.formulas.unbiased import proved_unbiased
from verify.verdicts import Verdict

HEAD = """
from __future__ import annotations
from dataclasses import dataclass
from fractions import Fraction
from derive.machine import Machine
from derive.strategy import Links, Strategy

@dataclass(frozen=True)
class Own({base}):
    {option}
    title = "{name}"
    unbiased = {unbiased}
{body}
    @classmethod
    def of_length(cls, length):
        return cls()

STRATEGY = Own
TITLE = Own.title
"""
FILES = {
    "uncompensated": ("Links", "rate: Fraction = Fraction(1, 3)", False, """
    def chance(self, age):
        return self.rate
"""),
    "discounted": ("Links", "gamma: Fraction = Fraction(9, 10)", False, """
    def factor(self, cut, age):
        return self.gamma
"""),
    "first_two": ("Strategy", "", False, """
    def machine(self, steps):
        return Machine(2, kept=((0, 1),), read=(0, 1))
    def weight(self, late, early, factors):
        return int(late - early < 2)
"""),
    "late_chance": ("Links", "first: int = 4", True, """
    def chance(self, age):
        return Fraction(int(age >= self.first), 2)
    def factor(self, cut, age):
        return Fraction(0) if cut else 1 / (1 - self.chance(age))
"""),
    "half_open": ("Links", "", True, """
    def chance(self, age):
        return Fraction(1, 2)
    def factor(self, cut, age):
        return Fraction(1, 2) if cut else Fraction(3, 2)
"""),
    "random_window": ("Strategy", "", False, """
    def chance(self, age):
        return Fraction(1, 4)
    def factor(self, cut, age):
        return Fraction(0) if cut else Fraction(4, 3)
    def machine(self, steps):
        return Machine(3, scaled=((0, 1), (1, 2)), read=(0, 1, 2))
    def weight(self, late, early, factors):
        return 0 if late - early > 2 else Links.weight(self, late, early, factors)
"""),
}  # fmt: skip
"""Random cuts without compensation; a fixed discount; two lags; chance at a later age; cuts that let something
through; a window of random links."""
WITH_FORMULA = [name for name in FILES if name != "half_open"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another folder of strategies."""
    for name, (base, option, unbiased, body) in FILES.items():
        source = HEAD.format(name=name, base=base, option=option or "pass", unbiased=unbiased, body=body)
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(derive.strategies, "__path__", [*derive.strategies.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield tmp_path
    for name in FILES:
        sys.modules.pop(f"{PACKAGE}.{name}", None)
        if hasattr(derive.strategies, name):
            delattr(derive.strategies, name)


def made(name: str) -> Strategy:
    found: Strategy = registry.load(PACKAGE, name, "strategy").STRATEGY.of_length(3)
    return found


@pytest.mark.parametrize("name", FILES)
def test_it_is_registered(name: str) -> None:
    assert name in [family().name for family in families()]
    assert made(name).name == name and made(name) == made(name)


@pytest.mark.parametrize("name", WITH_FORMULA)
def test_the_contract_is_kept(name: str) -> None:
    contract.every_check(made(name))
    contract.check_moments(made(name), Names("rnn"), 7)


def test_chance_at_a_later_age_is_chance() -> None:
    assert made("late_chance").is_random and not made("discounted").is_random


def test_a_cut_that_does_not_forget_has_no_closed_form() -> None:
    """Its variance is refused, not given wrongly; the study draws runs instead."""
    own = made("half_open")
    contract.check_closed_law(own, 6)
    contract.check_unbiased(own, Names("rnn"))
    assert not forgets(own, 6)
    with pytest.raises(InputError, match="remembers"):
        moments(floats(Names("rnn")), own)
    found = studied(Names("rnn"), strategies=[own])
    assert found.measured[0].runs > 0 and found.measured[0].deviation > 0
    exact = exactly(found.derivation, [own], steps=4).strategies[0]
    assert exact.is_unbiased and exact.equals_formula is None


def test_all_others_forget() -> None:
    for name in registry.names(PACKAGE):
        assert forgets(made(name), 9) is (name != "half_open")


@pytest.mark.parametrize("name", FILES)
def test_it_is_proved_or_refuted(name: str) -> None:
    verdict = proved_unbiased(made(name)).verdict
    assert verdict in ((Verdict.PROVED, Verdict.NOT_RUN) if made(name).unbiased else (Verdict.REFUTED,))


def test_it_is_listed() -> None:
    done = bptt("cells")
    assert done.code == 0 and all(name in done.out for name in FILES)


def test_it_is_studied_from_the_command_line() -> None:
    words = [word for name in FILES for word in ("--strategy", name)]
    done = bptt("truncate", "rnn", "--steps", "8", "--runs", "300", "--json", *words)
    found = json.loads(done.out)
    by_name = {own["name"]: own for own in found["unbiased"]}
    assert set(FILES) <= set(by_name) and all(own["as_expected"] for own in by_name.values())
    options = {own["name"]: own["options"] for own in found["strategies"]}
    assert options["discounted"] == {"gamma": "9/10"}
    exact = {own["name"]: own for own in found["exact"]["strategies"]}
    assert exact["half_open"]["equals_closed_form"] is None and exact["random_window"]["equals_closed_form"] is True


@pytest.mark.parametrize("name", ["uncompensated", "discounted", "half_open"])
def test_a_strategy_that_nobody_wrote_as_a_program_is_not_refuted(name: str) -> None:
    done = bptt("truncate", "rnn", "--steps", "6", "--runs", "10", "--json", "--strategy", name)
    assert not [own for own in json.loads(done.out)["detached"] if own["verdict"] == "REFUTED"]


def test_its_options_are_read() -> None:
    done = bptt("truncate", "rnn", "--steps", "6", "--runs", "10", "--json", "--strategy", "discounted:gamma=1/2")
    assert json.loads(done.out)["strategies"][0]["options"] == {"gamma": "1/2"}
    complaint(bptt("truncate", "rnn", "--strategy", "discounted:rate=1/2"), "no option 'rate'", "gamma")


def test_a_wrong_declaration_is_refuted(folder: Path) -> None:
    """Exit code 1, and no zero in the column of biases."""
    source = (folder / "uncompensated.py").read_text().replace("unbiased = False", "unbiased = True")
    (folder / "uncompensated.py").write_text(source)
    sys.modules.pop(f"{PACKAGE}.uncompensated", None)
    done = bptt("truncate", "rnn", "--steps", "8", "--runs", "50", "--strategy", "uncompensated")
    assert done.code == 1, done
    row = next(line for line in done.out.splitlines() if line.startswith("uncompensated"))
    assert row.replace("uncompensated, rate = 1/3", "").split()[0] != "0", row
