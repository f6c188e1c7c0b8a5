"""Which network a file speaks of, where nobody says it."""

from __future__ import annotations

import pytest

from derive.errors import InputError
from verify.check.guessing import guessed
from verify.check.networks import Asked
from verify.check.reading.document import read
from verify.check.search import found
from verify.jets.field import Modular, random_prime

LSTM = r"c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\ h_t &= o_t \odot \tanh(c_t)"
GRU = r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}"
LEAKY = r"z_t &= W_h h_{t-1} + W_i x_t + b \\ h_t &= (1 - \alpha) h_{t-1} + \alpha \tanh(z_t)"
VANILLA = r"h_t &= \tanh(W_h h_{t-1} + W_i x_t + b)"
RECURSION = r"a_t &= b_t + c_t a_{t-1}"
"""Of which every network is true, those too whose matrices commute."""
WEIGHTS = r"\nabla_{W_{hz}} L &= \sum_{t=1}^{T} \nabla_{u_{z,t}} L \; h_{t-1}^\top"


def lines(text: str) -> str:
    return rf"\begin{{align*}} {text} \end{{align*}}"


def taken(text: str, asked: Asked | None = None) -> Asked:
    return guessed(asked or Asked(), read(lines(text), "latex").claims, Modular(random_prime(61)))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (LSTM, "lstm"),
        (GRU, "gru"),
        (LEAKY, "leaky"),
        (VANILLA, "rnn"),
        (RECURSION, "rnn"),
        (WEIGHTS, "gru"),
        ("x_t &= 1", "rnn"),
    ],
)
def test_the_cell(text: str, cell: str) -> None:
    assert taken(text).cell == cell


def test_what_is_said_is_not_guessed() -> None:
    assert taken(LSTM, Asked(cell="gru")).cell == "gru"
    asked = Asked(cell="rnn", wiring="last")
    assert taken(LSTM, asked) == asked


@pytest.mark.parametrize(
    ("loss", "wiring"), [(r"L &= \ell_T", "last"), (r"L &= \frac{1}{T} \sum_{t=1}^T \ell_t", "every")]
)
def test_the_wiring(loss: str, wiring: str) -> None:
    text = lines(rf"{VANILLA} \\ s_t &= W_o h_t + b_o \\ {loss}")
    result = found(read(text, "latex").claims, Asked(), Modular(random_prime(61)))
    assert result.asked.wiring == wiring
    assert all(link.outcome.holds for link in result.links)


def test_a_letter_for_what_no_such_network_has() -> None:
    assert taken(VANILLA, Asked(names={"Q": "W_hf"})).cell == "lstm"
    with pytest.raises(InputError, match="which rnn has not"):
        taken(VANILLA, Asked(names={"Q": "W_hx"}))
