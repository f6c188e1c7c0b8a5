"""The command line: finds the verb, parses its words, turns errors into one line and an exit code.

Nothing heavy is imported here or in a verb's ``configure``: ``--help`` and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, Protocol, cast

from derive import registry
from derive.errors import BpttError

BAD_INPUT = 2
_ABOUT = """Derive the gradients of recurrent networks, check every step, print the derivation.

exit codes: 0 all claims hold · 1 something is refuted · 2 bad usage or input
            3 nothing refuted, but something asked for was NOT RUN"""


class Verb(Protocol):
    """A module of ``bptt.verbs``; its name is the verb."""

    HELP: str
    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line that names the offender and the way to help."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """All verbs, from the files in ``bptt/verbs``."""
    top = OneLineParser("bptt", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action=_Version)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=OneLineParser)
    for name in registry.names("bptt.verbs"):
        verb = cast(Verb, import_module(f"bptt.verbs.{name}"))
        own = verbs.add_parser(
            name, help=verb.HELP, description=verb.HELP, epilog=f"example: {verb.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        verb.configure(own)
        own.set_defaults(run=verb.run)
    return top


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(0, f"bptt {version('bptt')}\n")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        arguments = parser().parse_args(words)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except BpttError as error:
        return _complain(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return _complain(f"{error.filename or 'file'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return 130


def _complain(message: str) -> int:
    sys.stderr.write(f"bptt: {' '.join(message.split())}\n")
    return BAD_INPUT
