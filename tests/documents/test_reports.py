"""A report on every kind of network that can be asked for, and its growth chapter on unusual weights."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reports.growth.material
from derive import registry
from derive.assemble import derivation
from derive.cellfile.reader import read_cell
from derive.expr import Var
from derive.functions import ACTIVATIONS
from derive.model import Model, build
from derive.run import name_of
from reports.chapters import growth
from reports.chapters.unrolled import unrolled
from reports.document.blocks import Document, References
from reports.document.blocks import Reference as Cited
from reports.document.charts import Plot
from reports.document.diagrams import is_blocked
from reports.formula.to_latex import latex as to_latex
from reports.material import Material, gather
from reports.present import show
from reports.report import report
from reports.wording import spoken_name
from reports.writers import writer
from verify.problem import random_problem
from verify.rungs import PROOF, VALUES
from verify.verdicts import Evidence, Finding, Verdict

SATURATES = "units saturate"
EXAMPLES = Path(__file__).parents[2] / "examples" / "cells"


def show_latex(variable: Var) -> str:
    return to_latex(show(variable))


def material(activation: str, batch: int = 1, scale: float = 1.0) -> Material:
    """A report's material on a given problem, without evidence."""
    model = build(variant=activation)
    problem = random_problem(model, batch=batch)
    where = ("W_h", "parameter", None)
    problem = problem.with_given({**problem.given, where: scale * problem.given[where]})
    return Material(derivation(model), problem, Evidence(()), "bptt", 0, trained=True)


FIRST = [("relu", "squared_error")]
NETWORKS = [
    pytest.param(activation, loss, marks=() if (activation, loss) in FIRST else pytest.mark.slow)
    for activation in ACTIVATIONS
    for loss in ("softmax_cross_entropy", "squared_error")
]


