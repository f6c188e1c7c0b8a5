"""Whatever stands in a cell file: it is a cell or one line of complaint, and nothing in it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.cell import Cell
from derive.cellfile.writer import cell_toml
from derive.errors import InputError
from tests.cellfile.reading import EXAMPLES, SMALL, function, last_equation, read

_FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "subprocess.Popen",
    "socket.connect",
    "ctypes.dlopen",
)
_heard: list[str] = []
_listening = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hooks stay for good, so this one is deaf except while a file is read."""
    if not _listening:
        return
    if event == "exec" and not Path(getattr(arguments[0], "co_filename", "")).is_file():
        _heard.append(f"exec of {arguments[0]}")  # code that comes from no file of a package
    elif event.startswith(_FORBIDDEN):
        _heard.append(f"{event} {arguments}")


sys.addaudithook(_hook)


@contextmanager
def nothing_runs() -> Iterator[None]:
    global _listening
    _heard.clear()
    _listening = True
    try:
        yield
    finally:
        _listening = False
    assert not _heard, _heard


def outcome(text: str | bytes) -> Cell | InputError:
    """A cell that can be printed and read back, or an error on one line.  Any other exception fails the test."""
    try:
        with nothing_runs():
            cell = read(text)
    except InputError as error:
        assert str(error).isprintable() and error.where and error.mend
        return error
    assert read(cell_toml(cell)) == cell
    return cell


def test_the_hook_hears() -> None:
    with pytest.raises(AssertionError, match="exec of"), nothing_runs():
        exec("1 + 1")


MANY = settings(deadline=None, max_examples=70, suppress_health_check=list(HealthCheck))
WORDS = (
    "h", "x", "z", "W", "V", "b", "f", "t", "n", "T", "bend", "tanh", "softmax", "ones", "eye", "lambda", "h[t-1]",
    "h[t]", "[t-1]", ".T", "+", "-", "*", "/", "@", "**", "//", "(", ")", "[", "]", "{", "}", ",", "=", "<", ":", ":=",
    "'", '"', "#", ".", "1", "2", "0.5", "1e9", "9**9", "0", "__import__('os').system('x')", "h.__class__", "import",
    "exec", "eval", "open", "for", "if", "else", "not", "and", "yield", "await", "def", "None", "True", "...", "\\",
    "\n", "\t", "é", "φ", "−", "ｔ", "\x00", "\u2028", "\r",
)  # fmt: skip
"""Of equations and of Python, some of them foul."""
FORMULA_WORDS = (
    "z", "z", "z", "1", "2", "0.5", "pi", "+", "-", "*", "/", "**", "(", ")", ",", ">", "<", "True", "exp(", "log(",
    "sqrt(", "tanh(", "abs(", "max(", "min(", "sigmoid(", "Piecewise((", "9**9", "y", "1j",
)  # fmt: skip
phrases = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
formulas = st.lists(st.sampled_from(FORMULA_WORDS), max_size=12).map(" ".join)
good = st.sampled_from([SMALL, *(path.read_text(encoding="utf-8") for path in EXAMPLES)])
damages = st.tuples(st.floats(0, 1), st.integers(0, 9), st.one_of(phrases, st.text(max_size=5)))


@MANY
@given(st.one_of(st.text(max_size=80), st.binary(max_size=80)))
def test_any_text(text: str | bytes) -> None:
    outcome(text)


@MANY
@given(phrases)
def test_any_equation(phrase: str) -> None:
    outcome(last_equation(f"h = {phrase}"))
    outcome(last_equation(phrase))


@MANY
@given(formulas)
def test_any_function(formula: str) -> None:
    outcome(function(formula))
    outcome(function(formula + ")" * max(formula.count("(") - formula.count(")"), 0)))


@MANY
@given(good, st.lists(damages, min_size=1, max_size=4))
def test_any_damage(text: str, damage: list[tuple[float, int, str]]) -> None:
    for where, length, insertion in damage:
        at = int(where * len(text))
        text = text[:at] + insertion + text[at + length :]
    outcome(text)


@MANY
@given(good, st.data())
def test_lines_in_another_order(text: str, data: st.DataObject) -> None:
    outcome("\n".join(data.draw(st.lists(st.sampled_from(text.split("\n")), max_size=40))))


GROWING = {
    "opening quotes": '"' * 99_000,
    "escaped quotes": 'a = """' + '\\"' * 49_000,
    "tables": "[[references]]\n" * 6_000,
    "keys": "[states]\n" + "".join(f'a{count} = "n"\n' for count in range(3_000)),
    "lists": "a = " + "[" * 99_000,
    "dots": "a" + ".a" * 49_000 + " = 1",
    "equations": last_equation(
        "".join(f"a{k} = tanh(W @ h[t-1]) * z + V @ x - z / (1 + exp(z))\n" for k in range(900)) + "h = a1"
    ),
    "equations, each used": last_equation(
        "a0 = z\n" + "".join(f"a{k} = tanh(W @ a{k - 1}) * z + V @ x\n" for k in range(1, 900)) + "h = a899"
    ),
    "expression": last_equation("h = " + "z + " * 20_000 + "z"),
}


@pytest.mark.parametrize("name", GROWING)
def test_no_file_takes_long(name: str) -> None:
    start = time.process_time()
    try:
        read(GROWING[name])
    except InputError as error:
        assert len(str(error)) < 1200
    assert time.process_time() - start < 5
