"""``bptt gradcheck``: check somebody's hand-written backward pass."""

from __future__ import annotations

import argparse
import traceback
from typing import TYPE_CHECKING

from bptt import options, screen
from bptt.progress import progress
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model
    from verify.gradcheck.calling import Backward
    from verify.gradcheck.result import Gradcheck

HELP = "run somebody's hand-written backward pass, say whether and where it is wrong, and name the mistake"
EXAMPLE = """bptt gradcheck student.py:backward --cell rnn

RUNS THE FILE: gradcheck imports FILE and calls the function, as `python FILE` would. Check only code that you would
run. Nothing else in bptt executes its input. What the file prints goes to stderr.

The function is def backward(parameters, inputs, targets):

  parameters  a dict of NumPy arrays by name, initial states included: matrices (rows, columns), vectors (size,)
  inputs      (T, batch, features), as in PyTorch: (T, batch, 0) where the model reads no sequence, and a dict of such
              arrays where it reads several
  targets     (T, batch, outputs); (batch, outputs) for --wiring last
  returns     the gradients, as a dict by the same names, or a tuple in the same order; or (loss, gradients), and the
              loss is checked too

The loss is L = (1/T) sum_t l_t (l_T alone for --wiring last), averaged over the batch. A gradient has the shape of
its parameter. --arguments prints the names and shapes for a model, and runs nothing.

exit codes: 0 right · 1 wrong · 2 bad usage, or the function raises (--traceback shows all) · 3 undecided

--json prints {"function", "model", "sizes", "seed", "exit_code", "findings": [...], "where": {...}, "mistakes": [...],
"faults": [...], "example", ...} and nothing else."""

_SIZES = ("steps", "source_steps", "hidden", "inputs", "outputs", "batch", "seed")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", metavar="FILE:FUNCTION", help="a file and a function in it (FILE alone: backward)")
    options.add_model(parser, "--cell")
    sizes = parser.add_argument_group("the random problem that it is called on first; others follow")
    sizes.add_argument("--steps", type=options.positive, default=6, metavar="T", help="steps (%(default)s)")
    sizes.add_argument(
        "--source-steps", type=options.positive, default=0, metavar="S", help="steps of an encoder (one less than T)"
    )
    sizes.add_argument("--hidden", type=options.positive, default=4, metavar="n", help="state size (%(default)s)")
    sizes.add_argument("--inputs", type=options.positive, default=2, metavar="m", help="input size (%(default)s)")
    sizes.add_argument("--outputs", type=options.positive, default=3, metavar="q", help="output size (%(default)s)")
    sizes.add_argument("--batch", type=options.positive, default=3, metavar="B", help="sequences (%(default)s)")
    sizes.add_argument("--seed", type=options.natural, default=0, help="of the random numbers (%(default)s)")
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="NAME",
        help="a gradient that is not wanted, such as h_0; may be repeated",
    )  # fmt: skip
    parser.add_argument("--arguments", action="store_true", help="print what the function is given, and run nothing")
    parser.add_argument("--traceback", action="store_true", help="show the whole traceback of what the function raises")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(arguments: argparse.Namespace) -> int:
    model = options.model(arguments)
    if arguments.source_steps and len(model.phases) == 1:
        raise InputError("--source-steps is given, but there is no encoder", mend="choose --wiring seq2seq")
    if arguments.arguments:
        from verify.gradcheck.convention import template

        screen.write(template(model))
        return 0
    from verify.gradcheck.calling import UserCodeError

    try:
        found = _checked(arguments, model)
    except UserCodeError as error:
        if arguments.traceback and error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        raise
    _print(found, arguments.json)
    return found.exit_code


def _checked(arguments: argparse.Namespace, model: Model) -> Gradcheck:
    from verify.gradcheck.check import gradcheck
    from verify.gradcheck.loading import load, split

    _refuse_endless(arguments, model)
    function: Backward = load(arguments.function)
    path, name = split(arguments.function)
    sizes = {size: getattr(arguments, size) for size in _SIZES}
    with progress() as say:
        return gradcheck(
            function, model, **sizes, leave_out=arguments.leave_out, name=f"{path.name}:{name}", progress=say
        )


def _refuse_endless(arguments: argparse.Namespace, model: Model) -> None:
    """Our own gradients are checked on the same sizes: what would take hours is refused."""
    from bptt.budget import refuse_endless
    from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T

    sizes = {T: arguments.steps, N_STATE: arguments.hidden, N_INPUT: arguments.inputs, N_OUTPUT: arguments.outputs}
    sizes |= {phase.length: arguments.source_steps or arguments.steps for phase in model.phases[:-1]}
    refuse_endless(model, sizes, arguments.batch, ("complex_step",), "the sizes")


def _print(found: Gradcheck, as_json: bool) -> None:
    if as_json:
        from reports.gradcheck_json import gradcheck_json

        screen.write(gradcheck_json(found))
        return
    from reports.gradcheck_terminal import print_gradcheck

    with screen.console() as console:
        print_gradcheck(found, console)