@pytest.mark.parametrize(("activation", "loss"), NETWORKS)
def test_every_network_has_a_report(activation: str, loss: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        document = report(gather(build(variant=activation, loss=loss), command="bptt report rnn"))
    shown = writer("text").render(document).main
    assert "A worked example" in shown
    assert (SATURATES in " ".join(shown.split())) == (activation in ("tanh", "sigmoid"))


COMBINATIONS = [
    {"cell": "lstm"},
    {"cell": "rnn", "wiring": "last", "normalisation": "masked_softmax"},
    {"cell": "rnn", "wiring": "seq2seq", "bridge": "sigmoid"},
]
HEAVY = [
    *({"cell": cell} for cell in registry.names("derive.cells") if cell != "lstm"),
    {"cell": "rnn", "wiring": "last"},
    {"cell": "rnn", "layers": 2},
    {"cell": "jordan", "wiring": "last", "loss": "binary_cross_entropy"},
    {"cell": "mgu"},
    {"cell": "gru", "wiring": "last", "feedback": True},
    {"cell": "rnn", "wiring": "seq2seq", "feedback": True},
    {"cell": "rnn", "feedback": True, "layers": 2},
    {"cell": "diagonal", "wiring": "seq2seq", "layers": 2, "loss": "squared_error", "normalisation": "relu"},
    {"cell": "cornn", "wiring": "seq2seq"},
    {"cell": "gru", "wiring": "seq2seq", "bridge": "softmax"},
    {"cell": "lstm", "wiring": "seq2seq", "layers": 2},
    {"cell": "lstm", "layers": 2, "feedback": True, "wiring": "last"},
    {"cell": "peephole", "wiring": "seq2seq", "normalisation": "masked_softmax"},
]


def network(names: dict[str, Any]) -> Model:
    """A model by names; a cell that is not ours is one of the examples."""
    example = EXAMPLES / f"{names['cell']}.toml"
    return build(**{**names, "cell": read_cell(example)} if example.exists() else names)


def invented(model: Model) -> Material:
    """A report's material with findings that nobody found: enough to see that there is a place for each."""
    steps, problem = derivation(model), random_problem(model)
    found = [Finding(s.key, VALUES, Verdict.AGREED, error=1e-16, tolerance=1e-13, scale=1.0) for s in steps]
    found += [Finding(s.key, PROOF, Verdict.PROVED) for s in steps if s.proof is not None]
    found += [
        Finding(f"gradient.{name_of(w)}", oracle, Verdict.AGREED, error=1e-16, tolerance=1e-13, scale=1.0)
        for w in problem.sources
        for oracle in registry.names("verify.oracles")
    ]
    return Material(steps, problem, Evidence(tuple(found)), "bptt report", 0)


@pytest.mark.parametrize("names", [*COMBINATIONS, *(pytest.param(n, marks=pytest.mark.slow) for n in HEAVY)], ids=str)
def test_every_combination_has_a_report(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """All chapters, in the format that breaks and measures most; nothing is left unsaid in any of them.

    Of most, the growth chapter goes without its evidence and its remedies, which have their own tests over all cells.
    """
    if names["cell"] not in ("gru", "mgu"):
        monkeypatch.setattr(reports.growth.material, "evidence", lambda derivation: ())
        monkeypatch.setattr(reports.growth.material, "remedies", lambda *words, **options: ())
    model = network(names)
    document = report(invented(model))
    latex = writer("latex").render(document).main
    for parameter in model.parameters:
        assert show_latex(parameter) in latex, parameter.name
    assert latex.count("A worked example") and "undefined" not in latex


@pytest.mark.parametrize("names", [*COMBINATIONS, *HEAVY], ids=str)
def test_every_wiring_is_drawn(names: dict[str, Any]) -> None:
    """Every state has its arrow from step to step, only steps with a loss have one, and arrows avoid other nodes."""
    model = network(names)
    diagram = unrolled(model)
    ell = model.readout.loss.target.name
    losses = [node for node in diagram.nodes if f".{ell}." in node.key]
    assert len(losses) == (1 if model.wiring.single else 2 if len(model.phases) > 1 else 3)
    for phase in model.phases:
        for state in phase.states:
            assert any(edge.source.startswith(f"{phase.name}.{state.name}.") for edge in diagram.edges), state.name
    assert all(edge.bend or not is_blocked(diagram, edge) for edge in diagram.edges)
    crossing = [e for e in diagram.edges if e.source.partition(".")[0] != e.target.partition(".")[0]]
    assert len(crossing) == (len(model.main.starts) if len(model.phases) > 1 else 0)


@pytest.mark.parametrize(
    ("names", "spoken"),
    [
        ({"cell": "rnn"}, "tanh RNN"),
        ({"cell": "lstm", "layers": 2, "wiring": "seq2seq"}, "two-layer LSTM encoder–decoder"),
        ({"cell": "gru", "feedback": True}, "GRU with its output fed back"),
        ({"cell": "leaky", "variant": "relu"}, "leaky integrator (relu)"),
        ({"cell": "jordan", "wiring": "last"}, "Jordan network (tanh) with one loss, at the last step"),
        ({"cell": "mgu"}, "MGU"),
    ],
)
def test_how_a_model_is_called(names: dict[str, Any], spoken: str) -> None:
    assert spoken_name(network(names)) == spoken


def test_a_title_that_no_font_has_gives_way_to_the_name() -> None:
    cell = replace(read_cell(EXAMPLES / "mgu.toml"), name="minigate", title="最小门控单元, 一个门")
    assert spoken_name(build(cell=cell)) == "minigate"


def test_of_a_batch_mean_and_spread_are_printed() -> None:
    (plot,) = (b for b in growth.blocks(material("tanh", batch=3)) if getattr(b, "label", "") == "fig:growth-norms")
    assert isinstance(plot, Plot) and len(plot.bands) == 1
    (alone,) = (b for b in growth.blocks(material("tanh")) if getattr(b, "label", "") == "fig:growth-norms")
    assert isinstance(alone, Plot) and not alone.bands


def test_a_recurrent_matrix_that_is_zero_passes_nothing_back() -> None:
    found = material("tanh", scale=0.0)
    blocks = tuple(growth.blocks(found))
    cited = References(tuple(Cited(r.key, r.authors, r.year, r.title) for r in found.references))
    text = writer("text").render(Document("", "", (), (*blocks, cited))).main
    assert "spectral radius zero" in text and "Every direction is lost" in text and "nan" not in text


@pytest.mark.parametrize("cell", registry.names("derive.cells"))
def test_a_bound_is_printed_only_where_it_holds(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """c_t of a leaky network is not diag(φ′) W alone, and a gate multiplies what may be of any size."""
    monkeypatch.setattr(reports.growth.material, "evidence", lambda derivation: ())
    monkeypatch.setattr(reports.growth.material, "remedies", lambda *words, **options: ())
    model = build(cell)
    problem = random_problem(model, steps=12, hidden=5, drive=0.01)
    given = Material(derivation(model), problem, Evidence(()), "bptt", 0, trained=True)
    study = given.growth.study
    assert (study.log_weights is None) == (cell in ("gru", "lstm", "peephole"))
    for bound in (study.log_products, study.log_weights):
        assert bound is None or np.all(study.log_norms <= bound + 1e-12 * np.abs(bound))
    blocks = list(growth.blocks(given))
    (plot,) = (b for b in blocks if isinstance(b, Plot) and b.label == "fig:growth-norms")
    assert ("weights alone" in repr(plot.series)) == (study.log_weights is not None)


def test_a_refuted_formula_of_growth_is_an_exit_code() -> None:
    found = invented(build())
    wrong = Finding("growth.bound", "exact instances", Verdict.REFUTED)
    assert found.exit_code == 0
    object.__setattr__(found.growth, "findings", (*found.growth.findings, wrong))
    assert found.exit_code == 1
