"""The options of a trained network on a real sequence: what ``report`` and ``grow`` read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model
    from verify.trained import TrainedRun

FILES = ("weights", "input", "target")


def add_trained(parser: argparse.ArgumentParser) -> None:
    """``--weights``, ``--input``, ``--target`` and ``--batch-first``."""
    group = parser.add_argument_group("on a trained model and a real sequence")
    group.add_argument("--weights", type=Path, metavar="FILE", help="PyTorch names, .safetensors or .npz")
    group.add_argument("--input", type=Path, metavar="FILE", help="a sequence, .csv or .npy")
    group.add_argument("--target", type=Path, metavar="FILE", help="of a decoder: its own sequence, .csv or .npy")
    group.add_argument(
        "--batch-first", action="store_true", help="arrays of three axes are (batch, T, features), not (T, batch, …)"
    )


def is_trained(arguments: argparse.Namespace) -> bool:
    """Whether files are given, all that are needed.  Raises InputError for one that says nothing without another."""
    if not (arguments.weights or arguments.input):
        for option, given in (("--target", arguments.target), ("--batch-first", arguments.batch_first)):
            if given:
                raise InputError(f"{option} says nothing without files", mend="give --weights FILE and --input FILE")
        return False
    if not (arguments.weights and arguments.input):
        given = "--weights" if arguments.weights else "--input"
        raise InputError(f"{given} stands alone", mend="a trained model needs both --weights FILE and --input FILE")
    return True


def files(arguments: argparse.Namespace) -> tuple[Path, ...]:
    """Those that are given."""
    return tuple(path for option in FILES if (path := getattr(arguments, option)) is not None)


def read(arguments: argparse.Namespace, model: Model) -> TrainedRun:
    """The network in the files, on its sequence."""
    from verify.trained import trained_run

    return trained_run(
        model, arguments.weights, arguments.input, target=arguments.target, batch_first=arguments.batch_first
    )


def words(arguments: argparse.Namespace) -> list[str]:
    """The words that name the same files again, but not their folders."""
    found = ["--batch-first"] if arguments.batch_first else []
    for option in FILES:
        path = getattr(arguments, option)
        if path is not None:
            found += [f"--{option}", path.name]
    return found
