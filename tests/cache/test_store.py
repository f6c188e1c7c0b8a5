"""Entries that are damaged, foreign or old; a bounded folder; and folders that cannot be used."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bptt.cache import entry as entries
from bptt.cache.entry import Entry, encoded
from bptt.cache.folder import folder
from bptt.cache.store import Store
from tests.cache.test_verbs import QUICK, SAID
from tests.command_line.running import bptt

ENTRY = Entry("ab" * 32, 1_000_000_000, 1, "REFUTED \udc80 ✗ é\n\x1b[1m")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "folder")
    assert store.read(ENTRY.key) is None and store.files() == []
    store.write(ENTRY)
    assert store.read(ENTRY.key) == ENTRY
    (path, status), *others = store.files()
    assert not others and path.name == f"{ENTRY.key}.json" and status.st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o077 == 0


def edited(**more: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({**json.loads(data), **more}).encode()


def signed(**more: object) -> Callable[[bytes], bytes]:
    """With a digest that is right: for fields that no run of ours can have written."""

    def change(data: bytes) -> bytes:
        fields: dict[str, Any] = {**json.loads(data), **more}
        fields.pop("digest")
        return json.dumps({**fields, "digest": entries._digest(fields)}).encode()

    return change


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    **{f"cut at {share}": lambda data, share=share: data[: int(len(data) * share)] for share in (0.0, 0.1, 0.5, 0.99)},  # type: ignore[misc]
    "a flipped bit": lambda data: data.replace(b"REFUTED", b"REFUUED"),
    "a better exit code": edited(exit_code=0),
    "a better verdict": edited(text="PROVED"),
    "another date": edited(computed=0),
    "another key": signed(key="cd" * 32),
    "an exit code that is no answer's": signed(exit_code=2),
    "an exit code that is no number": signed(exit_code=True),
    "a date before time": signed(computed=-1),
    "a text that is none": signed(text=["PROVED"]),
    "a field too many": signed(more=1),
    "a list": lambda data: b"[" + data + b"]",
    "nothing but depth": lambda data: b"[" * 100_000,
    "a pickle": lambda data: b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
    "doubled": lambda data: data + data,
    "NaN": lambda data: data.replace(b"1000000000", b"NaN"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_entry_is_none(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(ENTRY)
    path = tmp_path / f"{ENTRY.key}.json"
    data = DAMAGES[name](path.read_bytes())
    assert data != path.read_bytes()
    path.write_bytes(data)
    assert store.read(ENTRY.key) is None
    store.write(ENTRY)
    assert store.read(ENTRY.key) == ENTRY


def foreign(path: Path) -> None:
    path.chmod(0o622)


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [foreign, linked, piped, a_folder])
def test_what_others_may_have_put_there_is_not_read(change: Callable[[Path], None], tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(ENTRY)
    change(tmp_path / f"{ENTRY.key}.json")
    assert store.read(ENTRY.key) is None
    store.write(ENTRY)
    assert (store.read(ENTRY.key) == ENTRY) == (change is not a_folder)
    if change is linked:
        assert (tmp_path / "elsewhere").read_bytes() == encoded(ENTRY)


def test_another_user_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.write(ENTRY)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert store.read(ENTRY.key) is None


def aged(store: Store, name: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(store.folder / name, (then, then))


def test_the_oldest_make_room(tmp_path: Path) -> None:
    made = [replace(ENTRY, key=f"{number:064x}", text="x" * 1000) for number in range(6)]
    size = len(encoded(made[0]))
    store = Store(tmp_path, most=4 * size + 10)  # four, and what is half-written
    (tmp_path / "thesis.tex").write_text("y" * 10 * size)
    (tmp_path / f".{made[0].key}.json.half").write_text("z")
    (tmp_path / f".{made[0].key}.json.killed").write_text("z")
    aged(store, f".{made[0].key}.json.killed", 1e5)
    for number, entry in enumerate(made[:4]):
        store.write(entry)
        aged(store, f"{entry.key}.json", 1000 - number)
    assert store.read(made[0].key) == made[0]  # and is of use again
    for entry in made[4:]:
        store.write(entry)
    assert [store.read(entry.key) is not None for entry in made] == [True, False, False, True, True, True]
    assert sum(status.st_size for _, status in store.files()) <= store.most
    names = {path.name for path in tmp_path.iterdir()}
    assert {"thesis.tex", f".{made[0].key}.json.half"} <= names and f".{made[0].key}.json.killed" not in names
    assert store.clear() == 5 and [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_huge_answer_is_not_kept(tmp_path: Path) -> None:
    Store(tmp_path, most=100).write(ENTRY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["file", "/proc", "/dev/null"])
def test_a_folder_that_cannot_be_used_fails_nothing(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BPTT_CACHE", where)
    for _ in range(2):
        done = bptt(*QUICK)
        assert (done.code, done.err) == (0, "")
    assert bptt("cache").code == 0
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_full_disk_fails_nothing_and_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.files.os.replace", full)
    for _ in range(2):
        assert (bptt(*QUICK).code, bptt(*QUICK).err) == (0, "")
    assert list(store.folder.iterdir()) == []


def test_a_damaged_entry_is_computed_anew(store: Store) -> None:
    first = bptt(*QUICK, "--json").out
    ((path, _),) = store.files()
    path.write_bytes(path.read_bytes()[:-20])
    second = bptt(*QUICK, "--json")
    assert (second.out, second.err) == (first, "")
    assert bptt(*QUICK, "--json").err.startswith(SAID)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"BPTT_CACHE": "off", "XDG_CACHE_HOME": "/x"}, None),
        ({"BPTT_CACHE": "/own", "XDG_CACHE_HOME": "/x"}, "/own/answers"),
        ({"BPTT_CACHE": "", "XDG_CACHE_HOME": "/x"}, "/x/bptt/answers"),
        ({"BPTT_CACHE": "", "XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/bptt/answers"),
        ({"BPTT_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/bptt/answers"),
    ],
)
def test_where_it_is(variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert folder() == (expected and Path(expected))


def test_the_verb_says_where_and_how_much_and_clears(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bptt(*QUICK)
    (store.folder / "mine.txt").write_text("stays")
    assert str(store.folder) in bptt("cache").out and "answers  1," in bptt("cache").out
    found = json.loads(bptt("cache", "--json").out)
    assert (found["folder"], found["answers"], found["removed"]) == (str(store.folder), 1, 0) and found["bytes"] > 100
    assert "removed  1" in bptt("cache", "--clear").out
    assert [path.name for path in store.folder.iterdir()] == ["mine.txt"]
    monkeypatch.setenv("BPTT_CACHE", "off")
    assert bptt("cache").out == "nothing is kept\n" and json.loads(bptt("cache", "--json").out)["folder"] is None
