"""``bptt grow``: how the product chain grows, in numbers, in pictures, and over a grid of networks."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import drawn_options, options, screen, study_output, trained_options
from bptt.progress import progress
from bptt.sweeps.options import add_sweep
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model
    from reports.growth.material import Growth
    from verify.problem import Problem

HELP = "how the product chain c_t ... c_(i+1) grows: all its singular values, bounds, anatomy, memory and remedies"
EXAMPLE = """bptt grow rnn --hidden 64 --steps 1000 --radius 0.9

  bptt grow lstm --weights M.safetensors --input SEQ.csv -o growth.pdf      your own network on your own sequence
  bptt grow rnn --activation identity --start orthogonal --gain 0.99        every log singular value is T log g
  bptt grow rnn --sweep radius=0.5:1.5:0.05 steps=10,100,1000 seeds=20 -o sweep.csv     a table, and a heat map

Logarithms are natural, rates are in nats a step. Singular values of the very product (of this length, on this input)
stand beside Lyapunov exponents, which are another thing: docs/growth.md says how they differ.

--json prints {"model", "sizes", "log_singular_values": {"mean", "deviation", "sequences"}, "lyapunov_exponents",
"by_lag", "bounds", "transient", "anatomy", "survives", "saturation", "memory", "remedies", ...} and nothing else; the
logarithm of a singular value that is zero is "-inf".

exit codes: 0 done · 1 a formula in the document is refuted · 2 bad usage or input · 3 a point of a sweep could not be
            measured, or the singular values have not settled (an estimated error of more than 1e-6)"""
_REFUTED, _NOT_SETTLED = 1, 3


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser, optional="with --weights, what the file holds where it is not given")
    drawn_options.add_drawn(parser, steps=100, hidden=16)
    trained_options.add_trained(parser)
    parser.add_argument("--no-loss", action="store_true", help="the chain alone: no readout or targets are needed")
    parser.add_argument("--sequences", type=options.positive, default=16, metavar="N", help="of a batch, at most N")
    study_output.add_output(parser, "a document; of a sweep, a table")
    add_sweep(parser)


def reads(arguments: argparse.Namespace) -> tuple[Path, ...] | None:
    return (
        None if arguments.sweep or study_output.writes(arguments)
        else (*options.model_files(arguments), *trained_options.files(arguments))
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    if arguments.sweep:
        from bptt.sweeps.verb import run_sweep_words

        return run_sweep_words(arguments)
    _check(arguments)
    notes = _cell(arguments)
    model = options.model(arguments)
    problem, more, losses = _problem(arguments, model)
    from reports.growth.material import gather

    with progress() as say:
        found = gather(
            problem, command=_command(arguments), notes=(*notes, *more), losses=losses, seed=arguments.seed,
            trained=arguments.weights is not None, most=arguments.sequences, progress=say,
        )  # fmt: skip
        written = study_output.written(arguments, found, "reports.growth", say)
    _print(arguments, found, written)
    if arguments.output and found.is_refuted:
        return _REFUTED
    return 0 if found.study.settled else _NOT_SETTLED


def _check(arguments: argparse.Namespace) -> None:
    """Complain about words before any work is done."""
    study_output.check_outputs(arguments)
    drawn_options.check(arguments, _given(arguments), trained=trained_options.is_trained(arguments))


def _cell(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Finds out which cell is meant, where none is named; returns what was assumed."""
    if arguments.cell is not None:
        return ()
    if not arguments.weights:
        raise InputError("no CELL is named", mend="name one (`bptt cells`), or give --weights FILE and --input FILE")
    from verify.bare import cell_in

    arguments.cell, layers, note = cell_in(arguments.weights)
    arguments.layers = layers if arguments.layers == 1 else arguments.layers
    return (note,)


def _problem(arguments: argparse.Namespace, model: Model) -> tuple[Problem, tuple[str, ...], bool]:
    """The network and its input, what was assumed, and whether there are losses to follow back."""
    if not arguments.weights:
        return drawn_options.drawn(arguments, model), (), not arguments.no_loss
    from verify.bare import bare_run, has_readout

    losses = not arguments.no_loss and has_readout(model, arguments.weights)
    found = (
        trained_options.read(arguments, model) if losses
        else bare_run(model, arguments.weights, arguments.input, batch_first=arguments.batch_first)
    )  # fmt: skip
    return found.problem(model), found.notes, losses


def _print(arguments: argparse.Namespace, found: Growth, written: tuple[str, ...]) -> None:
    if arguments.json:
        from reports.growth_json import growth_json

        screen.write(growth_json(found))
        return
    from reports.growth.terminal import print_growth

    study_output.show(written, lambda console: print_growth(found, console, brief=bool(written)))


def _command(arguments: argparse.Namespace) -> str:
    """The words that do the same again, with file names but not their folders."""
    words = ["bptt", "grow", *options.model_words(arguments)]
    if arguments.weights:
        words += trained_options.words(arguments)
    else:
        words += drawn_options.words(arguments, _given(arguments))
    words += ["--no-loss"] if arguments.no_loss else []
    words += ["-o", arguments.output.name] if arguments.output else []
    return shlex.join(words).encode(errors="backslashreplace").decode()


def _given(arguments: argparse.Namespace) -> list[str]:
    """The options of a random network that say something else than where they are not given."""
    return options.given(arguments, configure, drawn_options.NAMES)
