"""``bptt verify``: check every step and every gradient."""

from __future__ import annotations

import argparse
import sys

from bptt import options
from bptt.progress import progress

HELP = "check every step and every gradient of a model's derivation by independent evidence"
EXAMPLE = "bptt verify rnn --steps 6 --hidden 4 --json"


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    sizes = parser.add_argument_group("the instance that floating point checks")
    sizes.add_argument("--steps", type=options.positive, default=6, metavar="T", help="steps (%(default)s)")
    sizes.add_argument("--hidden", type=options.positive, default=4, metavar="n", help="state size (%(default)s)")
    sizes.add_argument("--inputs", type=options.positive, default=2, metavar="m", help="input size (%(default)s)")
    sizes.add_argument("--outputs", type=options.positive, default=3, metavar="q", help="output size (%(default)s)")
    sizes.add_argument("--batch", type=options.positive, default=1, metavar="B", help="sequences (%(default)s)")
    sizes.add_argument("--seed", type=options.natural, default=0, help="of the random numbers (%(default)s)")
    parser.add_argument("--oracle", action="append", metavar="NAME", help="only this oracle; may be repeated (all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(arguments: argparse.Namespace) -> int:
    model = options.model(arguments)
    from derive.assemble import derivation
    from verify.judge import evidence
    from verify.problem import random_problem

    problem = random_problem(
        model, steps=arguments.steps, hidden=arguments.hidden, inputs=arguments.inputs, outputs=arguments.outputs,
        batch=arguments.batch, seed=arguments.seed,
    )  # fmt: skip
    with progress() as say:
        found = evidence(derivation(model), problem, arguments.oracle, say)
    if arguments.json:
        from reports.evidence_json import evidence_json

        sys.stdout.write(evidence_json(found, problem, arguments.seed))
    else:
        from rich.console import Console

        from reports.evidence_terminal import print_evidence

        print_evidence(found, problem, Console())
    return found.exit_code
