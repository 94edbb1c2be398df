"""Copies of the ledger of erasures: a file for each installation, a JSON object a line."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, get_args

from app.domain.people.erasing import ErasedItem, ErasedKind, Installation
from models.files.locking import lock

_BATCH = 5_000
_PARENT = "restored_from"
_TAIL = 4_096
"""Bytes at a file's end in which its last whole line is looked for."""


class LedgerFiles:
    """Files in one directory, which no erasure and no loss of the data directory reaches."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def family(self, installation: str) -> list[Path]:
        """The file of an installation, and those of others that were restored from its backups,
        or from theirs, as far as there are any.
        """
        parents = {path: _restored_from(path) for path in sorted(self._directory.glob("*.jsonl"))}
        members = {installation}
        while more := {p.stem for p, parent in parents.items() if parent in members} - members:
            members |= more
        return [path for path in parents if path.stem in members]

    def follow(
        self, installation: Installation, entries: Callable[[int, int], Sequence[ErasedItem]]
    ) -> None:
        """Append what the file has not got yet: `entries` gives so many behind a place.

        It is durable when this returns. Raises OSError.
        """
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._directory / f"{installation.id}.jsonl"
        with lock(path.with_name(f".{path.name}.lock")):
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                last, whole = _last(file)
                if not whole:
                    file.write(b"\n")
                if not file.tell() and installation.restored_from is not None:
                    file.write(json.dumps({_PARENT: installation.restored_from}).encode() + b"\n")
                while page := entries(last, _BATCH):
                    file.write(b"".join(_line(one) for one in page))
                    last = page[-1].seq
                file.flush()
                os.fsync(file.fileno())

    def read(self, path: Path) -> Iterator[ErasedItem | None]:
        """The entries of a file; None for each line that is none. Raises OSError."""
        with path.open("rb") as file:
            for number, line in enumerate(file):
                if line.strip() and (number or _parent(line) is None):
                    yield _parsed(line)


def _last(file: IO[bytes]) -> tuple[int, bool]:
    """Place of the last entry in the file, 0 for none, and whether its last line is whole."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    tail = file.read()
    file.seek(0, os.SEEK_END)
    for line in reversed(tail.splitlines(keepends=True)):
        found = _parsed(line) if line.endswith(b"\n") else None
        if found is not None:
            return found.seq, tail.endswith(b"\n")
    return 0, not tail or tail.endswith(b"\n")


def _restored_from(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return _parent(file.readline(_TAIL))
    except OSError:
        return None


def _parent(line: bytes) -> str | None:
    """The installation that a file's first line says its own was restored from."""
    try:
        return str(json.loads(line)[_PARENT])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _line(item: ErasedItem) -> bytes:
    fields = {
        "seq": item.seq,
        "kind": item.kind,
        "id": item.id,
        "collection_id": item.collection_id,
        "made_at": item.made_at.isoformat(),
        "erased_at": item.erased_at.isoformat(),
    }
    return json.dumps(fields).encode() + b"\n"


def _parsed(line: bytes) -> ErasedItem | None:
    try:
        fields: dict[str, Any] = json.loads(line)
        texts = (fields["kind"], fields["id"], fields["collection_id"])
        made_at, erased_at = (datetime.fromisoformat(fields[n]) for n in ("made_at", "erased_at"))
        seq = int(fields["seq"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    sound = all(isinstance(text, str) for text in texts) and texts[0] in get_args(ErasedKind)
    sound = sound and made_at.tzinfo is not None and erased_at.tzinfo is not None
    return ErasedItem(*texts, made_at, erased_at, seq) if sound else None
