"""How figures are taken and shown: rounds, pages, one thread, and the memory of a process.  Nothing is timed here."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmarks.measuring import markdown, rounds, terminal
from benchmarks.measuring.long_sequence import WAYS, _peak, asked
from benchmarks.measuring.machine import description
from benchmarks.measuring.rounds import Budget, medians
from benchmarks.measuring.table import MISSED, Table, judged, missed, ratio

ROOT = Path(__file__).parents[2]
TABLE = Table("(a) Some | table [1]", ("who", "ms", "ratio"), [("ours", "1.00", judged(1.2, 1.1))], ["As [one] sees."])


class Clock:
    """Seconds that pass only where somebody works."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.calls = 0.0, []
        monkeypatch.setattr(rounds.time, "perf_counter", lambda: self.now)

    def work(self, name: str, *takes: float) -> rounds.Work:
        waiting = list(takes)

        def run() -> None:
            self.calls.append(name)
            self.now += waiting.pop(0) if len(waiting) > 1 else waiting[0]

        return run


def test_medians_are_of_rounds_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    works = {"a": clock.work("a", 9.0, 1.0, 5.0, 2.0), "b": clock.work("b", 0.5)}
    assert medians(works, Budget(0.0, 3, 3, slow=10.0, warm=False)) == {"a": 5.0, "b": 0.5}
    assert clock.calls == ["a", "b"] * 3


def test_who_is_slow_is_called_once_and_first_calls_of_others_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    works = {"slow": clock.work("slow", 30.0), "quick": clock.work("quick", 1.5, 0.2)}
    assert medians(works, Budget(0.0, 3, 3, slow=20.0)) == {"slow": 30.0, "quick": pytest.approx(0.2)}
    assert clock.calls.count("slow") == 1


def test_who_is_fast_is_called_many_times_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert medians({"a": clock.work("a", 0.002)}, Budget(0.0, 2, 2))["a"] == pytest.approx(0.002)
    assert len(clock.calls) == 2 + 2 * (1 + 5)  # two to find out how long it takes; in a turn, one that does not count


def test_what_is_done_before_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert medians({"a": clock.work("a", 1.0)}, Budget(0.0, 1, 1), clock.work("before", 7.0)) == {"a": 1.0}


def test_nothing_stays_frozen() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError):
        medians({"a": lambda: 1 // 0}, Budget(0.0, 1, 1))
    assert gc.get_freeze_count() <= before and gc.isenabled()


def test_a_page_is_changed_between_its_marks_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    before, after = "# Title\n\ntext\n\n", "\n\nmore text | with a bar\n"
    page.write_text(f"{before}{markdown.BEGIN}\nold figures\n{markdown.END}{after}", encoding="utf-8")
    for _ in range(2):
        markdown.write(page, ["2001-02-03", "a machine"], [TABLE])
        text = page.read_text(encoding="utf-8")
        assert text.startswith(before) and text.endswith(after) and "old figures" not in text
        assert text.count(markdown.BEGIN) == text.count(markdown.END) == text.count("2001-02-03") == 1
    assert "| who | ms | ratio |\n| --- | ---: | ---: |\n| ours | 1.00 | 1.20 ✗ |" in text
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize(
    "text", ["", markdown.BEGIN, f"{markdown.END}{markdown.BEGIN}", markdown.BEGIN * 2 + markdown.END]
)
def test_a_page_without_its_marks_is_left_alone(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"page\.md: there is no one place"):
        markdown.write(page, [], [TABLE])
    assert page.read_text(encoding="utf-8") == text


def test_the_page_of_the_repository_has_its_marks() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert text.count(markdown.BEGIN) == text.count(markdown.END) == 1


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_all_of_a_table(width: int) -> None:
    console = Console(width=width, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    terminal.show(TABLE, console)
    shown = console.export_text()
    for text in (TABLE.title, *TABLE.columns, *TABLE.rows[0], *TABLE.notes):
        assert text in shown
    assert all(len(line) <= width for line in shown.splitlines())


def test_figures_that_are_not_as_wanted_are_marked_and_counted() -> None:
    assert judged(1.06, 1.05) == f"1.06 {MISSED}" and judged(1.05, 1.05) == "1.05"
    assert judged(3.0, 4.0, least=True).endswith(MISSED) and judged(float("nan"), 1.0).endswith(MISSED)
    assert missed([TABLE, TABLE]) == 2 and ratio(1234.0, 1.0) == "1,234" and ratio(12.34, 1.0) == "12.3"
    with pytest.raises(ValueError, match="2 cells"):
        TABLE.add("a", "b")


def test_the_machine_is_described() -> None:
    text = "\n".join(description())
    for word in ("cores", "load average", "Python 3", "numpy 2", "sympy 1", "openblas", "casadi", "torch", "jax"):
        assert word in text


def test_everybody_has_one_thread_before_numpy_is_there() -> None:
    code = (
        "import sys, os, benchmarks.measuring.threads as threads\n"
        "assert 'numpy' not in sys.modules\n"
        "threads.one_thread()\n"
        "import numpy, threadpoolctl\n"
        "assert all(own['num_threads'] == 1 for own in threadpoolctl.threadpool_info())\n"
        "assert threads.cores() == 1 or not hasattr(os, 'sched_setaffinity')\n"
        "assert 'OPENBLAS_CORETYPE' not in os.environ and 'thread_eigen=false' in os.environ['XLA_FLAGS']\n"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OPENBLAS_CORETYPE": "Haswell"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)


def test_the_peak_is_that_of_the_process_and_not_of_the_one_that_started_it() -> None:
    large = np.ones(40_000_000)
    assert _peak() > large.nbytes
    code = (
        "import numpy as np; from benchmarks.measuring.long_sequence import _peak\n"
        "before = _peak(); one = np.ones(10_000_000); after = _peak()\n"
        "assert 70e6 < after - before < 90e6, (before, after)\n"
        "del one; assert _peak() > 0.99 * after\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_pieces_need_less_memory_than_the_whole() -> None:
    found = {way: asked(way, (2_000, 16, 8)) for way in WAYS}
    assert found["pieces"].bytes_ < found["whole"].bytes_ / 2


def test_the_figures_of_a_wide_table_are_never_folded() -> None:
    wide = Table("(a) Wide", ("", *(f"n={n}" for n in range(6))), [("a name of many words, " * 4, *["123,456 ✗"] * 6)])
    console = Console(width=80, record=True, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    terminal.show(wide, console)
    assert console.export_text().count("123,456 ✗") == 6
