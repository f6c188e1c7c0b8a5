"""Readers: good files are read exactly, and no file, however bad, gets past InputError."""

from __future__ import annotations

import io
import json
import os
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from derive.errors import InputError
from verify.readers import formats, read_sequence, read_weights

READERS = {**formats("weights"), **formats("sequence")}
fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path) -> object:
    return (read_weights if path.suffix in formats("weights") else read_sequence)(path)


def refused(path: Path, *parts: str) -> str:
    """The one line with which a file is refused; ``parts`` stand in it."""
    with pytest.raises(InputError) as caught:
        read(path)
    line = str(caught.value)
    assert line.isprintable() and path.suffix in line, line
    assert caught.value.mend, line
    for part in parts:
        assert part in line, f"{part!r} is not in {line!r}"
    return line


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def npy(array: np.ndarray, *, pickled: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=pickled)
    return stream.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def tensors(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def test_the_four_formats_are_registered() -> None:
    assert set(formats("weights")) == {".safetensors", ".npz"}
    assert set(formats("sequence")) == {".csv", ".npy"}


# Good files


def test_weights_come_back_exactly_in_both_formats(tmp_path: Path) -> None:
    arrays = {"rnn.weight_hh_l0": np.arange(6.0).reshape(2, 3), "层.bias": np.array([0.1, -2.5])}
    for path in (
        written(tmp_path / "权重 w.safetensors", save(arrays)),
        written(tmp_path / "w.NPZ", npz(**arrays)),
    ):
        found = read_weights(path)
        assert found.keys() == arrays.keys()
        for key, array in arrays.items():
            assert found[key].dtype == np.float64
            np.testing.assert_array_equal(found[key], array)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "uint16", ">f8", ">i4"])
def test_every_real_dtype_becomes_float64(tmp_path: Path, dtype: str) -> None:
    array = np.array([[1, 2], [3, 100]]).astype(dtype)
    files = {"w.npz": npz(a=array), "x.npy": npy(array), "y.npy": npy(np.asfortranarray(array))}
    if array.dtype.isnative:
        files["w.safetensors"] = save({"a": array})
    for name, data in files.items():
        path = written(tmp_path / name, data)
        found = read_weights(path)["a"] if path.suffix != ".npy" else read_sequence(path).values
        assert found.dtype == np.float64 and found.dtype.isnative
        np.testing.assert_array_equal(found, [[1, 2], [3, 100]])


def test_bfloat16_is_the_upper_half_of_a_float32(tmp_path: Path) -> None:
    exact = np.array([1.0, -2.5, 3.0e20, 2.0**-100], dtype="<f4")
    halves = (exact.view("<u4") >> 16).astype("<u2")
    data = tensors({"a": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}, halves.tobytes())
    found = read_weights(written(tmp_path / "w.safetensors", data))["a"]
    rounded = (halves.astype("<u4") << 16).view("<f4").astype(float).reshape(2, 2)
    np.testing.assert_array_equal(found, rounded)
    np.testing.assert_allclose(found.ravel(), exact, rtol=2**-7)


@pytest.mark.parametrize("text", [
    b"x,y\n1,2\n3,4\n", b"\xef\xbb\xbfx,y\r\n1,2\r\n3,4\r\n", b"x,y\r1,2\r3,4",
    b'"x", y\n 1 , 2.0\n3e0,"4"\n\n\n',
])  # fmt: skip
def test_csv_with_byte_order_mark_any_line_end_and_quotes(tmp_path: Path, text: bytes) -> None:
    found = read_sequence(written(tmp_path / "序列.csv", text))
    assert found.columns == ("x", "y")
    np.testing.assert_array_equal(found.values, [[1, 2], [3, 4]])


def test_csv_without_a_header_and_with_chinese_names(tmp_path: Path) -> None:
    bare = read_sequence(written(tmp_path / "a.csv", b"1,2\n-3,4e-2"))
    assert bare.columns == ()
    np.testing.assert_array_equal(bare.values, [[1, 2], [-3, 0.04]])
    assert read_sequence(written(tmp_path / "b.csv", "温度,y\n1,2\n".encode())).columns == ("温度", "y")


