"""``bptt gradcheck``: exit codes, complaints of one line, and whose output goes where."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bptt.testing import assert_gradient
from tests.command_line.running import Done, bptt, complaint, other_process
from tests.gradcheck.someones import EXAMPLES, example

RIGHT, WRONG = str(EXAMPLES / "right.py"), str(EXAMPLES / "sign.py")


def check(word: str, *more: str) -> Done:
    return bptt("gradcheck", word, "--cell", "rnn", "--steps", "3", *more)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Writes somebody's file, and gives the word for it; the search path is left as it was."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def written(source: str, name: str = "student.py") -> str:
        (tmp_path / name).write_text(source, encoding="utf-8")
        return str(tmp_path / name)

    return written


def test_right_is_0_and_wrong_is_1() -> None:
    done = check(f"{RIGHT}:backward")
    assert (done.code, done.err) == (0, "") and "Right: all 7 gradients" in done.out
    done = check(WRONG)
    assert (done.code, done.err) == (1, "") and "with the sign reversed" in done.out and "sign.py:backward" in done.out


def test_json_says_the_same() -> None:
    done = check(WRONG, "--json")
    found = json.loads(done.out)
    assert (done.code, found["exit_code"], found["function"]) == (1, 1, "sign.py:backward")
    assert [mistake["kind"] for mistake in found["mistakes"]] == ["wrong sign"]
    assert found["where"]["W_h"]["pattern"] == "scaled" and found["findings"][0]["verdict"] == "REFUTED"
    assert found["example"]["sizes"]["T"] == 1


COARSE = """
import sys
sys.path.insert(0, {folder!r})
import right
def backward(*given):
    return {{name: gradient.astype("float16") for name, gradient in right.backward(*given).items()}}
"""


def test_undecided_is_3(write) -> None:  # type: ignore[no-untyped-def]
    done = check(write(COARSE.format(folder=str(EXAMPLES))))
    assert done.code == 3 and "undecided" in done.out and "float64" in done.out


RAISES = {
    "raise ValueError('no')": ("student.py:1", "ValueError: no", "imported"),
    "import sys; sys.exit(0)": ("student.py:1", "sys.exit(0)"),
    "def backward(:": ("student.py:1", "SyntaxError"),
    "import nowhere_at_all": ("student.py:1", "ModuleNotFoundError"),
    "x = 1": ("student.py", "no function 'backward'", "defines no function"),
    "def forward(): pass": ("no function 'backward'", "it has: forward"),
    "backward = 3": ("'backward' is no function", "int"),
    "def backward(w, x): pass": ("three arguments", "def backward(parameters, inputs, targets)"),
    "def backward(w, x, y):\n    return w['W']": ("student.py:2", "KeyError: 'W'", "in your function backward"),
    "def backward(w, x, y):\n    exit(1)": ("student.py:2", "sys.exit(1)"),
    "def backward(w, x, y):\n    return backward(w, x, y)": ("student.py:2", "RecursionError"),
}


@pytest.mark.parametrize("source", RAISES)
def test_what_somebodys_code_raises_is_2_and_one_line(source: str, write) -> None:  # type: ignore[no-untyped-def]
    complaint(check(write(source)), *RAISES[source])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    complaint(check(str(tmp_path / "nothing.py:f")), "nothing.py", "no such file")
    complaint(check(str(tmp_path)), "is a folder")
    complaint(check(f"{RIGHT}:nothing"), "right.py", "no function 'nothing'", "softmax, backward")


def test_bad_usage() -> None:
    complaint(bptt("gradcheck", RIGHT), "--cell")
    complaint(bptt("gradcheck", RIGHT, "--cell", "rnnn"), "rnnn")
    complaint(check(RIGHT, "--leave-out", "W"), "'W'", "W_h")
    complaint(check(RIGHT, "--source-steps", "2"), "no encoder")
    complaint(check(RIGHT, "--hidden", "100000"), "would take")


def test_the_traceback_is_theirs_and_only_where_it_is_asked_for(write) -> None:  # type: ignore[no-untyped-def]
    word = write("def helper(w):\n    return w['W']\ndef backward(w, x, y):\n    return helper(w)")
    done = check(word, "--traceback")
    assert done.code == 2 and "Traceback" in done.err and "return helper(w)" in done.err
    assert "calling.py" not in done.err


PRINTS = """
import os
print("on import")
import sys
sys.path.insert(0, {folder!r})
import right
def backward(parameters, inputs, targets):
    print("on call")
    return right.backward(parameters, inputs, targets)
