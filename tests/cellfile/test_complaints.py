"""Every mistake gets one line: the place, the offender, the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.cell import Cell
from derive.cellfile.reader import read_cell
from derive.errors import InputError
from tests.cellfile.reading import SMALL, changed, complaint, function, last_equation, place, read

# the equation of h, where in the file the complaint points, the offender in it, the mend
EQUATIONS: dict[str, tuple[str, str, str, str]] = {
    "an import": ("h = __import__('os').system('id')", "20:5", "'__import__('os').system('id')'", ".T, h[t-1]"),
    "a call of an import": ("h = __import__('os')", "20:5", "no function '__import__'", "known are tanh"),
    "attribute access": ("h = z + h.__class__", "20:9", "'h.__class__' has no meaning", ".T"),
    "an attribute of an attribute": ("h = W.T.real @ z", "20:5", "'W.T.real'", ".T"),
    "a name used before its equation": ("h = c + z\nc = z", "20:5", "'c' is used before its equation in line 21", "up"),
    "the state of now": ("h = tanh(h)", "20:10", "'h' is used before its equation", "h[t-1]"),
    "two steps ago": ("h = h[t-2] + z", "20:5", "'h[t-2]' is neither t nor t-1", "one before"),
    "the past of what is no state": ("h = z[t-1]", "20:5", "z is not a state", "under [states]"),
    "the time of a parameter": ("h = W[t] @ z", "20:5", "a parameter has no time", "write W"),
    "a past value is set": ("h[t-1] = z", "20:1", "'h[t-1]' is set, but it is past", "time t"),
    "shapes that cannot be added": ("h = z + x", "20:5", "'z' (n×1) and 'x' (m×1) do not fit", "same shape"),
    "shapes that cannot be multiplied": ("h = z + W @ x", "20:9", "'W' (n×n) and 'x' (m×1)", "as many columns"),
    "@ for *": ("h = z @ z", "20:5", "'z' (n×1) and 'z' (n×1)", "write * for"),
    "* for @": ("h = V * x + z", "20:5", "'V' (n×m) and 'x' (m×1)", "write @ for"),
    "a transpose is missing": ("h = W @ (V @ z)", "20:10", "'V' (n×m) and 'z' (n×1)", "V.T"),
    "a state of the wrong shape": ("h = x", "20:1", "'h' is n×1, but its equation gives m×1", "shape"),
    "a matrix as a quantity of the step": ("A = W + W.T\nh = A @ z", "20:1", "'A' is n×1, but", "where it is used"),
    "a softmax of a matrix": ("h = softmax(W) @ z", "20:5", "'softmax(W)'", "column"),
    "a bare number": ("h = 2 + 3", "20:5", "'2 + 3' is a number", "ones(n)"),
    "an unknown name": ("h = w @ z", "20:5", "there is no 'w'", "declare it under [parameters]"),
    "a misspelt name": ("zeta = z\nh = zet + zeta", "21:5", "there is no 'zet'", "did you mean 'zeta'"),
    "a misspelt function": ("h = sigmod(z)", "20:5", "there is no function 'sigmod'", "did you mean 'sigmoid'"),
    "a function as a quantity": ("h = tanh", "20:5", "'tanh' is a function", "tanh(…)"),
    "a size as a quantity": ("h = n * z", "20:5", "'n' is a size", "quantity"),
    "an equation twice": ("h = z\nh = z", "21:1", "two equations, the first in line 20, column 1", "once"),
    "a parameter is set": ("W = z", "20:1", "two things have the name 'W', the other in line 10, column 1", "rename"),
    "a state never updated": ("u = z", "4:1", "the state 'h' is never updated", "h = …"),
    "a quantity without use": ("u = z\nh = z", "20:1", "'u' is never used", "drop it"),
    "a stacked column": ("h = W @ [z]", "20:9", "'[z]'", "W_h @ h[t-1] + W_x @ x"),
    "a division by zero": ("h = z / 0", "20:5", "'z / 0' divides by zero", "another number"),
    "a tower of powers": ("h = 9**9**9 * z", "20:5", "'9**9**9' is not a power", "up to 8"),
    "a large power": ("h = z**9", "20:5", "'z**9' is not a power", "up to 8"),
    "powers of powers": ("h = ((z**8)**8)**8", "20:6", "more than 16 factors", "its own equation"),
    "a number that grows": ("h = (9**8)**8 * z", "20:5", "too many digits", "200 bits"),
    "a number with a huge exponent": ("h = 1e999999999 * z", "20:5", "'1e999999999'", "1e-3"),
    "a number of 1500 digits": (f"h = {'9' * 1500} * z", "20:5", "'99999", "1e-3"),
    "a hexadecimal number": ("h = 0x10 * z", "20:5", "'0x10'", "write a number such as"),
    "a complex number": ("h = 1j * z", "20:5", "'1j'", "write a number such as"),
    "a truth value": ("h = True * z", "20:5", "'True'", "write a number such as"),
    "a string": ("h = 'abc'", "20:5", "'abc'", "write a number such as"),
    "an f-string": ("h = f'{z}'", "20:5", "f'{z}'", ".T"),
    "a lambda": ("h = lambda: z", "20:5", "'lambda: z'", ".T"),
    "a comprehension": ("h = (z for z in z)", "20:5", "'(z for z in z)'", ".T"),
    "a walrus": ("h = (y := z)", "20:6", "'y := z'", ".T"),
    "a comparison": ("h = z < z", "20:5", "'z < z'", ".T"),
    "a boolean": ("h = z and z", "20:5", "'z and z'", ".T"),
    "a condition": ("h = z if z else z", "20:5", "'z if z else z'", ".T"),
    "a starred argument": ("h = tanh(*z)", "20:10", "'*z'", ".T"),
    "a keyword argument": ("h = tanh(z, out=z)", "20:5", "'tanh(z, out=z)'", ".T"),
    "two arguments": ("h = tanh(z, z)", "20:5", "has 2 arguments", "takes one"),
    "an index": ("h = z[0]", "20:5", "the index in 'z[0]'", "one before"),
    "an unknown operator": ("h = z // 2", "20:5", "'z // 2'", "+ - * / @ **"),
    "a statement": ("import os", "20:1", "'import os'", "name = expression"),
    "a chain of =": ("h = z = z", "20:1", "'h = z = z'", "name = expression"),
    "an augmented equation": ("h += z", "20:1", "'h += z'", "name = expression"),
    "two equations in a line": ("u = z; h = u", "20:8", "'h = u'", "one equation a line"),
    "an open bracket": ("h = tanh(z", "20:9", "'(' is never closed", "balance"),
    "a closed bracket": ("h = z)", "20:6", "')' closes nothing", "balance"),
    "brackets of two kinds": ("h = (z]", "20:7", "']' closes nothing", "balance"),
    "half a sum": ("h = z +", "20:8", "something is missing", "name = expression"),
    "two names side by side": ("h = z z", "20:7", "'z' cannot stand here", "name = expression"),
    "in the third line of an equation": ("h = (z\n     +\n  z * x)", "22:3", "'z' (n×1) and 'x' (m×1)", "same"),
    "after a comment with accents": ("# é ü φ\nh = z + x  # φ", "21:5", "'z' (n×1) and 'x' (m×1)", "same"),
    "an indented equation": ("\t  h = z + x", "20:8", "'z' (n×1) and 'x' (m×1)", "same shape"),
    "a Greek letter": ("h = φ(z)", "20:5", "'φ' has no meaning", "the letter's name, phi"),
    "a typeset minus": ("h = z − z", "20:7", "'−' has no meaning", "write -"),
    "a look-alike letter": ("h = ｔanh(z)", "20:5", "'ｔ' has no meaning", "plain ASCII"),
    "a line separator": ("h = z\u2028", "20:6", "'\\u2028' has no meaning", "plain ASCII"),
    "a null character": ("h = z\x00", "20:6", "Illegal character '\\x00'", "texts stand in quotes"),
    "a backslash": ("h = z \\\n  + z", "20:7", "a backslash has no meaning", "write the character itself"),
    "a deep nest": (f"h = {'(' * 9000}z{')' * 9000}", "20:30", "brackets nest more than 25 deep", "name a part"),
    "a long chain": (f"h = {'z+' * 9000}z", "20:1", "'h = z+z+z", "by an equation of its own"),
    "many operations": (f"h = {'z+' * 200}z", "20:1", "more than 100 operations", "by an equation of its own"),
    "a chain of signs": (f"h = {'-' * 1500}z", "20:1", "more than 100 operations", "by an equation of its own"),
    "a chain of transposes": (f"h = z{'.T' * 900}", "20:1", "more than 100 operations", "by an equation of its own"),
    "a chain of words": (f"h = {'not ' * 490}z", "20:5", "'not not", ".T"),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUATIONS)
def test_a_wrong_equation(name: str) -> None:
    equation, where, offender, mend = EQUATIONS[name]
    error = complaint(last_equation(equation))
    assert place(error) == where
    assert offender in error.what and mend in error.mend


FUNCTIONS: dict[str, tuple[str, str, str, str]] = {
    "an import": ("__import__(z)", "15:9", "no function '__import__'", "the functions are exp"),
    "attribute access": ("z.__class__", "15:9", "'z.__class__'", "a formula in z"),
    "another argument": ("z + x", "15:13", "there is no 'x'", "the argument is z"),
    "a function that NumPy lacks": ("erf(z)", "15:9", "no function 'erf'", "exp, log, sqrt"),
    "a function without its argument": ("1 + tanh", "15:13", "there is no 'tanh'", "write tanh(z)"),
    "too many arguments": ("tanh(z, z)", "15:9", "takes 1 argument", "a formula in z"),
    "a number that is infinite": ("z + 1/0", "15:13", "'1/0' is not a real number", "arguments"),
    "a number that is not real": ("z * log(-1)", "15:13", "'log(-1)' is not a real number", "arguments"),
    "a tower of exponentials": ("z * exp(exp(exp(9)))", "15:17", "'exp(exp(9))' takes", "the number itself"),
    "a function of a large number": ("tanh(z / exp(10**9))", "15:18", "'exp(10**9)' takes", "the number itself"),
    "a number of 20 digits": ("z * 12345678901234567890", "15:9", "more than 18 digits", "round it"),
    "a number beyond floating point": ("z + (pi + 1e5)**64", "15:9", "holds (pi + 100000)**64", "smaller powers"),
    "a tower of powers": ("z * 9**9**9", "15:13", "the power in '9**9**9'", "up to 64"),
    "powers of powers": ("(z**64)**64", "15:9", "a power above 64", "smaller"),
    "a power that is no number": ("z**z", "15:9", "the power in 'z**z'", "exp(a * log(b))"),
    "corners of a curve": ("abs(tanh(z))", "15:9", "'abs(tanh(z))' has corners", "Piecewise"),
    "a hidden corner": ("sqrt((z**2 - 1)**2)", "15:9", "becomes 'Abs(z**2 - 1)'", "simpler"),
    "a condition on a curve": ("Piecewise((z, exp(z) > 1), (0, True))", "15:23", "'exp(z) > 1'", "straight lines"),
    "a condition with ==": ("Piecewise((z, z == 0), (0, True))", "15:23", "'z == 0'", "<, <=, > or >="),
    "a truth value for a condition": ("Piecewise((z, z), (0, True))", "15:23", "'z' is not a condition", "z > 0"),
    "no last branch": ("Piecewise((z, z > 0))", "15:19", "'(z, z > 0)' is not the branch", "(value, True)"),
    "branches in a branch": ("Piecewise((abs(z), z > 0), (0, True))", "15:19", "inside a branch", "one row"),
    "a constant": ("3", "15:9", "the derivative of bend is 0 everywhere", "learnt"),
    "a step": ("Piecewise((1, z > 0), (0, True))", "15:9", "the derivative of bend is 0 everywhere", "learnt"),
    "nothing": ("", "15:9", "not a blank", "a formula in z"),
    "two formulas": ("z; z", "15:12", "'z' has no meaning", "one equation a line"),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_wrong_function(name: str) -> None:
    formula, where, offender, mend = FUNCTIONS[name]
    error = complaint(function(formula))
    assert place(error) == where
    assert offender in error.what and mend in error.mend


# the text that is replaced, by what, where the complaint points, the offender, the mend
FILES: dict[str, tuple[str, str, str, str, str]] = {
    "no name": ('name = "small"', "", "1:1", "'name' is missing", "write name"),
    "a name that is none": ('name = "small"', 'name = "../a b"', "1:1", "'../a b' is not a name", "minimal-gated"),
    "a name that is a number": ('name = "small"', "name = 3", "1:1", "'name' is not a text", "in quotes"),
    "a title of two lines": ('name = "small"', 'name = "c"\ntitle = "a\\nb"', "2:1", "'a\\nb'", "short"),
    "an unknown key": ("[states]", 'eq = "a"\n[states]', "3:1", "no key 'eq'", "the keys are name"),
    "a misspelt key": ("[states]", 'titel = "a"\n[states]', "3:1", "no key 'titel'", "did you mean 'title'"),
    "a misspelt table": ("[parameters]", "[parameter]", "9:2", "no key 'parameter'", "did you mean 'parameters'"),
    "a misspelt key of equations": ("equations =", "equation =", "18:1", "no key 'equation'", "'equations'"),
    "no forward equations": (SMALL[SMALL.index("[forward]") :], "", "1:1", "no forward equations", "write [forward]"),
    "no equations": (SMALL[SMALL.index("equations") :], "", "17:2", "no forward equations", "equations ="),
    "two keys": ('h = "n"', 'h = "n"\nh = "n"', "5:1", "name 'h', the first in line 4, column 1", "rename"),
    "two tables": ("[inputs]", "[states]", "6:2", "name 'states', the first in line 3, column 2", "rename"),
    "an input like a state": ('x = "m"', 'h = "m"', "7:1", "name 'h', the other in line 4, column 1", "rename"),
    "a parameter like an input": ('b = "n"', 'x = "n"', "12:1", "name 'x', the other in line 7, column 1", "rename"),
    "a function like a parameter": ("bend =", "W =", "15:1", "name 'W', the other in line 10, column 1", "rename"),
    "a known function, changed": ("bend =", "tanh =", "15:1", "'tanh' is the name of a function", "another"),
    "the time": ('b = "n"', 't = "n"', "12:1", "'t' is the name of the time", "another"),
    "a word of Python": ('b = "n"', 'for = "n"', "12:1", "'for' is a word of Python", "another"),
    "a dunder": ('b = "n"', '__class__ = "n"', "12:1", "'__class__' is not a name", "ASCII"),
    "a Greek name": ('b = "n"', '"β" = "n"', "12:1", "'β' is not a name", "ASCII"),
    "an initial state": ('b = "n"', 'h_0 = "n"', "12:1", "the state h before the first step", "another"),
    "an unknown size": ('b = "n"', 'b = "k"', "12:6", "'k' has no meaning", "n (state), m (input)"),
    "a size with a minus": ('b = "n"', 'b = "n - 1"', "12:6", "'n - 1' has no meaning", "sum or product"),
    "a size of zero": ('b = "n"', "b = 0", "12:1", "not between 1 and", "a whole number"),
    "a size that is huge": ('b = "n"', 'b = "99999999*n"', "12:6", "'99999999' is too large", "2*n"),
    "a size that is a truth value": ('b = "n"', "b = true", "12:1", "no size", "a whole number"),
    "three sizes": ('["n", "m"]', '["n", "m", "m"]', "11:1", "'V' has 3 sizes", "one or two"),
    "the second size": ('["n", "m"]', '["n", "k"]', "11:12", "'k' has no meaning", "m (input)"),
    "a state that is a matrix": ('h = "n"', 'h = ["n", "n"]', "4:1", "'h' is a matrix", "one size"),
    "a state never updated": ('h = "n"', 'h = "n"\nc = "n"', "5:1", "the state 'c' is never updated", "c = …"),
    "a state never read": ("W @ h[t-1] + V", "W @ b + V", "4:1", "'h[t-1]' is never used", "visible"),
    "an unused parameter": ('b = "n"', 'b = "n"\nd = "n"', "13:1", "'d' is never used", "drop it"),
    "an unused input": ('x = "m"', 'x = "m"\nd = "m"', "8:1", "'d' is never used", "drop it"),
    "no state": ('h = "n"\n', "", "18:9", "h is not a state", "[states]"),
    "a readout of nothing": ("[states]", 'visible = "zz"\n[states]', "3:1", "'zz'", "did you mean 'z'"),
    "an output that is not read": ("[states]", 'feedback = "o"\n[states]', "3:1", "'o[t-1]' is never used", "use it"),
    "an output like a state": ("[states]", 'feedback = "h"\n[states]', "3:1", "'h', the other in line 5", "rename"),
    "an equation that is no text": ('bend = "z / (1 + abs(z))"', "bend = 3", "15:1", "not a text", "quotes"),
    "an escape in a formula": ("z / (1", "\\u007a / (1", "15:9", "a backslash", "the character itself"),
    "PyTorch's name of nothing": ("[forward]", '[pytorch]\nQ = "a"\n[forward]', "18:1", "no key 'Q'", "W, V, b"),
    "blocks that cannot be stacked": (
        "[forward]", '[pytorch]\nW = "a"\nV = "a"\n[forward]', "19:1", "'V' (n×m) cannot be stacked on", "columns"),
    "an unknown module": ("[states]", 'pytorch_module = "GPU"\n[states]', "3:1", "no module 'GPU'", "mean 'GRU'"),
    "a module without its weights": (
        "[states]", 'pytorch_module = "LSTM"\n[states]', "3:1", "4 parameter(s) 'weight_ih_l0' of n×m", "[pytorch]"),
    "a reference without a year": ("[forward]", '[[references]]\nkey = "a"\n[forward]', "17:3", "'year'", "1990"),
    "references that are no tables": ("[states]", "references = [3]\n[states]", "3:15", "a table", "[[references]]"),
    "an open quotation mark": ('name = "small"', 'name = "small', "1:14", "not TOML", "in quotes"),
    "an open text": ('h = bend(z)\n"""', "h = bend(z)", "21:1", "not TOML", "in quotes"),
    "no quotation marks": ('name = "small"', "name = small", "1:8", "not TOML", "in quotes"),
    "a nest of lists": ("[states]", f"a = {'[' * 9000}\n[states]", "3:14", "nest more than 8 deep", "take some"),
    "a nest of tables": ("[states]", f"a = {'{a=' * 9000}\n[states]", "3:32", "nest more than 8 deep", "take some"),
    "a key of many parts": ("[states]", f"a{'.a' * 9000} = 1\n[states]", "3:1", "too many parts", "one part"),
    "a number of many digits": ("[states]", f"a = {'9' * 9000}\n[states]", "3:5", "too long", "fewer digits"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file(name: str) -> None:
    old, new, where, offender, mend = FILES[name]
    error = complaint(changed(old, new))
    assert place(error) == where
    assert offender in error.what and mend in error.mend


def test_a_module_needs_the_states_that_it_has() -> None:
    """The weights of an RNN, but the readout sees an inner quantity."""
    weights = "".join(f'{ours} = "{theirs}"\n' for ours, theirs in RNN.items())
    text = changed("[forward]", f"[pytorch]\n{weights}[forward]").replace("+ b\n", "+ b + a\n")
    text = text.replace('b = "n"', 'a = "n"\nb = "n"')
    assert read(changed("[states]", 'pytorch_module = "RNN_TANH"\n[states]', text)).pytorch == RNN
    error = complaint(changed("[states]", 'pytorch_module = "RNN_TANH"\nvisible = "z"\n[states]', text))
    assert place(error) == "3:1" and "the first one seen" in error.what


RNN = {"W": "weight_hh_l0", "V": "weight_ih_l0", "b": "bias_ih_l0", "a": "bias_hh_l0"}

BYTES: dict[str, tuple[bytes, str, str]] = {
    "an empty file": (b"", "1:1", "no forward equations"),
    "not UTF-8": (b'name = "a"\nt = "\xff"', "2:6", "byte 0xff is not UTF-8"),
    "not UTF-8 after accents": ('name = "é'.encode() + b'\xff"', "1:10", "byte 0xff is not UTF-8"),
    "UTF-16": (SMALL.encode("utf-16"), "1:1", "is not UTF-8"),
    "null bytes": (b"\0" * 9, "1:1", "not TOML"),
    "line ends of Windows": (last_equation("h = z + x").replace("\n", "\r\n").encode(), "20:5", "do not fit"),
    "a byte-order mark": (b"\xef\xbb\xbfname = c", "1:8", "not TOML"),
    "an expression of 10 MB": (last_equation(f"h = {'z+' * 5_000_000}z").encode(), "20:99805", "after 100000 bytes"),
    "a nest of 10⁶": (last_equation(f"h = {'(' * 10**6}").encode(), "20:99805", "after 100000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BYTES)
def test_wrong_bytes(name: str) -> None:
    data, where, offender = BYTES[name]
    error = complaint(data)
    assert place(error) == where and offender in error.what


@pytest.mark.parametrize(
    ("path", "offender"),
    [
        ("/dev/zero", "a device or a pipe"),
        (str(Path(__file__).parent), "a directory"),
        ("/nowhere/cell.toml", "no such file"),
        ("/tmp/a\0b", "no name of a file"),
        ("/tmp/" + "a" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_file(path: str, offender: str) -> None:
    with pytest.raises(InputError) as caught:
        read_cell(Path(path))
    assert offender in caught.value.what and caught.value.mend and str(caught.value).isprintable()


ACCEPTED: dict[str, str] = {
    "the file itself": SMALL,
    "h[t] on the left": last_equation("h[t] = bend(z[t]) + 0 * z"),
    "several lines in brackets": last_equation("h = bend(\n  z   # inside\n  + z\n)"),
    "literal text": SMALL.replace('"""', "'''"),
    "tables in a line": changed('[inputs]\nx = "m"', "").replace("[states]", 'inputs = {x = "m"}\n[states]'),
    "dotted keys": changed('[inputs]\nx = "m"', "").replace("[states]", 'inputs.x = "m"\n[states]'),
    "a byte-order mark": "\ufeff" + SMALL,
    "line ends of Windows": SMALL.replace("\n", "\r\n"),
    "a size that is a number": changed('x = "m"', "x = 3").replace('["n", "m"]', '["n", 3]'),
    "a size that is a sum": changed('x = "m"', 'x = "2*m + 1"').replace('["n", "m"]', '["n", "m + 1 + m"]'),
    "λ by its name": last_equation("lambda = tanh(z)\nh = lambda * bend(z)"),
    "a known function again": changed("[forward]", 'tanh = "tanh(z)"\n[forward]'),
    "90 terms": last_equation("h = bend(z)" + " + z" * 90),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_right_is_accepted(name: str) -> None:
    """So that the complaints above are about the mistakes, not about everything."""
    assert isinstance(read(ACCEPTED[name]), Cell)
