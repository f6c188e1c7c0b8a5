"""``bptt truncate`` of random networks: what it prints as data, in the terminal, and its exit codes."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive import registry
from derive.truncation.study import PACKAGE
from tests.command_line.running import Done, bptt

UNBIASED = {"full", "artbp", "artbp_schedule", "randomised", "randomised_one_step"}
QUICK = ("--steps", "8", "--hidden", "3")


@cache
def quick(*words: str) -> Done:
    return bptt("truncate", "rnn", *QUICK, *words)


def data(*words: str) -> dict[str, Any]:
    done = quick("--json", *words)
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out, parse_constant=lambda name: pytest.fail(name))
    return found


def twelve(*words: str) -> dict[str, Any]:
    done = bptt("truncate", *words, "--steps", "12", "--exact", "--json", "--runs", "100")
    assert done.code in (0, 3), done  # a hundred runs may be too few for Monte Carlo to say anything
    found: dict[str, Any] = json.loads(done.out)["exact"]
    return found


def check_exact(found: dict[str, Any]) -> None:
    """Equality for what is unbiased; a bias that is not zero for τ < T, and exactly zero from τ = T on."""
    assert found["sizes"]["T"] == 12 and found["sizes"]["n"] == 3
    steps = found["steps"]
    for own in found["strategies"]:
        unbiased = own["name"] in UNBIASED
        assert own["unbiased"] is unbiased is (own["differs_at"] is None) and own["equals_closed_form"] is True
        random = own["name"].split(",")[0] not in ("full", "window", "chunks")
        assert own["patterns"] == (2 ** (steps - 1) if random else 1)
    assert [own["tau"] for own in found["windows"]] == list(range(1, steps + 2))
    assert [own["bias_is_zero"] for own in found["windows"]] == [False] * (steps - 1) + [True] * 2
    assert all((own["relative_bias"] == 0.0) is own["bias_is_zero"] for own in found["windows"])


def test_all_patterns_of_twelve_steps() -> None:
    words = [word for name in ("randomised", "window", "chunks") for word in ("--strategy", name)]
    found = twelve("rnn", *words)
    check_exact(found)
    assert found["steps"] == 12 and len(found["strategies"]) == 4


@pytest.mark.slow
@pytest.mark.parametrize("words", [("rnn",), ("lstm",), ("gru", "--wiring", "last"), ("rnn", "--wiring", "seq2seq"),
                                   ("rnn", "--feedback")], ids=" ".join)  # fmt: skip
def test_all_patterns_of_every_strategy(words: tuple[str, ...]) -> None:
    found = twelve(*words)
    check_exact(found)
    assert len(found["strategies"]) == 11


def test_the_object() -> None:
    found = data("--max-bias", "0.05")
    assert found["model"]["cell"] == "rnn-tanh" and found["sizes"] == {"n": 3, "m": 2, "q": 3, "T": 8, "batch": 1}
    assert {own["name"] for own in found["strategies"]} == set(registry.names(PACKAGE))
    for own in found["unbiased"]:
        assert own["as_expected"] is True
        if own["declared_unbiased"] and not own["control"]:
            verdicts = own["proof"]["verdict"], own["enumeration"]["verdict"], own["monte_carlo"]["verdict"]
            assert verdicts == ("PROVED", "EXACT", "AGREED")
    bias = dict(zip(found["windows"]["tau"], found["windows"]["relative_bias"], strict=True))
    tau = found["recommended"]["window"]["tau"]
    assert bias[tau] <= 0.05 < bias[tau - 1] and all(own <= 0.05 for own_tau, own in bias.items() if own_tau >= tau)
    assert found["recommended"]["window"]["bias"] == bias[tau]
    assert found["recommended"]["window"]["bias_one_step_shorter"] == bias[tau - 1]
    for own_tau, bound in zip(found["windows"]["tau"], found["windows"]["bound"], strict=True):
        assert bound == "inf" or bound >= bias[own_tau] * (1 - 1e-12)
    assert not [own for own in found["detached"] if own["verdict"] == "REFUTED"]
    assert found["training"] is None


def test_the_same_words_say_the_same() -> None:
    """And so does the command that is recorded."""
    one = bptt("truncate", "rnn", *QUICK, "--json", "--strategy", "artbp").out
    again = bptt(*json.loads(one)["command"].split()[1:], "--json").out
    assert one == again


def test_strategies_beside_each_other() -> None:
    found = data("--strategy", "artbp:kappa=1/10", "--strategy", "window:tau=3", "--strategy", "artbp_schedule:alpha=6")
    options = [(own["name"], own["options"]) for own in found["strategies"]]
    assert options == [
        ("artbp", {"kappa": "1/10"}), ("window", {"tau": "3"}), ("artbp_schedule", {"length": "2", "alpha": "6"}),
    ]  # fmt: skip


def test_members_at_the_end_of_their_range() -> None:
    """Nothing is cut by a window longer than the sequence, nor with κ = 0 or π = 1; memory is a step where τ = 1."""
    whole = ("window:tau=500", "chunks:tau=500", "artbp:kappa=0", "randomised:pi=1", "randomised_one_step:pi=1")
    found = data(*(word for name in ("window:tau=1", *whole) for word in ("--strategy", name)))
    shortest, *others = found["strategies"]
    assert shortest["memory"] == 1 and shortest["operations"] == 0 and shortest["relative_bias"] > 0.01
    assert len(others) == len(whole)
    for own in others:
        assert own["relative_bias"] < 1e-12 and own["relative_deviation"] == 0.0 and own["memory"] == 8


@pytest.mark.parametrize("steps", ["1", "2"])
def test_the_shortest_sequences(steps: str) -> None:
    words = [word for name in ("artbp", "window", "chunks") for word in ("--strategy", name)]
    done = bptt("truncate", "rnn", "--steps", steps, "--runs", "50", "--hidden", "2", "--exact", *words)
    assert done.code == 0 and "REFUTED" in done.out, done


def test_the_terminal() -> None:
    done = quick("--max-bias", "0.05")
    assert (done.code, done.err) == (0, "")
    assert "bias ≤ 0.05" in done.out and "sliding window" in done.out
    rows = {line.split()[0]: line for line in done.out.splitlines() if line[:1].isalpha()}
    assert {"full", "window,", "chunks,", "ARTBP,"} <= rows.keys()


def open_ways(found: dict[str, Any]) -> list[str]:
    """The strategies that one of the three ways could not judge."""
    ways = ("proof", "enumeration", "monte_carlo")
    return [own["name"] for own in found["unbiased"] if not own["control"]
            and any(own[way]["verdict"] == "NOT RUN" for way in ways)]  # fmt: skip


def test_exit_code_three_where_a_strategy_could_not_be_judged() -> None:
    words = ("truncate", "rnn", "--steps", "12", "--hidden", "2", "--runs", "9", "--gain", "3", "--json")
    done = bptt(*words, "--strategy", "artbp:kappa=4/5")
    assert done.code == 3 and open_ways(json.loads(done.out)) == ["artbp"], done
    done = bptt(*words, "--strategy", "window:tau=4")
    assert done.code == 0 and not open_ways(json.loads(done.out)), done


def test_nothing_shorter_than_the_whole_sequence() -> None:
    done = bptt("truncate", "rnn", *QUICK, "--strategy", "window", "--max-bias", "1e-30")
    assert done.code == 0 and "nothing shorter than the whole sequence" in done.out


def test_exit_code_one_where_a_declaration_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.strategies.chunks.Chunks.unbiased", True)
    done = bptt("truncate", "rnn", *QUICK, "--strategy", "chunks:tau=3")
    assert done.code == 1
    row = next(line for line in done.out.splitlines() if line.startswith("chunks"))
    assert math.isfinite(float(row.split("3")[1].split()[0])) and row.split()[4] != "0", row


def test_a_document(tmp_path: Path) -> None:
    """Longer pieces than the sequence, in words."""
    out = tmp_path / "t.md"
    words = ("--length", "100", "--no-training", "-o", str(out))
    done = bptt("truncate", "rnn", *QUICK, "--strategy", "window", "--strategy", "artbp", *words)
    assert done.code == 0 and "written" in done.out, done
    text = out.read_text(encoding="utf-8")
    assert "What truncation costs" in text and "nan" not in text.lower().split()


NETWORKS = (
    ("rnn", "--wiring", "seq2seq"), ("rnn", "--feedback", "--batch", "3"),
    *(pytest.param(words, marks=pytest.mark.slow) for words in (
        ("gru", "--wiring", "last", "--layers", "2"), ("jordan",), ("lstm", "--wiring", "seq2seq"), ("diagonal",),
    )),
)  # fmt: skip


@pytest.mark.parametrize("words", NETWORKS, ids=str)
def test_other_networks(words: tuple[str, ...]) -> None:
    more = ("--strategy", "artbp", "--strategy", "window")
    done = bptt("truncate", *words, "--steps", "6", "--hidden", "2", "--runs", "50", "--json", *more)
    found = json.loads(done.out)
    assert done.code == (3 if open_ways(found) else 0), done
    assert found["steps"] == (11 if "seq2seq" in words else 6)