"""


def test_what_the_file_prints_does_not_touch_the_json(write) -> None:  # type: ignore[no-untyped-def]
    word = write(PRINTS.format(folder=str(EXAMPLES)), "schön 程序:v2.py")
    done = check(f"{word}:backward", "--json")
    assert done.code == 0 and json.loads(done.out)["exit_code"] == 0
    assert "on import" in done.err and "on call" in done.err
    assert not list(Path(word).parent.glob("**/*.pyc"))


def test_in_a_process_of_its_own(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A relative path, a module beside the file, and nothing but JSON on standard output."""
    write("import beside\nprint('hello')\nbackward = beside.backward")
    (tmp_path / "beside.py").write_text((EXAMPLES / "sign.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = other_process("gradcheck", "student.py", "--cell", "rnn", "--json", cwd=tmp_path)
    assert done.returncode == 1 and json.loads(done.stdout)["mistakes"][0]["kind"] == "wrong sign"
    assert b"hello" in done.stderr


def test_the_arguments_are_listed_without_running_anything(write) -> None:  # type: ignore[no-untyped-def]
    done = bptt("gradcheck", write("raise RuntimeError"), "--cell", "gru", "--wiring", "seq2seq", "--arguments")
    assert done.code == 0 and 'inputs["x^e"]: (S, batch, m)' in done.out and '"h^e_0": ...,  # (n,)' in done.out


def test_a_cell_from_a_file(write) -> None:  # type: ignore[no-untyped-def]
    rate = str(EXAMPLES.parent / "cells" / "rate.toml")
    word = write("def backward(parameters, inputs, targets):\n    return {n: 0 * w for n, w in parameters.items()}")
    done = bptt("gradcheck", word, "--cell", rate, "--steps", "2", "--hidden", "2")
    assert done.code == 1 and "it is zero everywhere" in done.out and "no gradient. Your d" in done.out


def test_control_characters_do_not_reach_the_terminal(write) -> None:  # type: ignore[no-untyped-def]
    evil = "def backward(w, x, y):\n    return {'\\x1b]0;owned\\x07': 1}"
    done = check(write(evil))
    assert done.code == 1 and "owned" in done.out and "\x1b" not in done.out and "\x07" not in done.out
    complaint(check(write("raise ValueError('\\x1b[2J\\n' + 999 * 'long ')")), "ValueError", "[...]")


def test_the_help_says_that_the_file_is_run() -> None:
    done = bptt("gradcheck", "--help")
    assert done.code == 0 and "RUNS THE FILE" in done.out


def test_a_report_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        assert max(map(len, check(WRONG).out.splitlines())) <= width


def test_a_test_passes_or_fails_with_the_report() -> None:
    assert assert_gradient(example("right"), "rnn", steps=3).right
    with pytest.raises(AssertionError, match=r"wrong sign\. Your dW_h") as failed:
        assert_gradient(example("sign"), "rnn", steps=3)
    assert "Wrong: 7 of 7" in str(failed.value)
    undecided = {"W_h": 0.0}
    with pytest.raises(AssertionError, match="No gradient of W_i is returned"):
        assert_gradient(lambda parameters, inputs, targets: undecided, "rnn")


def test_from_python() -> None:
    import bptt as package

    found = package.gradcheck(example("truncated"), package.model("rnn"), steps=5)
    assert isinstance(found, package.Gradcheck) and found.kinds == ("truncated",)
