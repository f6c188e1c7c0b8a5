"""Hostile input ends quickly, with InputError or an Unread, never with anything else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import InputError
from verify.check.reading.document import Reading, read
from verify.check.reading.loading import LARGEST
from verify.check.reading.readings import readings
from verify.check.reading.signs import MACROS, SIDES, SPACES
from verify.check.reading.unparse import latex, unparse

SECONDS = 10.0
MANY = 10**5

DOUBLED = "".join(rf"\def\{chr(97 + k)}{{\{chr(98 + k)}\{chr(98 + k)}}}" for k in range(24))
"""\\a brings \\b twice, that \\c twice, and so on."""
LARGE: dict[str, str] = {
    "braces": "$" + "{" * MANY + "}" * MANY + "$",
    "open braces": "$" + "{" * MANY,
    "brackets": "$a=" + "(" * MANY + "x" + ")" * MANY + "$",
    "brackets that fit in a line": "$a=" + "(" * 9000 + "x" + ")" * 9000 + "$",
    "left and right": "$a=" + r"\left(" * 9000 + "x" + r"\right)" * 9000 + "$",
    "sums": "$a=" + r"\sum_i " * 5000 + "x$",
    "functions": "$a=" + r"\tanh " * 9000 + "x$",
    "derivatives": "$a=" + r"\frac{\partial}{\partial x}" * 2000 + "x$",
    "quotients": "$a=x" + "/x" * 9000 + "$",
    "superscripts": "$a=x" + "^{x" * 150 + "}" * 150 + "$",
    "fractions": "$a=" + r"\frac{1}{" * 150 + "x" + "}" * 150 + "$",
    "powers": "$a=x" + "^2" * 9000 + "$",
    "primes": "$a=x" + "'" * 9000 + "$",
    "signs": "$a=" + "-" * 9000 + "x$",
    "bars": "$a=" + "|" * 9000 + "x$",
    "evaluations": "$a=x" + r"\Big|_{x}" * 3000 + "$",
    "open products": "$a=" + r"\prod_i x y " * 4000 + "$",
    "many readings": "$a=" + r"\tanh x y \odot z w \cdot " * 1500 + "x$",
    "environments": r"\begin{align}" * MANY,
    "environments inside": r"\begin{align}" + r"\begin{aligned}" * MANY,
    "matrices": "$a=" + r"\begin{pmatrix}" * 150 + "x" + r"\end{pmatrix}" * 150 + "$",
    "rows": "$a=" + r"\begin{pmatrix} " + r"1 & 2 \\ " * 4000 + r"\end{pmatrix}$",
    "a megabyte on a line": "$a=" + "x+" * 499_990 + "x$",
    "a bare megabyte": "a=" + "x" * 999_990,
    "ampersands": "$" + "&" * 999_990 + "$",
    "dollars": "$" * 999_990,
    "double dollars": "$$ " * 300_000,
    "lines": "$a=b$\n" * 30_000,
    "fences": "```math\n" * MANY,
    "ticks": "# x\n" + "".join("`" * (k % 50 + 1) + " a " for k in range(30_000)),
    "verbatim": r"\verb" + "".join(chr(0x4E00 + k) + r"\verb" for k in range(15_000)),
    "texts": "$" + r"\text{" * 190 + "$",
    "tags": "$" + r"\tag{a}" * 30_000 + "$",
    "spaces": "$a=b" + r"\quad (" * 5000 + "$",
    "commas": "$a=b" + "," * 9000 + "c=d$",
    "comments": "%" * 999_990,
    "digits": "$a=" + "1" * 9000 + "$",
    "backslashes": "$a=b" + "\\" * 9000 + "$",
    "inputs": r"\input{x}" * MANY,
    "definitions": "$a=b$\n" + r"\def\x{\x\x}" * MANY,
    "a macro of itself": r"\def\x{\x\x}" + "$a=" + r"\x " * 9000 + "$",
    "macros of macros": DOUBLED + r"\def\y{z}$x=\a$",
    "macros with arguments": r"\newcommand{\x}[1]{#1#1}" + "$a=" + r"\x{" * 150 + "b" + "}" * 150 + "$",
    "macros on many lines": r"\def\x{" + "b+" * 4000 + "}" + "$a=\\x b$\n" * 2_000,
    "macros of spaces on many lines": r"\def\x{" + " " * 9000 + "}" + "$a=\\x b$\n" * 2_000,
}


def ended(source: str | bytes) -> Reading | None:
    """What is read, and everything done to it that a caller may do; None for an InputError."""
    try:
        reading = read(source)
    except InputError as error:
        assert error.what and error.mend and "\n" not in str(error)
        return None
    for claim in reading.claims[:100]:
        for member in claim.chain:
            written = unparse(member.tree) + latex(member.tree) + repr(member.tree)
            assert written and hash(member.tree) and member.span.line
            assert readings(member.tree)
    return reading


@pytest.mark.parametrize("name", LARGE)
def test_large(name: str) -> None:
    start = time.process_time()
    ended(LARGE[name])
    assert time.process_time() - start < SECONDS


REASONS = {
    "brackets that fit in a line": "brackets nest more than 40 deep",
    "sums": "more than 50 signs and brackets in one another",
    "quotients": "more than 50 operations in one another",
    "verbatim": "a line of 30001 signs is too long, at most 25000 are read",
}


@pytest.mark.parametrize("name", REASONS)
def test_what_is_too_large_is_said(name: str) -> None:
    """Each limit is met by name, and not by the stack of Python."""
    assert [one.reason for one in read(LARGE[name]).unread] == [REASONS[name]]


@pytest.mark.parametrize("size", [1000, 2000, 4000])
def test_time_grows_like_the_line(size: int) -> None:
    """A hundred kilobytes within a second, or refused."""
    start = time.process_time()
    reading = read("$$a = " + r"\frac{a_{t}}{b} + " * size + "x$$")
    assert len(reading.claims) + len(reading.unread) == 1
    assert time.process_time() - start < 1 + size / 4000


REFUSED: dict[str, tuple[bytes, str]] = {
    "latin-1": ("$\u00e9 = b$".encode("latin-1"), "line 1, column 2: byte 0xe9 is not UTF-8 text"),
    "utf-16": ("$a = b$".encode("utf-16"), "line 1, column 1: byte 0xff is not UTF-8 text"),
    "surrogate": (b"a\n$b = \xed\xa0\x80$", "line 2, column 6: byte 0xed is not UTF-8 text"),
    "after the mark": (b"\xef\xbb\xbfa\xff", "line 1, column 2: byte 0xff is not UTF-8 text"),
    "null": (b"$a = b$\n\0", "line 2, column 1: a null character stands here"),
    "large": (b"a = b\n" * (LARGEST // 6 + 1), f"is larger than {LARGEST} bytes"),
    "long line": (b"a" * 1_000_001, "line 1, column 1: a line of 1000001 characters"),
    "deep": (b"x $" + b"{" * 300, "line 1, column 204: braces nest more than 200 deep"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data, complaint = REFUSED[name]
    with pytest.raises(InputError) as caught:
        read(data)
    assert str(caught.value).startswith(complaint)
    assert caught.value.mend


def test_byte_order_mark_and_line_ends() -> None:
    reading = read("\ufeff$a = b$\r\n\r$\\foo = c$".encode())
    assert [(one.line, one.column) for one in reading.unread] == [(3, 2)]


def test_files(tmp_path: Path) -> None:
    for path, complaint in {
        tmp_path: "is a directory",
        tmp_path / "none.tex": "there is no such file",
        Path("/dev/zero"): "is a device or a pipe",
        Path("a\0b"): "is no name of a file",
    }.items():
        with pytest.raises(InputError, match=complaint):
            read(path)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    ended(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["$$%s$$", "%s", "# x\n```math\n%s\n```", r"\begin{align}%s\end{align}"]))
def test_random_text(text: str, around: str) -> None:
    ended(around.replace("%s", text.replace("\0", "")).encode("utf-8", "replace"))


_SOUP = [
    *("\\" + name for name in [*MACROS, *SIDES, *SPACES]),
    *"abht123+-*/=<>()[]{}|_^'&,.;:%$!",
    *(r"\frac", r"\begin{aligned}", r"\end{aligned}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\text{for}", r"\tag{1}"),
    *(r"\left(", r"\right)", r"\left.", r"\right|_", r"\sum_{i=1}^t", r"\mathrm{d}", r"\mathbf", r"\operatorname{x}"),
    *(
        r"\role{x}{",
        r"\underbrace{",
        r"\bar",
        r"\frac{\partial",
        r"}{\partial",
        r"\\",
        "\n",
        "\n\n",
        "_{",
        "^{",
        r"\prod_j",
    ),
]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(_SOUP), max_size=40), st.sampled_from([" ", ""]))
def test_macro_soup(parts: list[str], space: str) -> None:
    soup = space.join(parts)
    for around in ("$$a = %s$$", r"\begin{align} %s \end{align}", "%s"):
        ended(around.replace("%s", soup))
