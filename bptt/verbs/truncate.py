"""``bptt truncate``: what truncated backpropagation costs, in bias, variance and work, exactly."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import drawn_options, options, screen, strategy_words, study_output, trained_options
from bptt.progress import progress
from derive import registry
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model
    from derive.strategy import Strategy
    from reports.truncation.material import Truncation
    from verify.problem import Problem

HELP = "what truncation costs: bias and variance of every strategy, exactly; which τ a given bias allows"
EXAMPLE = """bptt truncate rnn --steps 50 --max-bias 0.01

  bptt truncate lstm --weights M.safetensors --input SEQ.csv --max-bias 0.01     which τ your own network needs
  bptt truncate rnn --strategy artbp:kappa=1/10 --strategy window:tau=10          two strategies beside each other
  bptt truncate rnn --steps 12 --exact --json                                     all 2^11 patterns of cuts, in ℚ
  bptt truncate rnn -o truncation.pdf                                             the document, training included

A window of τ keeps the terms with t − i < τ: the shares of the τ latest steps. Biases are relative to the full gradient
of all parameters of the recurrence; docs/truncation.md says how everything is measured.

--json prints {"model", "sizes", "recommended", "strategies", "unbiased", "exact", "windows", "chunks", "by_parameter",
"by_length", "detached", "training", ...} and nothing else.

exit codes: 0 done · 1 a strategy is not what it is declared to be, or a formula in the document is refuted · 2 bad
            usage or input · 3 nothing is refuted, but one of the three ways could not judge a strategy"""
_REFUTED, _NOT_RUN = 1, 3
_EXACT_STEPS, _STEPS, _HIDDEN = 12, 50, 8
_LONGEST = 2000


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    drawn_options.add_drawn(parser, steps=_STEPS, hidden=_HIDDEN)
    trained_options.add_trained(parser)
    asked = parser.add_argument_group("what is asked")
    names = ", ".join(registry.names(strategy_words.PACKAGE))
    asked.add_argument(
        "--strategy", action="append", metavar="NAME[:OPTION=VALUE,…]", default=[],
        help=f"instead of all, may be repeated: {names}",
    )  # fmt: skip
    asked.add_argument(
        "--length", type=options.positive, metavar="L",
        help="mean length of the pieces: τ, 1/κ, 1/(1 − π), L₀ (a fifth of the sequence)",
    )  # fmt: skip
    asked.add_argument(
        "--max-bias", type=options.positive_number, metavar="X", help="names the smallest τ with this relative bias"
    )
    asked.add_argument(
        "--exact", action="store_true", help=f"enumerate all cuts of {_EXACT_STEPS} steps (or fewer: --steps), not of 8"
    )
    asked.add_argument(
        "--runs", type=options.positive, metavar="N", help="drawn at random (2000; up to 20000 of a small network)"
    )
    asked.add_argument("--training", action="store_true", help="the training experiments too (about a minute)")
    asked.add_argument("--no-training", action="store_true", help="leaves them out of a document")
    study_output.add_output(parser, "a document: .pdf, .tex, .md, .txt or .typ")


def reads(arguments: argparse.Namespace) -> tuple[Path, ...] | None:
    return (
        None if study_output.writes(arguments)
        else (*options.model_files(arguments), *trained_options.files(arguments))
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    model = options.model(arguments)
    problem, notes = _problem(arguments, model)
    from reports.truncation.material import MOST_BIAS, gather

    with progress() as say:
        found = gather(
            problem, command=_command(arguments), notes=notes, strategies=_strategies(arguments, problem),
            length=arguments.length, trained=arguments.weights is not None, seed=arguments.seed, runs=arguments.runs,
            exact_steps=min(problem.steps, _EXACT_STEPS) if arguments.exact else None,
            most_bias=arguments.max_bias or MOST_BIAS, training=_trains(arguments), progress=say,
        )  # fmt: skip
        written = study_output.written(arguments, found, "reports.truncation", say)
    _print(arguments, found, written)
    if found.is_refuted or (arguments.output and found.formulas_refuted):
        return _REFUTED
    return _NOT_RUN if found.is_open else 0


def _check(arguments: argparse.Namespace) -> None:
    """Complain about words before any work is done."""
    study_output.check_outputs(arguments)
    if arguments.training and arguments.no_training:
        raise InputError("--training and --no-training contradict each other", mend="leave one of them out")
    drawn_options.check(arguments, _given(arguments), trained=trained_options.is_trained(arguments))
    for word in arguments.strategy:
        options.known(strategy_words.PACKAGE, word.partition(":")[0], "strategy")
    if arguments.exact and not arguments.weights and arguments.steps > _EXACT_STEPS and "steps" in _given(arguments):
        raise InputError(
            f"--exact writes out all patterns of cuts, and {arguments.steps} steps have 2^{arguments.steps - 1}",
            mend=f"take --steps {_EXACT_STEPS} or fewer",
        )
    if not arguments.weights and arguments.steps > _LONGEST:
        raise InputError(f"--steps {arguments.steps} is too long for all lags", mend=f"take at most {_LONGEST}")


def _problem(arguments: argparse.Namespace, model: Model) -> tuple[Problem, tuple[str, ...]]:
    """The network and its input, and what was assumed."""
    if not arguments.weights:
        if arguments.exact and "steps" not in _given(arguments):
            arguments.steps = _EXACT_STEPS
        return drawn_options.drawn(arguments, model), ()
    found = trained_options.read(arguments, model)
    problem, notes = found.problem(model), found.notes
    if problem.steps > _LONGEST:
        notes = (*notes, f"the last {_LONGEST} of {problem.steps} steps are studied")
        problem = problem.last(_LONGEST)
    return problem, notes


def _strategies(arguments: argparse.Namespace, problem: Problem) -> tuple[Strategy, ...]:
    length = arguments.length or max(2, round(problem.steps / 5))
    return tuple(strategy_words.strategy(word, length) for word in dict.fromkeys(arguments.strategy))


def _trains(arguments: argparse.Namespace) -> bool:
    return bool(arguments.training or (arguments.output and not arguments.no_training))


def _print(arguments: argparse.Namespace, found: Truncation, written: tuple[str, ...]) -> None:
    if arguments.json:
        from reports.truncation_json import truncation_json

        screen.write(truncation_json(found))
        return
    from reports.truncation.terminal import print_truncation

    study_output.show(written, lambda console: print_truncation(found, console, brief=bool(written)))


def _command(arguments: argparse.Namespace) -> str:
    """The words that do the same again, with file names but not their folders."""
    words = ["bptt", "truncate", *options.model_words(arguments)]
    if arguments.weights:
        words += trained_options.words(arguments)
    else:
        words += drawn_options.words(arguments, _given(arguments))
    for word in arguments.strategy:
        words += ["--strategy", word]
    for name in options.given(arguments, configure, ("length", "max_bias", "runs")):
        words += [f"--{name.replace('_', '-')}", str(getattr(arguments, name))]
    words += [
        f"--{name.replace('_', '-')}" for name in ("exact", "training", "no_training") if getattr(arguments, name)
    ]
    words += ["-o", arguments.output.name] if arguments.output else []
    return shlex.join(words).encode(errors="backslashreplace").decode()


def _given(arguments: argparse.Namespace) -> list[str]:
    """The options of a random network that say something else than where they are not given."""
    return options.given(arguments, configure, drawn_options.NAMES)
