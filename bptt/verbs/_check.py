"""``bptt check``: grade somebody's derivation, line by line."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen
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
with its line and column, and the rest goes on. Nothing of the file is executed.

✓ right · ✗ wrong, with a hint and small numbers for which the two sides differ · ? not read, or not judged

-o writes .tex, .pdf, .md, .txt or .typ: of a whole article, a copy of it with marks (.tex and .pdf).

exit codes: 0 everything holds · 1 a line is wrong · 2 bad usage or input
            3 nothing is wrong, but something was not read or not judged

--json prints {"file", "names", "convention", "notes", "lines": [...], "unread": [...], "counts", "exit_code"} and
nothing else."""
STDIN = "-"
_CELL = "rnn"
_LARGEST = 4_000_000  # bytes: a thousand pages


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="LaTeX or Markdown; - for standard input")
    options.add_model(parser, "--cell", optional=f"{_CELL} where it is left out")
    parser.add_argument(
        "--names", action="append", default=[], metavar='"W=W_h, …"',
        help="what your letters stand for, if it is not what is guessed; may be repeated",
    )  # fmt: skip
    parser.add_argument("--answer", action="store_true", help="say what would be right, not only a hint")
    out = parser.add_argument_group("output (the terminal where none is asked for)")
    out.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to FILE.tex, .pdf, .md, .txt or .typ")
    out.add_argument("--engine", choices=("latex", "typst"), help="of a PDF (TeX Live if it is there, else Typst)")
    out.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(arguments: argparse.Namespace) -> int:
    _check_outputs(arguments)
    names = declared(arguments.names)
    text = read(arguments.file)
    arguments.cell = arguments.cell or _CELL
    model = options.model(arguments)
    from verify.check.check import check  # type: ignore[import-not-found, unused-ignore]

    with progress() as say:
        say("reading and judging")
        found = check(text, file=_name(arguments.file), model=model, names=names)
        found = found if found.text else replace(found, text=text)
        written = _written(arguments, found)
    _print(arguments, found, written)
    return int(found.exit_code)


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


def declared(words: list[str]) -> dict[str, str]:
    """``["W=W_h, U=W_i"]`` as a mapping from the user's letters to ours.

    Raises InputError for what is no declaration, and for a letter that is declared twice.
    """
    found: dict[str, str] = {}
    for part in (part.strip() for word in words for part in _parts(word)):
        own, sign, ours = (piece.strip() for piece in part.partition("="))
        if not (own and sign and ours) or "=" in ours:
            raise InputError(f"'{part[:60]}' declares no name", "--names", 'write "W=W_h, U=W_i"')
        if found.setdefault(own, ours) != ours:
            raise InputError(f"'{own[:60]}' is declared twice", "--names", "leave one of them out")
    return found


def _parts(word: str) -> list[str]:
    """At the commas outside braces: W_{h,t} is one name."""
    parts, depth = [""], 0
    for char in word:
        depth += (char == "{") - (char == "}")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def read(word: str) -> str:
    """The text of a file, or of standard input.  Raises InputError for anything that is no text, or far too long."""
    data = _bytes(word)
    where = _name(word)
    if len(data) > _LARGEST:
        raise InputError(f"is longer than {_LARGEST // 1_000_000} MB", where, "check a part of it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"line {line} is not UTF-8", where, "save the file as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"line {line} holds a null byte", where, "expected a text file: LaTeX or Markdown")
    if not text.strip():
        raise InputError("is empty", where, "expected LaTeX or Markdown")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(word: str) -> bytes:
    if word == STDIN:
        if sys.stdin is None:
            raise InputError("is closed", _name(word), "name a file")
        return sys.stdin.buffer.read(_LARGEST + 1)
    path = Path(word)
    if path.is_dir():
        raise InputError("is a directory", word, "name a file")
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)
    except ValueError as error:  # a null byte in the name
        raise InputError("names no file", word, "name a file of LaTeX or Markdown") from error
    except OSError as error:
        raise InputError(f"{error.strerror or error}", word, "name a file of LaTeX or Markdown") from error


def _name(word: str) -> str:
    return "standard input" if word == STDIN else Path(word).name


def _written(arguments: argparse.Namespace, found: Checked) -> str:
    if arguments.output is None:
        return ""
    from reports.check_annotated import write_checked

    return write_checked(found, arguments.output, arguments.engine, arguments.answer, _command(arguments))


def _command(arguments: argparse.Namespace) -> str:
    """The words that do the same again, with file names but not their folders."""
    words = ["bptt", "check", STDIN if arguments.file == STDIN else Path(arguments.file).name]
    cell, *around = options.model_words(arguments)
    words += ["--cell", cell] if cell != _CELL else []
    words += around
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
