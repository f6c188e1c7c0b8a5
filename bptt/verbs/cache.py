"""``bptt cache``: the answers that are kept."""

from __future__ import annotations

import argparse

from bptt import screen
from bptt.cache.folder import OFF, VARIABLE, folder

HELP = "say where answers are kept, so that the same command is not computed twice; or remove them"
EXAMPLE = f"""bptt cache --clear

An answer is kept under a hash of everything that it depends on: the words, the files they name, our own sources, the
libraries, Python, the machine. It is text, is never executed, and says on stderr when it was computed. Nothing is kept
of what writes files or runs a program of yours.

--no-cache                  computes it again, and keeps nothing
{VARIABLE}={OFF}, or a folder   for a whole session; otherwise bptt in $XDG_CACHE_HOME, or ~/.cache"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clear", action="store_true", help="remove all answers")
    parser.add_argument(
        "--json", action="store_true",
        help='print {"folder", "answers", "bytes", "most", "removed"} and nothing else; "folder" is null for none',
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from bptt.cache.store import MOST, Store

    where = folder()
    removed = Store(where).clear() if where and arguments.clear else 0
    sizes = [status.st_size for _, status in Store(where).files()] if where else []
    if arguments.json:
        import json

        found = {
            "folder": where and str(where), "answers": len(sizes), "bytes": sum(sizes), "most": MOST,
            "removed": removed,
        }  # fmt: skip
        screen.write(json.dumps(found, indent=2) + "\n")
        return 0
    lines = [f"folder   {screen.one_line(str(where))}" if where else "nothing is kept"]
    lines += [f"removed  {removed}"] if arguments.clear else []
    lines += [f"answers  {len(sizes)}, {sum(sizes) / 1e6:.1f} MB of at most {MOST / 1e6:.0f} MB"] if where else []
    screen.write("\n".join(lines) + "\n")
    return 0
