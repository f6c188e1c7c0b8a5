"""The wrong statements of ``wrong/`` must be refused, each by the very script that proves the right one beside it.

A file has ``Theorem control`` and ``Theorem wrong``, both with ``Proof. script. Qed.``.  Coq reads the file in order,
so an error in the second proof says that the first went through, and that both statements make sense.
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coq import PROOFS, read

PROOF = "Proof. script. Qed."
# What Coq says when a tactic does not prove a goal; a misspelt name or a missing file is said otherwise.
REFUSALS = (
    "Unable to unify",
    "Tactic failure",
    "Found no subterm matching",
    "No matching clauses for match",
    "does not match any subterm",
    "annot unify",
    "while it is expected to have type",
    "No applicable tactic",
)


def complaint(file: Path) -> str:
    """Why the file is no example of a wrong statement that is refused; empty when it is one."""
    lines = file.read_text(encoding="utf-8").splitlines()
    proofs = [number for number, line in enumerate(lines, start=1) if line == PROOF]
    stated = [line.split()[1] for line in lines if line.startswith("Theorem ")]
    if stated != ["control", "wrong"] or len(proofs) != 2:
        return f"{file.name}: not a Theorem control and a Theorem wrong, both with {PROOF}"
    ran = read(file)
    if not ran.returncode:
        return f"{file.name}: the wrong statement is proved"
    said = ran.stderr
    where = re.search(r", line (\d+), characters", said)
    if where is None or int(where[1]) != proofs[1]:
        return f"{file.name}: the error is not in the wrong statement's proof\n{said}"
    if not any(kind in " ".join(said.split()) for kind in REFUSALS):
        return f"{file.name}: an error of another kind\n{said}"
    return ""


def main() -> None:
    """Exits with all complaints, if there are any."""
    files = [Path(name) for name in sys.argv[1:]] or sorted((PROOFS / "wrong").glob("*.v"))
    if not files:
        sys.exit("there is no wrong statement")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [said for said in pool.map(complaint, files) if said]
    sys.exit("\n".join(complaints) if complaints else None)


if __name__ == "__main__":
    main()
