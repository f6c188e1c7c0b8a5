"""What Coq says of every theorem: its statement, and the axioms that it rests on.

``record.py MODULE …`` compares with what is committed, ``record.py --write MODULE …`` writes it anew.  The record is read
by ``verify/theorem.py``; a theorem's sentence in plain words is the comment ``(** … *)`` above it.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

PROOFS = Path(__file__).resolve().parent
RECORD = PROOFS.parent / "verify" / "theorems" / "record.json"
ASSUMPTIONS = PROOFS / "assumptions.txt"
# The axioms by which Coq's own library defines the real numbers, and none beside them.
ALLOWED = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
HEADER = """\
# The axioms that the theorems rest on, by Print Assumptions. Those named are of Coq's own library, for its real numbers.
"""
THEOREM = re.compile(r"\(\*\* (?P<about>(?:(?!\*\)).)*?) \*\)\n\s*Theorem (?P<name>\w+)", re.DOTALL)
Entry = dict[str, Any]


def theorems(module: str) -> dict[str, str]:
    """By name, the sentence above it; ValueError for a theorem without one."""
    source = (PROOFS / f"{module}.v").read_text(encoding="utf-8")
    found = {match["name"]: " ".join(match["about"].split()) for match in THEOREM.finditer(source)}
    missing = set(re.findall(r"^\s*Theorem (\w+)", source, re.MULTILINE)) - found.keys()
    if missing:
        raise ValueError(f"{module}.v: no comment (** … *) directly above {', '.join(sorted(missing))}")
    return found


def question(module: str, names: list[str]) -> str:
    """A Coq file that asks for the statement and the assumptions of each, with the notations of the module."""
    source = (PROOFS / f"{module}.v").read_text(encoding="utf-8")
    setting = re.findall(r"^(?:From|Require|Import|Local Open Scope|Open Scope)\b.*$", source, re.MULTILINE)
    lines = [*setting, f"From Bptt Require Import {module}.", "Set Printing Width 100."]
    for name in names:
        lines.append(f'Goal True. idtac "#{name}". Abort. Check @{module}.{name}.')
        lines.append(f'Goal True. idtac "##". Abort. Print Assumptions {module}.{name}.')
    return "\n".join([*lines, ""])


def answered(text: str) -> str:
    """What Coq prints when it reads the text; RuntimeError with its message where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "question.v"
        file.write_text(text, encoding="utf-8")
        asked = ["coqc", "-q", "-w", "none", "-R", str(PROOFS), "Bptt", str(file)]
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout


def entries(module: str) -> list[Entry]:
    """The record's entries of one module, in the order of its file."""
    about = theorems(module)
    if not about:
        return []
    parts = re.split(r"^#", answered(question(module, list(about))), flags=re.MULTILINE)[1:]
    found = []
    for said, assumed in zip(parts[::2], parts[1::2], strict=True):
        name, _, printed = said.partition("\n")
        entry = {"name": f"{module}.{name}", "file": f"{module}.v", "statement": statement(printed), "about": about[name]}
        found.append({**entry, "assumptions": axioms(assumed)})
    return found


def statement(printed: str) -> str:
    """From ``@name : statement``, as ``Check`` prints it, the statement alone."""
    after = printed.split(":", 1)[1]
    return textwrap.dedent(" " * 6 + after).strip()


def axioms(printed: str) -> list[str]:
    """From what ``Print Assumptions`` prints, the names; RuntimeError for one that is not allowed."""
    if "Closed under the global context" in printed:
        return []
    found = sorted(set(re.findall(r"^([\w.]+)\s*(?:$|:)", printed, re.MULTILINE)) - {"Axioms"})
    if not found or set(found) - ALLOWED:
        raise RuntimeError(f"not among the axioms of the real numbers:\n{printed}")
    return found


def differences(path: Path, fresh: str) -> list[str]:
    """The lines by which a committed file differs from what it should be."""
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(committed.splitlines(), fresh.splitlines(), f"{path.name}, committed", "now", lineterm="")
    return list(lines)


def main() -> None:
    """Exits with the differences, if there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what is committed anew")
    parser.add_argument("modules", nargs="+", metavar="MODULE")
    asked = parser.parse_args()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [entry for of_one in pool.map(entries, asked.modules) for entry in of_one]
    record = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    assumed = "".join(f"{entry['name']}: {', '.join(entry['assumptions']) or 'none'}\n" for entry in found)
    files = {RECORD: record, ASSUMPTIONS: HEADER + assumed}
    if asked.write:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    changed = [line for path, text in files.items() for line in differences(path, text)]
    sys.exit("\n".join(changed) if changed else None)


if __name__ == "__main__":
    main()
