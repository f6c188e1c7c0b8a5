"""``bptt gradcheck``: check somebody's hand-written backward pass."""

from __future__ import annotations

import argparse
import traceback
from typing import TYPE_CHECKING

from bptt import options, screen
from bptt.progress import progress
from bptt.sizes import add_sizes, by_symbol, given

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


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", metavar="FILE:FUNCTION", help="a file and a function in it (FILE alone: backward)")
    options.add_model(parser, "--cell")
    add_sizes(parser, "the random problem that it is called on first; others follow", batch=3)
    parser.add_argument(
        "--leave-out", action="append", default=[], metavar="NAME",
        help="a gradient that is not wanted, such as h_0; may be repeated",
    )  # fmt: skip
    parser.add_argument("--arguments", action="store_true", help="print what the function is given, and run nothing")
    parser.add_argument("--traceback", action="store_true", help="show the whole traceback of what the function raises")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(arguments: argparse.Namespace) -> int:
    model = options.model(arguments)
    sizes = given(arguments, model)
    if arguments.arguments:
        from verify.gradcheck.convention import template

        screen.write(template(model))
        return 0
    from verify.gradcheck.calling import UserCodeError

    try:
        found = _checked(arguments, model, sizes)
    except UserCodeError as error:
        if arguments.traceback and error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        raise
    _print(found, arguments.json)
    return found.exit_code


def _checked(arguments: argparse.Namespace, model: Model, sizes: dict[str, int]) -> Gradcheck:
    from bptt.budget import refuse_endless
    from verify.gradcheck.check import gradcheck
    from verify.gradcheck.loading import load, split

    # Our own gradients are checked on the same sizes: what would take hours is refused.
    refuse_endless(model, by_symbol(sizes, model), arguments.batch, ("complex_step",), "the sizes")
    function: Backward = load(arguments.function)
    path, name = split(arguments.function)
    with progress() as say:
        return gradcheck(
            function, model, **sizes, leave_out=arguments.leave_out, name=f"{path.name}:{name}", progress=say
        )


def _print(found: Gradcheck, as_json: bool) -> None:
    if as_json:
        from reports.gradcheck_json import gradcheck_json

        screen.write(gradcheck_json(found))
        return
    from reports.gradcheck_terminal import print_gradcheck

    with screen.console() as console:
        print_gradcheck(found, console)
