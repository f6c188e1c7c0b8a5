"""Formulas, read and judged in a network, for the tests of the judge."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from verify.check.convention import CONVENTIONS, Convention
from verify.check.links import Judged, judged
from verify.check.networks import Networks
from verify.check.reading.document import ClaimLine, read
from verify.check.reading.tree import Tree
from verify.check.schemes import readings
from verify.check.search import Asked, Found, found
from verify.check.setting import Setting
from verify.check.vocabulary import names_in
from verify.jets.field import Modular, random_prime

EXAMPLE = r"$$ h_t = \tanh(W_h h_{t-1} + W_i x_t + b), \quad s_t = W_o h_t + b_o, \quad L = \sum_t \ell_t $$"
"""Names every part of the network."""


def claims(text: str) -> tuple[ClaimLine, ...]:
    """``D[A|B]`` is short for \\frac{\\partial A}{\\partial B}."""
    long = re.sub(r"D\[(.*?)\|(.*?)\]", r"\\frac{\\partial \1}{\\partial \2}", text)
    return read(f"$$ {long} $$" if "$" not in long else long, "latex").claims


def tree(text: str) -> Tree:
    """A formula without a relation."""
    (claim,) = claims(f"X = {text}")
    return claim.chain[1].tree


@cache
def network(cell: str = "rnn", wiring: str = "every", loss: str = "softmax_cross_entropy") -> Setting:
    """The usual setting of a network, in which all its parameters have a value."""
    asked = Asked(cell, wiring, "", loss)
    given = claims(EXAMPLE)
    networks = Networks(asked, given, Modular(random_prime(61)))
    variant = networks.variants[0]
    names = next(readings(networks.model(variant), names_in(given), {}))
    return Setting(networks(variant, names), names)


def links(text: str, setting: Setting | None = None, convention: Convention = CONVENTIONS[0]) -> tuple[Judged, ...]:
    """All links of a formula in that setting, without a search."""
    return judged(claims(text), replace(setting or network(), convention=convention))[0]


def holds(text: str, setting: Setting | None = None, convention: Convention = CONVENTIONS[0]) -> list[bool | None]:
    """What came out for each link; False for what is true of one unit only, or cannot be."""
    return [
        False if own.alone or own.outcome.impossible is not None else own.outcome.holds
        for own in links(text, setting, convention)
    ]  # fmt: skip


def searched(text: str, asked: Asked | None = None) -> Found:
    """A text judged in the setting that fits it best."""
    return found(claims(text), asked or Asked(), Modular(random_prime(61)))
