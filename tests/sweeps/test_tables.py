"""The tables: every number comes back exactly, and what is no number has one form in each format."""

from __future__ import annotations

import csv
import io
import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptt.sweeps.encoding import decoded, encoded
from bptt.sweeps.grid import grid
from bptt.sweeps.table import Table, format_of, table, write
from bptt.sweeps.task import Outcome, Value
from derive.errors import InputError

Rows = list[dict[str, Any]]
VALUES = st.floats() | st.none()


def of(values: list[Value], **more: list[Value]) -> Table:
    """A table with a column ``x``, and others."""
    points = grid([f"seeds={len(values)}"])
    found = {
        point.key: Outcome(point.key, {"x": x, **{name: column[place] for name, column in more.items()}})
        for place, (point, x) in enumerate(zip(points.points(), values, strict=True))
    }
    return table({"cell": "rnn"}, points, found)


def from_csv(data: bytes) -> Rows:
    def value(text: str) -> Any:
        return None if text == "" else float(text) if any(c in text for c in ".einf") else int(text)

    return [{n: value(v) for n, v in row.items()} for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]


def from_json(data: bytes) -> Rows:
    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    found = json.loads(data, parse_constant=refuse)["rows"]
    return [{name: decoded(value) for name, value in row.items()} for row in found]


def from_parquet(data: bytes) -> Rows:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: Rows = parquet.read_table(io.BytesIO(data)).to_pylist()
    return rows


READERS = {".csv": from_csv, ".json": from_json, ".parquet": from_parquet}
ABSENT = pytest.mark.skipif(find_spec("pyarrow") is None, reason="the extra parquet is not installed")
FORMATS = [pytest.param(suffix, marks=ABSENT if suffix == ".parquet" else ()) for suffix in READERS]


def same(ours: Any, theirs: Any) -> bool:
    """Equal to the last bit and the sign of zero; and NaN is NaN."""
    both = isinstance(ours, float) and isinstance(theirs, float)
    return bool(ours == theirs and (not both or math.copysign(1, ours) == math.copysign(1, theirs))) or (
        both and math.isnan(ours) and math.isnan(theirs)
    )


@pytest.mark.parametrize("suffix", FORMATS)
@settings(deadline=None, max_examples=50)
@given(st.lists(VALUES, min_size=1, max_size=8))
def test_numbers_come_back_exactly(suffix: str, values: list[Value]) -> None:
    found = READERS[suffix](format_of(Path(f"t{suffix}")).data(of(values)))
    assert all(same(ours, row["x"]) for ours, row in zip(values, found, strict=True)), found


@given(VALUES | st.integers(-(2**60), 2**60))
def test_the_journal_keeps_numbers_exactly(value: Value) -> None:
    again = decoded(json.loads(json.dumps(encoded(value), allow_nan=False)))
    assert same(value, again) and type(value) is type(again)


@pytest.mark.parametrize("suffix", FORMATS)
def test_settings_are_columns_with_their_own_kinds(suffix: str) -> None:
    rows = READERS[suffix](format_of(Path(f"t{suffix}")).data(of([1.5, 2.5], whole=[1, 2])))
    assert rows[1] == {
        "hidden": 16, "inputs": 2, "drive": 0.1, "radius": None, "gain": None, "steps": 100, "seed": 1,
        "x": 2.5, "whole": 2, "reason": None,
    }  # fmt: skip


def test_csv_as_it_is_written() -> None:
    data = format_of(Path("t.csv")).data(of([0.1, float("-inf"), None, float("nan")]))
    fields = [row.split(",")[-2] for row in data.decode().split("\r\n")[:-1]]
    assert fields == ["x", "0.1", "-inf", "", "nan"]


def test_json_is_one_described_object() -> None:
    points = grid(["seeds=2", "radius=0.5"])
    first, second = points.points()
    found = {first.key: Outcome(first.key, {"exponent": float("-inf")}), second.key: Outcome(second.key, {}, "why ∞")}
    data = json.loads(format_of(Path("t.JSON")).data(table({"cell": "rnn"}, points, found)))
    assert list(data) == ["model", "sweep", "versions", "columns", "failed", "rows"]
    assert data["sweep"] == ["seeds=2", "radius=0.5"] and data["failed"] == 1 and "numpy" in data["versions"]
    assert data["columns"]["exponent"] == {"title": "largest Lyapunov exponent", "unit": "nats per step"}
    assert [row["exponent"] for row in data["rows"]] == ["-inf", None]
    assert [row["reason"] for row in data["rows"]] == [None, "why ∞"]
    assert set(data["columns"]) == set(data["rows"][0])


def test_parquet_knows_its_types_even_where_a_column_is_empty() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    read = parquet.read_table(io.BytesIO(format_of(Path("t.parquet")).data(of([None, None], whole=[1, None]))))
    assert {name: str(read.schema.field(name).type) for name in ("seed", "radius", "x", "whole", "reason")} == {
        "seed": "int64", "radius": "double", "x": "double", "whole": "int64", "reason": "string",
    }  # fmt: skip
    assert json.loads(read.schema.metadata[b"bptt"])["model"] == {"cell": "rnn"}


@pytest.mark.parametrize("name", ["t.xls", "t", ".csv.gz", "csv"])
def test_another_format_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"no format.*\.csv, \.json, \.parquet"):
        format_of(Path(name))


def test_without_pyarrow_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bptt.sweeps.tables.parquet_file.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pyarrow is not installed \(python -m pip install 'bptt\[parquet\]'\)"):
        format_of(Path("t.parquet"))


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("before")
    with pytest.raises(AttributeError):
        write(None, path)  # type: ignore[arg-type]
    assert path.read_text() == "before"
    write(of([1.0]), path)
    assert path.read_text().startswith("hidden,inputs,drive,radius,gain,steps,seed,x,reason")
    assert list(tmp_path.iterdir()) == [path]
