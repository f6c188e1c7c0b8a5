"""``bptt check``: grade somebody's derivation, line by line."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen
from bptt.declared_names import declared
from bptt.progress import progress
from derive.errors import InputError

if TYPE_CHECKING:
    from verify.check.result import Checked

HELP = "check a derivation as people write it: which line is wrong, why, and with which numbers"
EXAMPLE = """bptt check derivation.tex

  bptt check derivation.tex --answer                what would be right, too
  bptt check derivation.tex -o checked.pdf          the marks in the margin, the hints on a last page
  bptt check homework.md --cell lstm --wiring last  of another network
  cat lines.tex | bptt check - --names "W=W_h, U=W_i, V=W_o"

FILE is LaTeX, a whole article or a part of one, or Markdown with formulas; - is standard input. Every equality is
judged, against the one before it, or, where that is wrong, against the first of its chain. What cannot be read is said,
with its line and column, and the rest goes on. Nothing of the file is executed; only -o FILE.pdf lets pdfLaTeX typeset
an article, alone in a folder of its own, where it can run no program.

✓ right · ✗ wrong, with a hint and small numbers for which the two sides differ · ? not read, or not judged

-o writes .tex, .pdf, .md, .txt or .typ: of a whole article, a copy of it with marks (.tex and .pdf).

exit codes: 0 everything holds · 1 a line is wrong · 2 bad usage or input
            3 nothing is wrong, but something was not read or not judged

--json prints {"file", "names", "convention", "notes", "lines": [...], "unread": [...], "counts", "exit_code"} and
nothing else."""
STDIN, _STANDARD_INPUT = "-", "standard input"
_GUESSED = "guessed where it is left out"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="LaTeX or Markdown; - for standard input")
    network = parser.add_argument_group("the network that it is about")
    network.add_argument("--cell", metavar="CELL", default="", help=f"from `bptt cells`; {_GUESSED}")
    network.add_argument("--wiring", metavar="NAME", default="", help=f"from `bptt cells`; {_GUESSED}")
    network.add_argument("--activation", metavar="NAME", default="", help=_GUESSED)
    network.add_argument("--loss", metavar="NAME", default="", help=_GUESSED)
    parser.add_argument(
        "--names", action="append", default=[], metavar='"W=W_h, …"',
        help="what your letters stand for, if it is not what is guessed; may be repeated",
    )  # fmt: skip
    parser.add_argument("--answer", action="store_true", help="say what would be right, not only a hint")
    out = parser.add_argument_group("output (the terminal where none is asked for)")
    out.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to FILE.tex, .pdf, .md, .txt or .typ")
    out.add_argument("--engine", choices=("latex", "typst"), help="of a PDF (TeX Live if it is there, else Typst)")
    out.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def reads(arguments: argparse.Namespace) -> tuple[Path, ...] | None:
    return None if arguments.output is not None or arguments.file == STDIN else (Path(arguments.file),)


def run(arguments: argparse.Namespace) -> int:
    _check_outputs(arguments)
    _check_network(arguments)
    names = declared(arguments.names)
    with progress() as say:
        say("reading and judging")
        found = _checked(arguments, names)
        written = _written(arguments, found)
    _print(arguments, found, written)
    return found.exit_code


def _checked(arguments: argparse.Namespace, names: dict[str, str]) -> Checked:
    """Raises InputError for what is no text, or far too much of it."""
    from verify.check.check import check
    from verify.check.guessing import check_asked
    from verify.check.reading.loading import decoded, load
    from verify.check.reading.source import SUFFIXES
    from verify.check.search import Asked

    is_file, path = arguments.file != STDIN, Path(arguments.file)
    text = load(path) if is_file else decoded(_standard_input(), _STANDARD_INPUT)
    if not text.content.strip():
        raise InputError("is empty", text.name, "expected LaTeX or Markdown")
    asked = Asked(arguments.cell, arguments.wiring, arguments.activation, arguments.loss, names)
    check_asked(asked)
    kind = SUFFIXES.get(path.suffix.lower(), "") if is_file else ""
    found = check(text.content, asked, kind=kind, name=path.name if is_file else _STANDARD_INPUT)
    return found if found.text else replace(found, text=text.content)


def _standard_input() -> bytes:
    from verify.check.reading.loading import LARGEST

    if sys.stdin is None:
        raise InputError("is closed", _STANDARD_INPUT, "name a file")
    return sys.stdin.buffer.read(LARGEST + 1)


def _check_network(arguments: argparse.Namespace) -> None:
    for package, name, kind in (
        ("derive.cells", arguments.cell, "cell"),
        ("derive.wirings", arguments.wiring, "wiring"),
        ("derive.losses", arguments.loss, "loss"),
    ):
        if name:
            options.known(package, name, kind)


def _check_outputs(arguments: argparse.Namespace) -> None:
    """Complain about words before any work is done."""
    if arguments.json and arguments.output:
        raise InputError("--json prints to the terminal, -o writes a file", mend="leave one of them out")
    if arguments.output is None:
        if arguments.engine:
            raise InputError(f"--engine {arguments.engine} makes PDF files", mend="give -o FILE.pdf")
        return
    from reports.output import check_output

    check_output(arguments.output, arguments.engine)
    if arguments.file != STDIN and arguments.output.resolve() == Path(arguments.file).resolve():
        raise InputError("is the file that is checked", str(arguments.output), "write to another one")


def _written(arguments: argparse.Namespace, found: Checked) -> str:
    if arguments.output is None:
        return ""
    from reports.check_annotated import write_checked

    return write_checked(found, arguments.output, arguments.engine, arguments.answer, _command(arguments))


def _command(arguments: argparse.Namespace) -> str:
    """The words that do the same again, with file names but not their folders."""
    words = ["bptt", "check", STDIN if arguments.file == STDIN else Path(arguments.file).name]
    for name in ("cell", "wiring", "activation", "loss"):
        words += [f"--{name}", getattr(arguments, name)] if getattr(arguments, name) else []
    for names in arguments.names:
        words += ["--names", names]
    words += ["--answer"] if arguments.answer else []
    words += ["--engine", arguments.engine] if arguments.engine else []
    return shlex.join([*words, "-o", arguments.output.name]).encode(errors="backslashreplace").decode()


def _print(arguments: argparse.Namespace, found: Checked, written: str) -> None:
    if arguments.json:
        from reports.check_json import check_json

        screen.write(check_json(found, arguments.answer))
        return
    from reports.check_terminal import print_check

    with screen.console() as console:
        print_check(found, console, arguments.answer, ascii_only=not _knows_signs())
        if written:
            console.print(f"written  {written}", highlight=False, markup=False, soft_wrap=True)


def _knows_signs() -> bool:
    """Whether the terminal can show what we print."""
    try:
        "✓✗…·₁∏".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
