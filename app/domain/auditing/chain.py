"""The chain of the audit record, and its check."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.auditing.entries import AuditEntry, AuditHead, AuditRecord

CUT = "cut-audit"
"""The action by which the oldest entries go: its entry says up to which, and that one's hash."""
DISTRUST = "distrust-audit"
"""The action of an entry that says up to which entry the record had no mark, or a wrong one."""
FIRST_HASH = hashlib.sha256(b"facet audit").hexdigest()
"""What the first entry of a chain is chained to."""
_MOST_FAULTS = 100
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A place where the chain is not as it was written."""

    kind: Literal["changed", "missing", "added", "unmarked"]
    first: int
    last: int
    what: str


def canonical(content: Mapping[str, Any]) -> str:
    """JSON that is the same wherever it is written: ASCII, keys in order, no spaces."""
    return _JSON.encode(content)


def chained(before: str, content: str) -> str:
    """The hash of an entry behind another one's."""
    return hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()


def chain(entries: Sequence[AuditEntry], head: AuditHead) -> list[AuditRecord]:
    """The entries as they come behind the head."""
    records = []
    seq, last = head.seq, head.hash
    for entry in entries:
        seq += 1
        fields = entry.content(seq)
        content = canonical(fields)
        last = chained(last, content)
        records.append(AuditRecord(seq, content, last, fields))
    return records


class ChainCheck:
    """Takes entries in the order of their numbers, and finds what is not as it was written.

    A chain may begin behind entries that were cut off, if a later entry of it says so.
    """

    def __init__(self) -> None:
        self.entries = 0
        self.first = self.last = 0
        self.cut_by: int | None = None
        """The entry that says why the record does not begin with number one."""
        self.more_faults = 0
        """Faults beyond those that are told."""
        self.faults: list[AuditFault] = []
        self._hash = FIRST_HASH
        self._beginning: AuditRecord | None = None
        """The first entry, while nothing has said why it is not number one."""

    def take(self, record: AuditRecord) -> None:
        """Check the next entry."""
        self.entries += 1
        content = _read(record)
        if content is None:
            self._changed(record.seq, "it does not say what its columns say")
        if self.entries == 1:
            self.first = record.seq
            if record.seq != 1:
                self._beginning = record
            else:
                self._link(record, 0)
        elif record.seq != self.last + 1:
            self._missing(self.last + 1, record.seq - 1)
        else:
            self._link(record, self.last)
        self.last, self._hash = record.seq, record.hash
        if content is not None and content["action"] == CUT:
            self._take_cut(content["details"])
        if content is not None and content["action"] == DISTRUST:
            self._unmarked(record.seq - 1)

    def finish(self, head: AuditHead | None, *, genuine: bool = True) -> None:
        """Compare the end with what was written last, and whose mark is `genuine` or not."""
        if self._beginning is not None:
            self._missing(1, self._beginning.seq - 1)
        if head is None:
            return self._fault(AuditFault("missing", 0, 0, "the record of the last entry is gone"))
        if self.last < head.seq:
            self._missing(self.last + 1, head.seq)
        elif self.last > head.seq:
            what = "nobody wrote them: the last entry is another one"
            self._fault(AuditFault("added", head.seq + 1, self.last, what))
        elif self._hash != head.hash:
            self._changed(self.last, "it is not the entry that was written last")
        if not genuine:
            self._unmarked(head.seq)

    def _link(self, record: AuditRecord, before: int) -> None:
        if chained(self._hash, record.content) != record.hash:
            behind = f" or entry {before}" if before else ""
            self._changed(record.seq, f"it{behind} was changed, or they were put in another order")

    def _take_cut(self, details: Mapping[str, Any]) -> None:
        beginning = self._beginning
        if beginning is None or details.get("through") != beginning.seq - 1:
            return
        if chained(str(details.get("hash")), beginning.content) != beginning.hash:
            self._changed(beginning.seq, "it does not follow the entries that were cut off")
        self._beginning, self.cut_by = None, self.last

    def _changed(self, seq: int, what: str) -> None:
        self._fault(AuditFault("changed", seq, seq, what))

    def _missing(self, first: int, last: int) -> None:
        self._fault(AuditFault("missing", first, last, "nothing says that they were cut off"))

    def _unmarked(self, seq: int) -> None:
        what = "it, or one before, was written by somebody without the master key"
        self._fault(AuditFault("unmarked", seq, seq, what))

    def _fault(self, fault: AuditFault) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1


def _read(record: AuditRecord) -> dict[str, Any] | None:
    """The content, if it is one that was written under that number with these columns."""
    try:
        content = json.loads(record.content)
        same = content["seq"] == record.seq and isinstance(content["details"], dict)
        same = same and all(content[name] == value for name, value in record.columns.items())
        same = same and isinstance(content["action"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return content if same else None