@pytest.mark.parametrize(("shape", "expected"), [((5,), (5, 1)), ((5, 2), (5, 2)), ((5, 3, 2), (5, 3, 2))])
def test_npy_sequences(tmp_path: Path, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype=float).reshape(shape)
    found = read_sequence(written(tmp_path / "x.npy", npy(array)))
    assert found.values.shape == expected and found.columns == ()
    np.testing.assert_array_equal(found.values.ravel(), array.ravel())


# Files that are not there, or are not files


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_missing_empty_directory_device_and_impossible_names(tmp_path: Path, suffix: str) -> None:
    refused(tmp_path / f"none{suffix}", "no such file")
    refused(written(tmp_path / f"empty{suffix}", b""), "0 bytes")
    (tmp_path / f"folder{suffix}").mkdir()
    refused(tmp_path / f"folder{suffix}", "directory")
    os.mkfifo(tmp_path / f"fifo{suffix}")
    refused(tmp_path / f"fifo{suffix}", "device or a pipe")
    refused(tmp_path / f"nul\0{suffix}", "cannot be opened")
    refused(tmp_path / f"line\nbreak\udcff{suffix}", r"line\nbreak\udcff")
    refused(tmp_path / f"{'long' * 100}{suffix}", "cannot be opened")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "w.npz").open("wb") as file:
        file.truncate(2**31)  # sparse: takes no room on the disk
    refused(tmp_path / "w.npz", "2147483648 bytes", "at most")


@pytest.mark.parametrize(("name", "call", "known"), [
    ("model.pt", read_weights, ".npz, .safetensors"), ("input.csv", read_weights, ".npz, .safetensors"),
    ("w.npz", read_sequence, ".csv, .npy"), ("noname", read_sequence, ".csv, .npy"),
])  # fmt: skip
def test_a_wrong_suffix_lists_the_known_ones(name: str, call: Callable[[Path], object], known: str) -> None:
    with pytest.raises(InputError, match=name.replace(".", r"\.")) as caught:
        call(Path(name))
    assert known in str(caught.value)


# Bad numbers, named by their place


@pytest.mark.parametrize(("text", "parts"), [
    (b"x\n1\noops\n", ["line 3, column 1", "'oops'"]),
    (b"x,y\n1,2\n3,\n", ["line 3, column 2", "''"]),
    (b"1,2\n3\n", ["line 2 has 1 column", "expected 2"]),
    (b"x,y\n1,2,3\n", ["line 2 has 3 column", "expected 2"]),
    (b"x\n1\nnan\n", ["line 3, column 1", "'nan'"]),
    (b"x\n1\n-inf\n", ["line 3, column 1", "'-inf'"]),
    (b"x\n1\n\n3\n", ["line 3 is blank"]),
    (b"x\n1_000\n", ["line 2, column 1", "'1_000'"]),
    (b"1,two\n", ["line 1, column 2", "'two'"]),
    (b"x,y\n", ["0 rows"]),
    (b"\n\n", ["no rows"]),
    (b"x,x\n1,2\n", ["two columns", "'x'"]),
    (b",x\n0,1\n", ["column 1 has no name"]),
    (b"1;2\n3;4\n", ["line 1, column 1", "'1;2'", "commas"]),
    (b"1.O\n2\n", ["line 1, column 1", "'1.O'"]),
    (b"x;y\n1,5;2\n", ["line 2 has 2 column"]),
    (b"x\n1\n\xff\n", ["line 3", "0xff", "UTF-8"]),
    ("x\n1\n".encode("utf-16"), ["line 1", "UTF-8"]),
    (b'x\n"1\n', ["line"]),
    (b"x\n" + b"9" * 200_000, ["line 2"]),
    (b"x\n" + b"9" * 400, ["line 2, column 1", "…"]),
    (b"x\n\x1b[31m\n", [r"\x1b[31m"]),
])  # fmt: skip
def test_bad_csv_names_line_and_column(tmp_path: Path, text: bytes, parts: list[str]) -> None:
    refused(written(tmp_path / "x.csv", text), *parts)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_named(tmp_path: Path, bad: float) -> None:
    array = np.zeros((3, 2))
    array[1, 0] = bad
    refused(written(tmp_path / "x.npy", npy(array)), "[1, 0]", str(bad))
    refused(written(tmp_path / "w.npz", npz(good=np.ones(2), W=array)), "W: entry [1, 0]", str(bad))
    refused(written(tmp_path / "w.safetensors", save({"W": array})), "W: entry [1, 0]", str(bad))


