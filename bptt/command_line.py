"""The command line: finds the verb, parses its words, turns errors into one line and an exit code.

Nothing heavy is imported here or in a verb's ``configure``: ``--help`` and usage errors answer at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn, Protocol, cast

from bptt import screen
from derive import registry
from derive.errors import BpttError

BAD_INPUT = 2
INTERRUPTED = 130
_ABOUT = """Derive the gradients of recurrent networks, check every step, print the derivation.

exit codes: 0 all claims hold · 1 something is refuted · 2 bad usage or input
            3 nothing refuted, but something asked for was NOT RUN"""


_NO_CACHE = "compute it, whatever was computed before, and keep nothing (BPTT_CACHE=off: for a whole session)"


class Verb(Protocol):
    """A module of ``bptt.verbs``; its name is the verb.

    One whose answers may be kept has ``reads(arguments)`` besides: the files that the words name, all that the answer
    depends on; None where it does something else than print the answer, or depends on what no file holds.
    """

    HELP: str
    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line that names the offender and the way to help."""

    def __init__(self, *words: Any, **options: Any) -> None:
        own = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
        super().__init__(*words, **{**own, **options})

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, screen.one_line(f"{self.prog}: {message} (see {self.prog} --help)") + "\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Help to a reader that has gone, or to a full disk, ends like any other output."""
        if file is None or file is sys.stderr:
            super()._print_message(message, sys.stderr)
        else:
            screen.write(message)


class VerbParser(OneLineParser):
    """A verb's own parser, which complains itself about a word too many: its help is the one that helps."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        found, extra = super().parse_known_args(args, namespace)
        if extra:
            self.error(f"unrecognized arguments: {' '.join(extra)}")
        return found, extra


def parser(first: str = "") -> argparse.ArgumentParser:
    """All verbs, from the files in ``bptt/verbs``; or ``first`` alone, if it is one: the others cost time."""
    top = OneLineParser("bptt", description=_ABOUT, epilog="example: bptt report rnn -o rnn.pdf")
    top.add_argument("--version", action=_Version)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=VerbParser)
    names = registry.names("bptt.verbs")
    for name in (first,) if first in names else names:
        verb = cast(Verb, import_module(f"bptt.verbs.{name}"))
        own = verbs.add_parser(name, help=verb.HELP, description=verb.HELP, epilog=f"example: {verb.EXAMPLE}")
        verb.configure(own)
        own.set_defaults(run=verb.run)
        if hasattr(verb, "reads"):
            own.add_argument("--no-cache", action="store_true", help=_NO_CACHE)
            own.set_defaults(reads=verb.reads)
    return top


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        screen.write(f"bptt {version('bptt')}\n")
        parser.exit(0)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.  argparse exits by itself after --help and on a usage error."""
    screen.prepare()
    try:
        words = sys.argv[1:] if words is None else words
        arguments = parser(words[0] if words else "").parse_args(words)
        return _run(arguments)
    except BpttError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename or 'a file'}: {error.strerror or error}")
    except MemoryError:
        return _complain("there is not enough memory (take fewer --steps, a smaller --hidden or a smaller model)")
    except KeyboardInterrupt:
        sys.stderr.write("\nbptt: interrupted\n")
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    if not hasattr(arguments, "reads"):
        return int(arguments.run(arguments))
    from bptt.cache.answers import answer

    return answer(arguments)


def _complain(message: str) -> int:
    sys.stderr.write(f"bptt: {screen.one_line(message)}\n")
    return BAD_INPUT
