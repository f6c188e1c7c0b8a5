"""``bptt check``: what it asks for, where its output goes, exit codes, complaints; the judge is a stand-in."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from bptt import command_line
from derive import registry
from tests.check.output.samples import ARTICLE, FRAGMENT, article, right
from tests.command_line.running import Done, bptt, complaint
from verify.check.result import Checked
from verify.check.search import Asked

NAMES = registry.names
VERB = "check" if "check" in NAMES("bptt.verbs") else "_check"
Run = Callable[..., Done]


@pytest.fixture
def asked() -> dict[str, Any]:
    return {"found": article()}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], tmp_path: Path) -> Run:
    """The verb with a stand-in for the judge, which notes what it was asked."""

    def check(text: str, about: Asked, **more: Any) -> Checked:
        asked.update(more, text=text, asked=about)
        found: Checked = asked["found"]
        return found

    module = ModuleType("verify.check.check")
    module.check = check  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "verify.check.check", module)

    def names(package: str) -> tuple[str, ...]:
        return tuple({*NAMES(package), VERB}) if package == "bptt.verbs" else NAMES(package)

    monkeypatch.setattr(command_line, "registry", SimpleNamespace(names=names))
    (tmp_path / "article.tex").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *words: bptt(VERB, *words)


def test_it_prints_and_says_what_is_wrong(run: Run, asked: dict[str, Any]) -> None:
    done = run("article.tex")
    assert (done.code, done.err) == (1, "") and "✗" in done.out and "hint" in done.out
    assert asked["text"] == ARTICLE and asked["name"] == "article.tex" and asked["kind"] == "latex"
    assert asked["asked"] == Asked("", "", "", "", {})
    assert "cₜ₋₂" in run("article.tex", "--answer").out


def test_exit_codes(run: Run, asked: dict[str, Any]) -> None:
    asked["found"] = right()
    assert run("article.tex").code == 0
    asked["found"] = replace(right(), unreadable=article().unreadable)
    assert run("article.tex").code == 3
    asked["found"] = Checked("x", ())
    assert run("article.tex").code == 3


def test_the_network_and_the_names(run: Run, asked: dict[str, Any]) -> None:
    network = ("--cell", "leaky", "--wiring", "last", "--activation", "tanh", "--loss", "squared_error")
    words = (*network, "--names", r"W=W_h, W_{x,h} = W_i", "--names", r"V=W_o")
    assert run("article.tex", *words).code == 1
    names = {"W": "W_h", "W_x,h": "W_i", "V": "W_o"}
    assert asked["asked"] == Asked("leaky", "last", "tanh", "squared_error", names)


def test_json_and_nothing_else(run: Run) -> None:
    done = run("article.tex", "--json")
    assert (done.code, done.err) == (1, "") and json.loads(done.out)["counts"]["wrong"] == 3
    assert "answer" not in done.out and "nearest" in run("article.tex", "--json", "--answer").out


def test_standard_input(run: Run, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfa = b\r\n")))
    assert run("-").code == 1
    assert asked["text"] == "a = b\n" and asked["name"] == "standard input" and asked["kind"] == ""


@pytest.mark.parametrize("suffix", [".tex", ".md", ".txt", ".typ"])
def test_files(run: Run, tmp_path: Path, suffix: str) -> None:
    done = run("article.tex", "-o", f"checked{suffix}")
    assert done.code == 1 and f"written  checked{suffix}" in done.out and "✗" in done.out
    assert (tmp_path / f"checked{suffix}").stat().st_size > 1000


def test_the_document_names_the_command(run: Run, tmp_path: Path) -> None:
    run("article.tex", "--cell", "leaky", "--names", "W=W_h", "--answer", "-o", "checked.md")
    shown = (tmp_path / "checked.md").read_text()
    assert "`bptt check article.tex --cell leaky --names W=W_h --answer -o checked.md`" in shown


def test_the_text_is_there_though_the_judge_forgets_it(run: Run, asked: dict[str, Any]) -> None:
    asked["found"] = replace(article(), text="")
    assert "The recursion is" in run("article.tex").out


BAD = [
    (("nowhere.tex",), ("nowhere.tex", "there is no such file")),
    ((".",), ("is a directory",)),
    (("article.tex", "--names", "W"), ("'W' declares no name", 'write "W=W_h')),
    (("article.tex", "--names", "W=W_h, W=W_i"), ("'W' is declared twice",)),
    (("article.tex", "--names", "W=Q"), ("'W' is to be 'Q'", "choose one of", "W_h")),
    (("article.tex", "--activation", "nn"), ("'nn'",)),
    (("article.tex", "--names", "=x"), ("declares no name",)),
    (("article.tex", "--cell", "nn"), ("there is no cell 'nn'",)),
    (("article.tex", "--wiring", "nn"), ("there is no wiring 'nn'",)),
    (("article.tex", "--json", "-o", "x.md"), ("--json", "-o")),
    (("article.tex", "--engine", "typst"), ("-o FILE.pdf",)),
    (("article.tex", "-o", "x.docx"), ("no format has the suffix '.docx'",)),
    (("article.tex", "-o", "article.tex"), ("is the file that is checked",)),
    (("article.tex", "-o", "no/x.tex"), ("there is no such folder",)),
    (("a\x00b",), ("is no name of a file",)),
    (("article.tex", "--loss", "nn"), ("there is no loss 'nn'",)),
    ((), ("FILE",)),
]


@pytest.mark.parametrize(("words", "parts"), BAD, ids=lambda value: " ".join(map(str, value))[:40].replace("\x00", "0"))
def test_bad_usage_is_one_line(run: Run, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    complaint(run(*words), *parts)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"a = b\n\xff\xfe", "line 2, column 1"), (b"a\n\nb\x00", "line 3, column 2"), (b" \n", "is empty"),
        (b"x" * 4_000_001, "is larger than"), ("a = b".encode("utf-16"), "is not UTF-8"),
    ],
    ids=["latin", "null", "empty", "long", "utf-16"],
)  # fmt: skip
def test_bad_files_are_one_line(run: Run, tmp_path: Path, data: bytes, part: str) -> None:
    (tmp_path / "bad.tex").write_bytes(data)
    complaint(run("bad.tex"), "bad.tex", part)


def test_a_device_is_no_endless_work(run: Run) -> None:
    complaint(run("/dev/zero"), "is a device")


def test_the_fragment_is_text() -> None:
    assert FRAGMENT.endswith("\n")