@pytest.mark.parametrize("array", [
    np.array([True]), np.array([1j]), np.array(["1"]), np.array([0], dtype="M8[s]"),
    np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), np.zeros((0, 3)), np.zeros((3, 0)),
])  # fmt: skip
def test_arrays_that_are_not_real_numbers(tmp_path: Path, array: np.ndarray) -> None:
    refused(written(tmp_path / "x.npy", npy(array)), "expected real" if array.size else "no entries")
    refused(written(tmp_path / "w.npz", npz(key=array)), "key")


@pytest.mark.parametrize("shape", [(), (2, 2, 2, 2)])
def test_a_sequence_has_two_or_three_axes(tmp_path: Path, shape: tuple[int, ...]) -> None:
    refused(written(tmp_path / "x.npy", npy(np.ones(shape))), f"shape {shape}", "(T, m)")


# Attacks


class Bomb:
    """A pickle of this, once loaded, says so."""

    loaded = False

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return exec, ("import tests_readers_bomb_went_off",)


def test_a_pickle_is_never_loaded_whatever_it_is_called(tmp_path: Path) -> None:
    import pickle

    bomb = np.array([Bomb()], dtype=object)
    refused(written(tmp_path / "x.npy", npy(bomb, pickled=True)), "Python objects")
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("a.npy", npy(bomb, pickled=True))
    refused(tmp_path / "w.npz", "a", "Python objects")
    for suffix in sorted(READERS):
        refused(written(tmp_path / f"p{suffix}", pickle.dumps(Bomb())))


def npy_claiming(shape: str, descr: str = "'<f8'") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


@pytest.mark.parametrize(
    "shape", ["(10**12,)", "(1000000000000,)", "(-1,)", "(True, 9)", "(1,)*70", "(((((", "(2, 'a')"]
)
def test_absurd_npy_headers_allocate_nothing(tmp_path: Path, shape: str) -> None:
    refused(written(tmp_path / "x.npy", npy_claiming(shape)))
    refused(written(tmp_path / "y.npy", npy_claiming("(1,)", descr="()")), "corrupt")
    refused(written(tmp_path / "z.npy", npy_claiming("(" + "1," * 40 + ")") + bytes(8)), "40 axes")


@pytest.mark.parametrize("data", [
    tensors(b"{}", length=2**63), tensors(b"{}", length=2**64 - 1), tensors(b"{}", length=10**9),
    tensors({"a": {"dtype": "F64", "shape": [2**40, 2**40], "data_offsets": [0, 8]}}, bytes(8)),
    tensors({"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}}, bytes(8)),
    tensors({"a": {"dtype": "F64", "shape": [-1], "data_offsets": [0, 8]}}, bytes(8)),
    tensors({"a": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]}}, bytes(1)),
    tensors({"a": {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]}}),
    tensors({"a": {"dtype": "F64", "shape": [1] * 40, "data_offsets": [0, 8]}}, bytes(8)),
    tensors({}), tensors(b"{" * 5000), b"1234567", b"12345678", b"\0" * 64,
])  # fmt: skip
def test_absurd_safetensors_headers(tmp_path: Path, data: bytes) -> None:
    refused(written(tmp_path / "w.safetensors", data))


