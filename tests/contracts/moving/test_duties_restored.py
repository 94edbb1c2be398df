"""Rights, receipts, ledger and audit record come through backup and restore, and still count."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.auditing.entries import AuditEntry
from app.domain.people.rights import Consent, Rights
from app.protection.master_key import MasterKey
from app.protection.receipt_keys import ReceiptSigner
from app.services.auditing.reading import Audit
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.duties.receipts import Receipts
from app.services.gallery.erasure import Erasure
from app.services.keys import LOCAL
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import NOON, Samples
from tests.contracts.moving.test_backup import Installation, silent

KEY = MasterKey([bytes(32)])
CONSENT = Consent("consent", "form 7", NOON, None, None, NOON, "local")


def receipts_of(made: Installation) -> Receipts:
    """Sign, mark and erase as a server of that installation does."""
    made.storage.seal_with(KEY)
    receipts = Receipts(made.storage, ReceiptSigner(KEY))
    follower = made.erasure._follower
    made.erasure = Erasure(made.storage, made.images, follower, made.ledgers, receipts)
    return receipts


def record(storage: SqlStorage, action: str) -> None:
    with storage.append_audit() as audit:
        audit.append([AuditEntry(NOON, action, "done")])


def faults(storage: SqlStorage) -> list[object]:
    trail = AuditTrail(storage)
    return list(Audit(storage, trail, Refusals(trail)).verify().faults)


@pytest.fixture
def installation(database: str, tmp_path: Path, samples: Samples) -> Iterator[Installation]:
    """Ada with two faces, and Bob."""
    with closing(Installation(database, tmp_path / "images")) as made:
        samples.fill(made.storage, faces=0)
        for seed in range(2):
            made.enrol(samples, seed)
        yield made


@pytest.fixture
def target(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    """An empty installation that finds the same copies of ledgers."""
    path = tmp_path / "target.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(Installation(f"sqlite:///{path}", tmp_path / "target-images")) as made:
        yield made


def test_duties_go_on_in_a_restored_installation(
    installation: Installation, target: Installation, tmp_path: Path
) -> None:
    at = datetime.now(UTC)
    recorded = {
        "sub-Ada": Rights(consent=CONSENT, restricted_at=NOON),
        "sub-Bob": Rights(keep_until=at + timedelta(days=1)),
    }
    before = receipts_of(installation)
    with installation.storage.write() as uow:
        for subject, rights in recorded.items():
            uow.rights.put("col-staff", subject, rights)
    first = installation.erasure.faces_of("staff", "sub-Ada").receipt_id
    record(installation.storage, "erase-faces")
    installation.backups.take(tmp_path / "backup", silent)
    installation.erasure.subject("staff", "sub-Bob")

    target.backups.restore(tmp_path / "backup", silent)
    after = receipts_of(target)
    with target.storage.read() as uow:
        assert uow.rights.get("sub-Ada") == recorded["sub-Ada"]
        assert uow.rights.barred(["sub-Ada"], at) == {"sub-Ada"}
        assert uow.rights.get("sub-Bob") == Rights()  # erased since, by the ledger
        assert uow.ledger.erased_subjects(["sub-Bob"]) == {"sub-Bob"}
    assert first is not None
    kept = after.get(LOCAL, first)
    assert kept == before.get(LOCAL, first)
    assert after.is_genuine(kept.key_id, kept.signature, kept.content.encode())
    second = target.erasure.subject("staff", "sub-Ada").receipt_id
    assert second is not None
    signed = after.get(LOCAL, second)
    assert (signed.key_id, json.loads(signed.content)["erased"]) == (kept.key_id, "subject")
    assert before.is_genuine(signed.key_id, signed.signature, signed.content.encode())
    assert faults(target.storage) == []
    record(target.storage, "erase-subject")
    assert faults(target.storage) == []
    target.storage.seal_with(MasterKey([bytes(range(32))]))
    assert faults(target.storage) != []
