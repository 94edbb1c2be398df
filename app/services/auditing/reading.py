"""The audit record as it is looked at, copied out and checked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.auditing.chain import AuditFault, ChainCheck
from app.domain.auditing.entries import AuditFilter, AuditHead, AuditRecord
from app.domain.errors.requests import InvalidRequestError
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.keys import Principal
from app.services.ports import Storage

_BATCH = 1_000


class Audit:
    """Shows what has been recorded, and checks that it is whole."""

    def __init__(self, storage: Storage, trail: AuditTrail, refusals: Refusals) -> None:
        self._storage = storage
        self.trail = trail
        self.refusals = refusals

    def list(
        self,
        caller: Principal,
        wanted: AuditFilter,
        *,
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[AuditRecord]:
        """List the newest first; a bound key's collection alone. Looking is recorded as well."""
        if caller.collection_id is not None:
            wanted = replace(wanted, collection_id=caller.collection_id)
        with self.trail.doing("read-audit", collection=wanted.collection) as doing:
            doing.collection_id, doing.subject_id = wanted.collection_id, wanted.subject
            with self._storage.read() as uow:
                return uow.audit.list(wanted, before=before, limit=limit)

    def export(self, wanted: AuditFilter | None = None) -> Iterator[AuditRecord]:
        """Give every entry, or those wanted, the oldest first, as of one moment."""
        with self.trail.doing("export-audit") as doing:
            doing.outcome = "begun"
        with self._storage.read() as uow:
            yield from uow.audit.scan(batch=_BATCH, wanted=wanted)

    def head(self) -> AuditHead | None:
        """The last entry: to be noted elsewhere, so that later nobody can write another past."""
        with self._storage.read() as uow:
            return uow.audit.head()

    def verify(self, noted: AuditHead | None = None) -> ChainCheck:
        """Read the whole record and say where it is not as it was written.

        `noted` is an entry's number and hash from before; the record has to hold it still, unless
        it has been cut off since.
        """
        check = ChainCheck()
        found: str | None = None
        with self._storage.read() as uow:
            for record in uow.audit.scan(batch=_BATCH):
                check.take(record)
                if noted is not None and record.seq == noted.seq:
                    found = record.hash
            head = uow.audit.head()
            check.finish(head, genuine=head is None or uow.audit.is_genuine(head))
        if noted is not None and found != noted.hash:
            _compare(check, noted, found)
        return check


def parsed_head(text: str) -> AuditHead:
    """The head that was noted as `NUMBER:HASH`. Raises InvalidRequestError."""
    seq, _, digest = text.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 19 and len(digest) == 64):
        raise InvalidRequestError(
            "A noted entry is its number, a colon and its hash.",
            hint="`facet audit verify` tells it as `head`.",
        )
    return AuditHead(int(seq), digest)


def _compare(check: ChainCheck, noted: AuditHead, found: str | None) -> None:
    if found is None and noted.seq < check.first:
        return  # cut off since, as the chain itself says or the check has found
    what = "it is not there" if found is None else "its hash is another one"
    kind = AuditFault("changed", noted.seq, noted.seq, f"{what} than the one that was noted")
    check.faults.append(kind)
