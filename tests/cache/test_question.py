"""Planted errors: whatever an answer depends on is changed, and it has to be another question."""

from __future__ import annotations

import ast
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bptt.cache import machine, program
from bptt.cache import question as asking
from bptt.cache.digests import UnpinnedError
from bptt.cache.question import Question, question
from tests.command_line.running import ROOT

WORDS: dict[str, object] = {"verb": "verify", "cell": "rnn", "steps": 6, "oracle": None, "input": Path("a.csv")}
LIBRARY, SOURCE, INPUT = "library/numpy/__init__.py", "package/own.py", "a.csv"
Patch = pytest.MonkeyPatch
Change = Callable[[Patch], object]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: Patch) -> Iterator[Path]:
    """A program of one file, with one library and one input; it is the working folder."""
    for name in (LIBRARY, SOURCE, "package/sub/grammar.lark", INPUT, "library/numpy-1.0.dist-info/METADATA"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    monkeypatch.chdir(tmp_path)
    package = type(sys)("own_package")
    package.__path__ = ["package"]
    monkeypatch.setitem(sys.modules, "own_package", package)
    monkeypatch.setattr(program, "PACKAGES", ("own_package",))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "library"), *sys.path])
    for module in [name for name in sys.modules if name.partition(".")[0] == "numpy"]:
        monkeypatch.delitem(sys.modules, module)
    yield tmp_path


def ask(words: dict[str, object] = WORDS, files: tuple[str, ...] = (INPUT,)) -> Question:
    return question(words, [Path(name) for name in files])


def written(name: str, text: str = "2") -> Change:
    """A file with other contents of the same size, and the very same times."""

    def change(patch: Patch) -> None:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        times = path.stat() if path.exists() else None
        path.write_text(text)
        if times:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


def touched(name: str) -> Change:
    return lambda patch: os.utime(name, ns=(1, 1))


class Flags(tuple[int, ...]):
    """Others, as far as imports look at them."""

    verbose = 0


class Elsewhere(io.StringIO):
    """A stream to a terminal."""

    encoding = "ascii"

    def isatty(self) -> bool:
        return True


CHANGES: dict[str, Change] = {
    "the format of entries": lambda patch: patch.setattr(asking, "FORMAT", 2),
    "an input": written(INPUT),
    "a source": written(SOURCE),
    "a source that is no Python": written("package/sub/grammar.lark"),
    "one more source": written("package/more.py"),
    "one source less": lambda patch: Path(SOURCE).unlink(),
    "a source of another name": lambda patch: Path(SOURCE).rename("package/other.py"),
    "a library's version": lambda patch: Path("library/numpy-1.0.dist-info").rename("library/numpy-1.1.dist-info"),
    "a library installed again": touched("library/numpy-1.0.dist-info"),
    "a library that was not there": lambda patch: Path("library/torch-2.0.dist-info").mkdir(),
    "a library changed by hand": lambda patch: Path(LIBRARY).write_text("longer"),
    "a library elsewhere": lambda patch: (
        written("nearer/numpy/__init__.py")(patch)
        or patch.setattr(sys, "path", [str(Path("nearer").resolve()), *sys.path])
    ),
    "Python": lambda patch: patch.setattr(sys, "version", "3.99"),
    "assertions off": lambda patch: patch.setattr(sys, "flags", Flags((1,))),
    "the processor": lambda patch: patch.setattr(machine, "_processor", lambda: "another"),
    "fewer processors": lambda patch: (
        patch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
        or patch.setattr(os, "cpu_count", lambda: 1)
    ),
    "the C library": lambda patch: patch.setattr(machine, "_c_library", lambda: "another"),
    "a terminal": lambda patch: patch.setattr(sys, "stdout", Elsewhere()),
    "a narrow terminal": lambda patch: patch.setattr(os, "get_terminal_size", lambda _: (40, 10)),
    **{
        f"${name}": lambda patch, name=name: patch.setenv(name, "another")  # type: ignore[misc]
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONPATH", "LD_PRELOAD", "COLUMNS", "NO_COLOR")
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_dependence_is_in_the_key(name: str, world: Path, monkeypatch: Patch) -> None:
    before = ask()
    assert ask() == before
    CHANGES[name](monkeypatch)
    assert ask().key != before.key


@pytest.mark.parametrize(
    "more",
    [
        {"verb": "derive"}, {"cell": "gru"}, {"steps": 7}, {"steps": "6"}, {"oracle": ["x"]}, {"input": "a.csv"},
        {"new": 0},
    ],
    ids=str,
)  # fmt: skip
def test_every_word_is_in_the_key(more: dict[str, object], world: Path) -> None:
    assert ask({**WORDS, **more}).key != ask().key


def test_names_and_contents_of_files_do_not_run_into_each_other(world: Path) -> None:
    Path("b.csv").write_text("1")
    keys = {ask(files=files).key for files in ((), ("a.csv",), ("b.csv",), ("a.csv", "b.csv"), ("b.csv", "a.csv"))}
    assert len(keys) == 5


def test_a_mark_shows_that_a_file_was_written_to_and_put_back(world: Path, monkeypatch: Patch) -> None:
    for name in (INPUT, SOURCE):
        before = ask()
        written(name, "2")(monkeypatch)
        written(name, "1")(monkeypatch)
        after = ask()
        assert after.key == before.key and after.mark != before.mark


@pytest.mark.parametrize("files", [("nosuch",), ("package",), ("/dev/null",), ("a\0b",)])
def test_what_cannot_be_pinned_down_has_no_key(files: tuple[str, ...], world: Path) -> None:
    with pytest.raises(UnpinnedError):
        ask(files=files)
    with pytest.raises(UnpinnedError):
        ask({**WORDS, "odd": object()})


def test_what_does_not_matter_is_not_in_the_key(world: Path, monkeypatch: Patch) -> None:
    before = ask()
    monkeypatch.setenv("SHLVL", "17")
    written("package/__pycache__/own.cpython-311.pyc")(monkeypatch)
    os.utime(INPUT, ns=(1, 1))
    assert ask().key == before.key


def test_no_library_of_ours_is_forgotten() -> None:
    ours = {*program.PACKAGES, "proofs", *sys.stdlib_module_names}
    only_in_sweeps = {"dask", "distributed", "pyarrow"}  # whose answers are not kept
    found: set[str] = set()
    for path in (path for package in program.PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    assert found - ours - only_in_sweeps <= set(program.LIBRARIES), found - ours
