"""Small networks of every kind of chain, and the runs that the tests judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from derive import registry
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import Model, build
from derive.strategy import Strategy
from derive.truncation.decisions import Runs, drawn
from derive.unroll import place
from verify.problem import Problem, random_problem
from verify.truncation.detach import Case, case
from verify.truncation.detach_autograd import losses, positions
from verify.truncation.detach_plan import tapes
from verify.truncation.detach_terms import Claim
from verify.verdicts import Finding, Verdict

STRATEGIES = registry.names("derive.strategies")
SHAPES: Mapping[str, Mapping[str, object]] = {
    "rnn": {},
    "rnn, last": {"wiring": "last"},
    "rnn, relu": {"variant": "relu"},
    "lstm": {"cell": "lstm"},
    "gru, last": {"cell": "gru", "wiring": "last"},
    "two layers": {"layers": 2},
    "fed back": {"feedback": True},
    "encoder": {"wiring": "seq2seq"},
    "encoder, lstm, fed back": {"cell": "lstm", "wiring": "seq2seq", "feedback": True},
    "encoder, bridge, fed back": {"wiring": "seq2seq", "bridge": "softmax", "feedback": True, "layers": 2},
}
"""Those that PyTorch has."""
OTHERS: Mapping[str, Mapping[str, object]] = {
    "peephole": {"cell": "peephole"},
    "jordan": {"cell": "jordan"},
    "diagonal, last": {"cell": "diagonal", "wiring": "last"},
}


def made(shape: str) -> tuple[Derivation, Problem]:
    known = derived(shape)
    return known, small(known.model, steps=4 if len(known.model.phases) > 1 else 6)


@cache
def derived(shape: str) -> Derivation:
    return derivation(build(**{**SHAPES, **OTHERS}[shape]))  # type: ignore[arg-type]


def small(model: Model, **more: int) -> Problem:
    return random_problem(model, **{"steps": 6, "hidden": 3, "inputs": 2, "outputs": 3, "batch": 2, "seed": 3, **more})


def strategy(name: str, length: int = 3) -> Strategy:
    found: Strategy = registry.load("derive.strategies", name, "strategy").STRATEGY.of_length(length)
    return found


def runs(problem: Problem, own: Strategy, *, seed: int = 0, count: int = 1) -> Runs:
    return drawn(own, len(positions(problem)), count, np.random.default_rng(seed))


def mixed(problem: Problem, own: Strategy) -> Runs:
    """A run in which the first and the last link pass, and one between them is cut."""
    found = runs(problem, own, count=500)
    cut = found.cut
    chosen = int(np.flatnonzero(~cut[:, 2] & ~cut[:, -1] & cut[:, 3:-1].any(axis=1))[0])
    return Runs(cut[chosen : chosen + 1], found.factors[chosen : chosen + 1])


def claims(problem: Problem, program: Strategy, claimed: Strategy, factors: Sequence[float] = ()) -> Case:
    """The program of one strategy, and the claim that it is another, with its factors unless others are given."""
    own = mixed(problem, program) if program.is_random else runs(problem, program)
    plan = tapes(program, losses(problem), own.cut[0].tolist())
    return Case(Claim(claimed, list(factors) or runs(problem, claimed).factors[0].tolist()), plan)


def right(problem: Problem, own: Strategy) -> Case:
    return case(problem, own, mixed(problem, own) if own.is_random else runs(problem, own))


def contracted(problem: Problem, share: float) -> Problem:
    """The recurrent matrix made small: what a loss sends back vanishes with the lag."""
    (matrix,) = (w for w in problem.model.recurrent_parameters if w.name == "W_h")
    return problem.with_given({**problem.given, place(matrix): share * problem.given[place(matrix)]})


def names(findings: Iterable[Finding], verdict: Verdict) -> set[str]:
    """The parameters of which that is said."""
    return {finding.claim.rpartition(".")[2] for finding in findings if finding.verdict is verdict}
