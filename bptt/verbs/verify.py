"""``bptt verify``: check every step and every gradient."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen
from bptt.progress import progress
from bptt.sizes import add_sizes, by_symbol, given
from derive.errors import InputError
from verify.rungs import Rung

if TYPE_CHECKING:
    from derive.model import Model

HELP = "check every step and every gradient of a model's derivation by independent evidence"
EXAMPLE = """bptt verify rnn --steps 6 --hidden 4 --json

The rungs of evidence: floating (autograd, forward mode, complex step, differences), exact (over a finite field, and
sympy.diff), enclosed (ball arithmetic), proved (for every t and T), theorem (checked by Coq).

--json prints {"model", "sizes", "seed", "redrawn", "counts", "rungs", "exit_code", "findings": [...]}. "redrawn" has
the reason for every random draw that was not taken: an argument near a kink, where no derivative can be judged, or a
state that explodes. There is one finding for each claim and kind of evidence: "claim", "evidence", "rung", "verdict",
and where they apply "form", "error", "tolerance" and "scale" (the first two are relative to the third), "failure",
"radius", "theorem", "reason", "witness" and "sizes". The form "compiled" is the generated code. "left_out" has the
oracles that are not installed, or have nothing like this model, and were not asked for by --oracle, and code that
there is not, or that numbers of one kind cannot run: they do not count.

--mutations makes the known mistakes, in every place where each can be made, and counts what catches them, rung by
rung, at sizes taken down to where everything still shows; exit code 0 when all are caught. With --json: {"model",
"sizes", "evidence", "mutants", "caught", "percent", "by", "rows": [...], "survivors": [...], "equivalent": [...],
...}."""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    add_sizes(parser, "the instance that floating point checks")
    parser.add_argument("--oracle", action="append", metavar="NAME", help="only this oracle; may be repeated (all)")
    parser.add_argument(
        "--rung", action="append", metavar="NAME", help=f"only this rung of evidence: {', '.join(Rung)}, or all (all)"
    )
    parser.add_argument(
        "--mutations", action="store_true", help="make every known mistake in the derivation: which rung catches which?"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def reads(arguments: argparse.Namespace) -> tuple[Path, ...]:
    return options.model_files(arguments)


def run(arguments: argparse.Namespace) -> int:
    oracles = options.oracles(arguments.oracle)
    rungs = options.rungs(arguments.rung)
    model = options.model(arguments)
    sizes = given(arguments, model)
    if arguments.mutations:
        return _mutations(arguments, model, sizes, rungs)
    from bptt.budget import refuse_endless
    from derive.assemble import derivation
    from verify.judge import evidence
    from verify.problem import random_problem

    thorough = bool(arguments.oracle)
    refuse_endless(model, by_symbol(sizes, model), arguments.batch, oracles, "the sizes", thorough=thorough)
    problem = random_problem(model, **sizes)
    with progress() as say:
        found = evidence(derivation(model), problem, oracles if arguments.oracle else None, say, rungs)
    if arguments.json:
        from reports.evidence_json import evidence_json

        screen.write(evidence_json(found, problem, arguments.seed))
    else:
        from reports.evidence_terminal import print_evidence

        with screen.console() as console:
            print_evidence(found, problem, console)
    return found.exit_code


def _mutations(arguments: argparse.Namespace, model: Model, sizes: dict[str, int], rungs: Sequence[Rung]) -> int:
    """The mutation score; sizes above which nothing more shows are taken down."""
    if arguments.oracle:
        raise InputError("--mutations asks one oracle on each rung", mend="leave --oracle out; --rung chooses")
    from derive.assemble import derivation
    from verify.mutations.score import ENOUGH, score
    from verify.problem import random_problem

    problem = random_problem(model, **{name: min(size, ENOUGH.get(name, size)) for name, size in sizes.items()})
    with progress() as say:
        found = score(derivation(model), problem, rungs, say)
    if arguments.json:
        screen.write(json.dumps({"model": model.names, **found.as_json()}, ensure_ascii=False, indent=2) + "\n")
    else:
        from reports.mutations_terminal import print_score

        with screen.console() as console:
            print_score(found, model, console)
    return found.exit_code