def test_zip_bombs_strange_members_and_duplicates(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(10**6))
    data = (tmp_path / "w.npz").read_bytes()
    claim = data.replace(struct.pack("<I", 10**6), struct.pack("<I", 2**31))
    assert claim != data
    refused(written(tmp_path / "bomb.npz", claim), "at most")
    lie = data.replace(struct.pack("<I", 10**6), struct.pack("<I", 1000))
    refused(written(tmp_path / "lie.npz", lie))
    for names, part in ((["readme.txt"], "readme.txt"), (["a.npy", "a.npy"], "twice"), ([], "no arrays")):
        with zipfile.ZipFile(tmp_path / "s.npz", "w") as archive:
            for name in names:
                with warnings.catch_warnings(action="ignore"):
                    archive.writestr(name, npy(np.ones(2)))
        refused(tmp_path / "s.npz", part)


# Anything at all

GOOD = {
    ".csv": b"x,y\n1,2\n3,4\n",
    ".npy": npy(np.arange(6.0).reshape(3, 2)),
    ".npz": npz(a=np.arange(6.0), b=np.ones((2, 2))),
    ".safetensors": save({"a": np.arange(6.0), "b": np.ones((2, 2))}),
}


def harmless(path: Path, data: bytes) -> None:
    """Reading gives finite float64 or one line."""
    written(path, data)
    try:
        found = READERS[path.suffix].read(path)
    except InputError as error:
        assert str(error).isprintable()
        return
    for array in found.values() if isinstance(found, dict) else [found.values]:
        assert array.dtype == np.float64 and array.size and np.isfinite(array).all()


@pytest.mark.parametrize("suffix", sorted(READERS))
@given(data=st.binary(max_size=300))
@fuzz
def test_random_bytes(tmp_path: Path, suffix: str, data: bytes) -> None:
    harmless(tmp_path / f"x{suffix}", data)


@pytest.mark.parametrize("suffix", sorted(READERS))
@given(data=st.data())
@fuzz
def test_good_files_cut_short_or_with_some_bytes_changed(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    """Far more of these get past the first check than random bytes do."""
    raw = bytearray(GOOD[suffix])
    for _ in range(data.draw(st.integers(0, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    harmless(tmp_path / f"x{suffix}", bytes(raw[: data.draw(st.integers(0, len(raw)))] or raw))


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_truncation_is_refused(tmp_path: Path, suffix: str) -> None:
    if suffix == ".csv":  # a shorter text is a text
        return
    for length in range(1, len(GOOD[suffix])):
        refused(written(tmp_path / f"x{suffix}", GOOD[suffix][:length]))


HEADER = st.text(alphabet="{}'():,<>|fOiV83210 descrfortran_orderFalseshapeTrue\\\n\0[]lambda", max_size=120)


@given(text=HEADER, version=st.sampled_from([b"\1\0", b"\2\0", b"\3\0"]))
@fuzz
def test_random_npy_headers(tmp_path: Path, text: str, version: bytes) -> None:
    raw = text.encode()
    length = struct.pack("<H" if version == b"\1\0" else "<I", len(raw))
    harmless(tmp_path / "x.npy", b"\x93NUMPY" + version + length + raw + bytes(16))


@given(text=st.text(max_size=200))
@fuzz
def test_random_text_as_csv(tmp_path: Path, text: str) -> None:
    harmless(tmp_path / "x.csv", text.encode("utf-8", "surrogatepass"))


def plain_json(depth: int) -> st.SearchStrategy[object]:
    leaf = (
        st.none() | st.integers(-5, 2**70) | st.sampled_from(["F64", "BF16", "F8_E4M3", "dtype", "汉"]) | st.booleans()
    )
    return st.recursive(
        leaf, lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=6), x), max_leaves=depth
    )


@given(dtype=plain_json(3), shape=plain_json(6), offsets=plain_json(4), name=st.text(max_size=8))
@fuzz
def test_random_safetensors_headers(tmp_path: Path, dtype: object, shape: object, offsets: object, name: str) -> None:
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
    harmless(tmp_path / "x.safetensors", tensors({name: entry}, bytes(16)))
