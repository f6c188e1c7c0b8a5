"""``bptt report``: the whole document."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen, trained_options
from bptt.progress import progress

if TYPE_CHECKING:
    from derive.model import Model
    from reports.material import Material
    from verify.trained import TrainedRun

HELP = "derive, check and print: a document with the derivation, a worked example and all evidence"
EXAMPLE = "bptt report rnn -o rnn.pdf"


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="FILE.pdf, .tex, .md, .txt or .typ"
    )
    parser.add_argument("--engine", choices=("latex", "typst"), help="of a PDF (TeX Live if it is there, else Typst)")
    parser.add_argument("--seed", type=options.natural, default=0, help="of the random numbers (%(default)s)")
    parser.add_argument("--training", action="store_true", help="the training experiments too (about a minute)")
    trained_options.add_trained(parser)


def run(arguments: argparse.Namespace) -> int:
    from reports.output import check_output, write_report

    check_output(arguments.output, arguments.engine)
    model = options.model(arguments)
    trained = _trained(arguments, model)
    from reports.material import gather

    with progress() as say:
        material = gather(
            model, command=_command(arguments), seed=arguments.seed,
            problem=trained.problem(model) if trained else None, notes=trained.notes if trained else (),
            training=arguments.training, progress=say,
        )  # fmt: skip
        say("the document")
        written = write_report(material, arguments.output, arguments.engine)
    _summarise(material, written)
    return material.exit_code


def _trained(arguments: argparse.Namespace, model: Model) -> TrainedRun | None:
    if not trained_options.is_trained(arguments):
        return None
    from bptt.budget import refuse_endless

    trained = trained_options.read(arguments, model)
    batch = trained.problem(model).label["batch"]
    refuse_endless(model, trained.sizes, batch, options.oracles(None), str(arguments.input), thorough=False)
    return trained


def _command(arguments: argparse.Namespace) -> str:
    """The words that reproduce the report, with file names but not their folders."""
    import shlex

    words = ["bptt", "report", *options.model_words(arguments)]
    words += ["--seed", str(arguments.seed)] if arguments.seed else []
    words += ["--training"] if arguments.training else []
    words += trained_options.words(arguments)
    words += ["--engine", arguments.engine] if arguments.engine else []
    joined = shlex.join([*words, "-o", arguments.output.name])
    return joined.encode(errors="backslashreplace").decode()  # a name may hold bytes that no text can


def _summarise(material: Material, written: str) -> None:
    """What was derived, what was checked, by which evidence, and where the file is."""
    from reports.evidence_terminal import print_summary

    with screen.console() as console:
        print_summary(material, written, console)
