"""0 all claims hold, 1 something is refuted, 3 something asked for was not run; and the JSON that says so."""

from __future__ import annotations

import json

import pytest

import derive.assemble
from derive.derivation import Derivation
from derive.model import Model, build
from tests.command_line.running import bptt, verified
from tests.wrong.planted import PLANTED
from verify.oracles import complex_step
from verify.verdicts import Verdict

QUICK = ("verify", "rnn", "--steps", "4", "--hidden", "2", "--oracle", "complex_step")
right = derive.assemble.derivation


def test_nothing_refuted_is_0() -> None:
    done = bptt(*QUICK)
    assert (done.code, done.err) == (0, "")
    assert "AGREED" in done.out and "REFUTED" not in done.out


@pytest.mark.parametrize("json_", [(), ("--json",)])
def test_a_wrong_derivation_is_1_and_the_step_is_named(json_: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    planted = next(p for p in PLANTED if p.name == "transposed W_h")

    def wrong(model: Model) -> Derivation:
        return planted.plant(right(model))

    monkeypatch.setattr("derive.assemble.derivation", wrong)
    done = bptt(*QUICK, *json_)
    assert (done.code, done.err) == (1, "")
    assert planted.step in done.out and "REFUTED" in done.out
    if json_:
        found = json.loads(done.out)
        refuted = [f for f in found["findings"] if f["verdict"] == "REFUTED"]
        assert found["exit_code"] == 1 and planted.step in {f["claim"] for f in refuted}
        assert all({"where", "claimed", "found"} <= set(f["witness"]) for f in refuted)


def test_an_oracle_that_cannot_run_is_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(complex_step, "missing", lambda: "no such [package]")
    done = bptt(*QUICK)
    assert (done.code, done.err) == (3, "")
    assert "NOT RUN" in done.out and "no such [package]" in done.out
    found = json.loads(bptt(*QUICK, "--json").out)
    assert found["exit_code"] == 3 and found["counts"]["NOT RUN"] == 1


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(model: Model) -> Derivation:
        raise KeyboardInterrupt

    monkeypatch.setattr("derive.assemble.derivation", interrupted)
    done = bptt(*QUICK)
    assert done.code == 130 and "Traceback" not in done.err


def test_json_has_a_verdict_for_every_claim() -> None:
    found = verified()
    assert list(found) == [
        "model", "sizes", "seed", "redrawn", "counts", "rungs", "exit_code", "findings", "left_out",
    ]  # fmt: skip
    judged = {finding["claim"] for finding in found["findings"]}
    derivation = right(build())
    assert {step.key for step in derivation} <= judged
    sources = (*(w.name for w in derivation.model.parameters), "h_0")
    assert {f"gradient.{name}" for name in sources} <= judged
    assert {f"lag.{w.name}.{lag}" for w in derivation.model.recurrent_parameters for lag in range(6)} <= judged


def test_json_findings_have_the_documented_fields() -> None:
    found = verified()
    known = {
        "claim", "evidence", "rung", "verdict", "form", "error", "tolerance", "scale", "failure", "radius", "theorem",
        "reason", "witness", "sizes",
    }  # fmt: skip
    for finding in found["findings"]:
        assert {"claim", "evidence", "rung", "verdict"} <= set(finding) <= known
        assert finding["verdict"] in {verdict.value for verdict in Verdict}
    assert sum(found["counts"].values()) == len(found["findings"])
    assert all(field in bptt("verify", "--help").out for field in (*found, *known))


def test_every_form_is_judged_by_every_oracle() -> None:
    pairs = {(f.get("form"), f["evidence"]) for f in verified()["findings"] if f["claim"].startswith("gradient.W_")}
    oracles = (
        "autograd_reverse", "balls", "central_differences", "complex_step", "dot_test", "forward_mode", "free_jets",
        "sympy_diff", "taylor",
    )  # fmt: skip
    assert {(form, oracle) for form in ("expanded", "rtrl", "adjoint") for oracle in oracles} <= pairs


def test_cells_lists_what_there_is() -> None:
    found = json.loads(bptt("cells", "--json").out)
    own = ["cells", "wirings", "losses", "normalisations", "oracles", "remedies", "strategies", "targets"]
    assert list(found) == [*own, "formats", "engines"]
    assert "tanh" in found["cells"]["rnn"]["activations"]
    text = bptt("cells").out
    assert all(name in text for entries in found.values() for name in entries)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_verdict_is_cut(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (QUICK, ("cells",), ("derive", "rnn", "--form", "rtrl")):
        done = bptt(*words)
        assert max(map(len, done.out.splitlines())) <= columns
        assert not any(line != line.rstrip() for line in done.out.splitlines())
        assert "AGR…" not in done.out
