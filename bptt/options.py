"""Options that several verbs share.  Light: only names of files are read here."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive import registry
from derive.errors import InputError
from verify.rungs import Rung

if TYPE_CHECKING:
    from derive.cell import Cell
    from derive.model import Model

_LONGEST_NUMBER = 1000  # digits: Python itself refuses to read more than 4300
_LARGEST = 10**9


MODEL = {
    "activation": "", "loss": "softmax_cross_entropy", "normalisation": "", "wiring": "every", "bridge": "identity",
    "layers": 1, "feedback": False,
}  # fmt: skip
"""What the words may say of a model besides its cell, and what is meant where they are silent."""


def add_model(parser: argparse.ArgumentParser, cell: str = "cell", *, optional: str = "") -> None:
    """The cell and what is around it.  The cell is the first word, or an option (``--cell``) that must be given;
    ``optional`` says when it may be left out."""
    required: dict[str, Any] = {"required": True} if cell.startswith("-") else {"nargs": "?"} if optional else {}
    about = "a name from `bptt cells`, or a file of equations (.toml)" + (f"; {optional}" if optional else "")
    parser.add_argument(cell, metavar="CELL", help=about, **required)
    group = parser.add_argument_group("the network around the cell")

    def add(name: str, text: str, **more: Any) -> None:
        group.add_argument(f"--{name}", default=MODEL[name], help=text, **more)

    add("activation", "tanh (default), relu, sigmoid, identity", metavar="NAME")
    add("layers", "copies of the cell on top of each other (%(default)s)", type=positive, metavar="N")
    add("wiring", _choices("derive.wirings"), metavar="NAME")
    add("feedback", "the output of a step is the input of the next, x_t = F o_(t-1)", action="store_true")
    add("bridge", "what an encoder's final state goes through: identity, softmax, sigmoid", metavar="NAME")
    add("loss", _choices("derive.losses"), metavar="NAME")
    add("normalisation", f"of the output, if not the loss's own: {_choices('derive.normalisations')}", metavar="NAME")


def _choices(package: str) -> str:
    return ", ".join(registry.names(package))


def model(arguments: argparse.Namespace) -> Model:
    """The model that the words name.  Complains about an unknown name before it imports SymPy."""
    is_file = is_cell_file(arguments.cell)
    if not is_file:
        known("derive.cells", arguments.cell, "cell", "; a file of equations ends in .toml")
    known("derive.losses", arguments.loss, "loss")
    known("derive.wirings", arguments.wiring, "wiring")
    if arguments.normalisation:
        known("derive.normalisations", arguments.normalisation, "normalisation")
    from derive.model import build

    return build(
        cell_of(arguments) if is_file else arguments.cell,
        variant="" if is_file else arguments.activation,
        loss=arguments.loss,
        wiring=arguments.wiring,
        normalisation=arguments.normalisation,
        layers=arguments.layers,
        feedback=arguments.feedback,
        bridge=arguments.bridge,
    )


def is_cell_file(word: str) -> bool:
    """Whether a CELL is a file of equations rather than a name."""
    return word.lower().endswith(".toml") or (word not in registry.names("derive.cells") and Path(word).is_file())


def cell_of(arguments: argparse.Namespace) -> Cell:
    """The cell in a file of equations.  Raises InputError for anything that is wrong with it."""
    if arguments.activation:
        raise InputError(
            f"--activation {arguments.activation} is given for a cell from a file, whose equations say it",
            arguments.cell, "leave --activation out",
        )  # fmt: skip
    from derive.cellfile.reader import read_cell

    return read_cell(Path(arguments.cell))


def model_files(arguments: argparse.Namespace) -> tuple[Path, ...]:
    """The file of equations, where the words name one."""
    return (Path(arguments.cell),) if arguments.cell and is_cell_file(arguments.cell) else ()


def model_words(arguments: argparse.Namespace) -> list[str]:
    """The words that name the same model again, with a file's name but not its folder."""
    words = [Path(arguments.cell).name if is_cell_file(arguments.cell) else arguments.cell]
    for option, default in MODEL.items():
        given = getattr(arguments, option)
        if given != default:
            words += [f"--{option}"] if given is True else [f"--{option}", str(given)]
    return words


def oracles(chosen: Sequence[str] | None) -> tuple[str, ...]:
    """The oracles that were named, each once, or all of them."""
    for name in chosen or ():
        known("verify.oracles", name, "oracle")
    return tuple(dict.fromkeys(chosen)) if chosen else registry.names("verify.oracles")


def rungs(chosen: Sequence[str] | None) -> tuple[Rung, ...]:
    """The rungs that were named, each once, or all of them."""
    for name in chosen or ():
        if name != "all" and name not in tuple(Rung):
            raise InputError(f"there is no rung '{name}'", mend=f"choose one of: {', '.join(Rung)}, all")
    named = tuple(rung for rung in Rung if not chosen or "all" in chosen or rung in chosen)
    return named


def known(package: str, name: str, what: str, more: str = "") -> None:
    """Raises InputError, with the choices, for a name that no file of the package has; imports none of them."""
    names = registry.names(package)
    if name not in names:
        raise InputError(f"there is no {what} '{name}'", mend=f"choose one of: {', '.join(names)}{more}")


def positive(text: str) -> int:
    """A positive whole number, for argparse."""
    if not _digits(text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a positive whole number")
    if int(text) > _LARGEST:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is more than {_LARGEST}")
    return int(text)


def natural(text: str) -> int:
    """A whole number that is not negative, for argparse."""
    if not _digits(text):
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a whole number of at least 0")
    return int(text)


def positive_number(text: str) -> float:
    """A positive number, for argparse."""
    value = number(text)
    if value == 0:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a positive number")
    return value


def number(text: str) -> float:
    """A number of at least 0 that a float holds, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1e100 or len(text) > 100 or "_" in text:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a number of at least 0")
    return value


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER


def given(
    arguments: argparse.Namespace, configure: Callable[[argparse.ArgumentParser], None], names: Sequence[str]
) -> list[str]:
    """The options among ``names`` that say something else than where they are not given."""
    parser = argparse.ArgumentParser()
    configure(parser)
    return [name for name in names if getattr(arguments, name) != parser.get_default(name)]
