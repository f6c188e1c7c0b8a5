"""The contract of every verb that keeps its answers: the same bytes and exit code, without computing, and said so."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from bptt.cache.folder import folder
from bptt.cache.store import Store
from derive import registry
from tests.command_line.running import ROOT, Done, bptt, other_process, python
from tests.command_line.test_process import HEAVY, LIST_MODULES
from verify.oracles import complex_step

VERBS = {name: import_module(f"bptt.verbs.{name}") for name in registry.names("bptt.verbs")}
KEEPING = {name for name, verb in VERBS.items() if hasattr(verb, "reads")}
QUICK = ("verify", "rnn", "--steps", "2", "--hidden", "1", "--oracle", "complex_step")
WRONG = str(ROOT / "tests/derivations/source_article.tex")
SMALL = ("--steps", "4", "--hidden", "2", "--no-loss")
CELL = str(ROOT / "examples/cells/mgu.toml")
COMMANDS = [
    QUICK, (*QUICK, "--json"), (*QUICK[:-2], "--rung", "exact", "--json"),
    ("derive", "rnn", "--form", "rtrl"), ("derive", CELL, "--format", "json"), ("export", "rnn"),
    ("check", WRONG), ("check", WRONG, "--json"), ("grow", "rnn", *SMALL), ("grow", "rnn", *SMALL, "--json"),
    ("truncate", "rnn", "--steps", "4", "--hidden", "1", "--runs", "20", "--json"),
]  # fmt: skip
SAID = "bptt: as computed on "


def again(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Done:
    """The command where its verb can do nothing."""

    def broken(arguments: argparse.Namespace) -> int:
        raise AssertionError("it is computed")

    with monkeypatch.context() as patched:
        patched.setattr(VERBS[words[0]], "run", broken)
        return bptt(*words)


def kept(store: Store) -> int:
    return len(store.files())


def test_no_test_reaches_the_cache_of_the_user() -> None:
    assert folder() is None


def test_every_verb_that_keeps_its_answers_is_tried() -> None:
    assert {words[0] for words in COMMANDS} == KEEPING


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_answer_is_given_again_byte_by_byte(
    words: tuple[str, ...], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = dict(os.environ)
    first = bptt(*words)
    for name in set(os.environ) - set(variables):  # a library sets its own when it is imported, once in a process
        monkeypatch.delenv(name)
    assert first.code in (0, 1, 3) and first.err == "" and kept(store) == 1
    second = again(words, monkeypatch)
    assert (second.code, second.out) == (first.code, first.out)
    assert second.err.startswith(SAID) and second.err.count("\n") == 1 and "--no-cache" in second.err


def test_an_answer_that_is_not_good_keeps_its_exit_code(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert again_code(("check", WRONG), monkeypatch) == 1
    monkeypatch.setattr(complex_step, "missing", lambda: "not there")
    assert again_code(QUICK, monkeypatch) == 3


def again_code(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> int:
    first = bptt(*words).code
    assert again(words, monkeypatch).code == first
    return first


@pytest.mark.parametrize("words", [(*QUICK, "--no-cache"), QUICK], ids=["option", "variable"])
def test_it_can_be_turned_off(words: tuple[str, ...], store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if words is QUICK:
        monkeypatch.setenv("BPTT_CACHE", "off")
    for _ in range(2):
        assert bptt(*words).err == ""
    assert kept(store) == 0
    monkeypatch.setenv("BPTT_CACHE", str(store.folder.parent))
    bptt(*QUICK)
    assert bptt(*QUICK).err and not bptt(*QUICK, "--no-cache").err  # one that is there is not read either


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "nothing"), ("verify", "rnn", "--oracle", "x"), ("verify", "nosuch.toml"),
        ("derive", "rnn", "--form", "rtrl", "-o", "x.md"), ("export", "rnn", "-o", "x.py"),
        ("grow", "rnn", *SMALL, "--figures", "pictures"), ("cells", "rnn"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_nothing_is_kept_of_complaints_and_of_files(
    words: tuple[str, ...], store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert SAID not in bptt(*words).err
    assert kept(store) == 0


@pytest.mark.parametrize("verb", sorted(set(VERBS) - KEEPING))
def test_the_others_have_no_such_option(verb: str) -> None:
    assert "usage" in bptt(verb, "--help").out and not hasattr(VERBS[verb], "reads")
    assert "--no-cache" not in bptt(verb, "--help").out.partition("example:")[0]


def test_another_file_of_the_same_name_is_another_question(store: Store, tmp_path: Path) -> None:
    cell = tmp_path / "cell.toml"
    shutil.copy(CELL, cell)
    first = bptt("derive", str(cell), "--format", "json")
    assert bptt("derive", str(cell), "--format", "json").err.startswith(SAID)
    cell.write_text(cell.read_text().replace('"mgu"', '"own"'))
    second = bptt("derive", str(cell), "--format", "json")
    assert second.err == "" and second.out != first.out and kept(store) == 2


def test_a_file_that_is_written_to_meanwhile_is_not_answered_for(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where it is, in the end, what it was."""
    cell = tmp_path / "cell.toml"
    shutil.copy(CELL, cell)
    run = VERBS["derive"].run

    def slow(arguments: argparse.Namespace) -> int:
        text = cell.read_text()
        cell.write_text(text.replace('"mgu"', '"own"'))
        code = run(arguments)
        cell.write_text(text)
        return int(code)

    monkeypatch.setattr(VERBS["derive"], "run", slow)
    assert bptt("derive", str(cell), "--format", "json").code == 0
    assert kept(store) == 0


def test_a_pipe_is_not_emptied(store: Store) -> None:
    done = python(
        "import os, sys; from bptt.cache.digests import digests\n"
        "os.mkfifo(sys.argv[1])\ntry: digests([sys.argv[1]])\nexcept Exception as e: print(type(e).__name__)",
        str(store.folder.parent.parent / "pipe"),
    )
    assert done.stdout == b"UnpinnedError\n", done.stderr


def test_a_second_process_answers_without_heavy_imports(store: Store) -> None:
    assert other_process(*QUICK).returncode == 0
    done = other_process(*QUICK)
    assert done.stderr.startswith(SAID.encode())
    code = LIST_MODULES  # another way to start Python is no other question: both are ``-c``
    modules = set(json.loads(python(code, *QUICK).stdout))
    assert "verify.judge" in modules  # for its output leads elsewhere, it is one
    assert not HEAVY & set(json.loads(python(code, *QUICK).stdout))
