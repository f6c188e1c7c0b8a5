"""One answer as a file: JSON that is checked field by field when it is read, and is no answer if anything is amiss."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

EXIT_CODES = (0, 1, 3)
"""Of answers.  2 is a complaint, 130 an interruption."""


@dataclass(frozen=True)
class Entry:
    """``text`` was printed, and the command ended with ``exit_code``, at ``computed`` (seconds since 1970)."""

    key: str
    computed: int
    exit_code: int
    text: str


def encoded(entry: Entry) -> bytes:
    """The entry, and a hash of it, for a disk that lies or a write that was torn."""
    fields = asdict(entry)
    return json.dumps({**fields, "digest": _digest(fields)}, ensure_ascii=True).encode()


def decoded(data: bytes, key: str) -> Entry | None:
    """The entry with that key in some bytes; None for anything else."""
    try:
        fields = json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    kinds = {"key": str, "computed": int, "exit_code": int, "text": str, "digest": str}
    if not isinstance(fields, dict) or {name: type(value) for name, value in fields.items()} != kinds:
        return None
    digest = fields.pop("digest")
    if digest != _digest(fields) or fields["key"] != key or fields["exit_code"] not in EXIT_CODES:
        return None
    return Entry(**fields) if fields["computed"] >= 0 else None


def _digest(fields: dict[str, object]) -> str:
    return sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
