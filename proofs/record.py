"""What Coq says of every theorem: its statement, and the axioms that it rests on.

``record.py MODULE …`` compares with what is committed, ``record.py --write MODULE …`` writes it anew.  The record is
read by ``verify/theorem.py``; a theorem's sentence in plain words is the comment ``(** … *)`` above it.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from coq import PROOFS, answer

RECORD = PROOFS.parent / "verify" / "theorems" / "record.json"
ASSUMPTIONS = PROOFS / "assumptions.txt"
# The axioms by which Coq's own library defines the real numbers, and none beside them, as Print Assumptions names them.
AXIOMS = (PROOFS / "axioms.txt").read_text(encoding="utf-8").split()
ALLOWED = {".".join(axiom.split(".")[-2:]) for axiom in AXIOMS}
HEADER = """\
# The axioms that the theorems rest on, by Print Assumptions: those of Coq's own library, for its real numbers.
"""
THEOREM = re.compile(r"\(\*\* (?P<about>(?:(?!\*\)).)*?) \*\)\n *Theorem (?P<name>\w+)", re.DOTALL)
Entry = dict[str, Any]


def theorems(module: str) -> dict[str, str]:
    """By name, the sentence above it; ValueError for a theorem without one."""
    source = (PROOFS / f"{module}.v").read_text(encoding="utf-8")
    found = {match["name"]: " ".join(match["about"].split()) for match in THEOREM.finditer(source)}
    missing = set(re.findall(r"^\s*Theorem (\w+)", source, re.MULTILINE)) - found.keys()
    if missing:
        raise ValueError(f"{module}.v: no comment (** … *) directly above {', '.join(sorted(missing))}")
    return found


def setting(module: str) -> str:
    """What a Coq file starts with that asks about a module, to print with the module's own notations."""
    source = (PROOFS / f"{module}.v").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:From|Require|Import|Local Open Scope|Open Scope)\b.*$", source, re.MULTILINE)
    return "\n".join([*lines, f"From Bptt Require Import {module}.", "Set Printing Width 100.", ""])


def each(module: str, command: str, names: Iterable[str]) -> list[str]:
    """What Coq answers to the command about each of the names."""
    asked = "".join(f'Goal True. idtac "#". Abort.\n{command}{module}.{name}.\n' for name in names)
    return re.split(r"^#\n", answer(setting(module) + asked), flags=re.MULTILINE)[1:]


def assumptions(module: str, names: Sequence[str]) -> list[list[str]]:
    """The axioms of each; asking is slow, so first of all together: mostly there are none."""
    together = ", ".join(f"@{module}.{name}" for name in names)
    if not axioms(answer(f"{setting(module)}Definition every := ({together}).\nPrint Assumptions every.\n")):
        return [[] for _ in names]
    return [axioms(printed) for printed in each(module, "Print Assumptions ", names)]


def entries(module: str) -> list[Entry]:
    """The record's entries of one module, in the order of its file."""
    about = theorems(module)
    if not about:
        return []
    statements = map(statement, each(module, "Check @", about))
    assumed = assumptions(module, list(about))
    return [
        {
            "name": f"{module}.{name}",
            "file": f"{module}.v",
            "statement": said,
            "about": about[name],
            "assumptions": rests,
        }
        for name, said, rests in zip(about, statements, assumed, strict=True)
    ]


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
    old, new = committed.splitlines(), fresh.splitlines()
    return list(difflib.unified_diff(old, new, f"{path.name}, committed", "now", lineterm=""))


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
