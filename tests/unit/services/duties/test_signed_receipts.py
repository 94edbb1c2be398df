"""Receipts are signed, kept, and checked with the public key alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.answers.duties.receipts import SignedReceipt
from app.cli.main import app
from app.domain.errors.gallery import UnknownReceiptError
from app.domain.errors.trouble import StorageFullError
from app.domain.people.receipts import signed_text
from app.protection.master_key import MasterKey
from app.protection.receipt_keys import ReceiptSigner
from app.services.duties.receipts import Receipts
from app.services.keys import LOCAL, Principal
from app.storage.repositories.changes import SqlChangeLog
from tests.fakes.analyser import picture
from tests.fakes.service import Service

ADA = "Ada Lovelace"
VERIFY = ("receipts", "verify", "--json")


@pytest.fixture
def service(sqlite_database: str) -> Iterator[Service]:
    """A collection `staff` with Ada, and another one."""
    service = Service(sqlite_database)
    service.collections.create("staff")
    service.collections.create("other")
    service.enrol(ADA, picture(ADA), picture(ADA, take=2))
    yield service
    service.close()


def erase(service: Service, *, dry_run: bool = False) -> str | None:
    ada = service.subjects.find("staff", ADA)
    assert ada is not None
    return service.erasure.subject("staff", ada.id, dry_run=dry_run).receipt_id


def test_every_erasure_leaves_a_signed_receipt_without_names(service: Service) -> None:
    assert erase(service, dry_run=True) is None
    assert service.receipts.list(LOCAL) == []
    receipt_id = erase(service)
    service.erasure.collection("other")
    newest, kept = service.receipts.list(LOCAL)
    assert kept.id == receipt_id and service.receipts.list(LOCAL, before=newest.id) == [kept]
    fields = json.loads(kept.content)
    assert (fields["erased"], fields["removed"]["faces"]) == ("subject", 2)
    assert not any(name in kept.content for name in (ADA, "Ada", "staff"))
    assert service.receipts.is_genuine(kept.key_id, kept.signature, kept.content.encode())
    forged = kept.content.replace('"faces":2', '"faces":3').encode()
    assert not service.receipts.is_genuine(kept.key_id, kept.signature, forged)
    assert not service.receipts.is_genuine("another", kept.signature, kept.content.encode())


def test_a_bound_key_sees_those_of_its_collection(service: Service) -> None:
    service.erasure.collection("other")
    receipt_id = erase(service)
    assert receipt_id is not None
    staff = service.collections.get("staff").id
    bound = Principal("key", ("audit",), collection_id=staff)
    assert [one.id for one in service.receipts.list(bound)] == [receipt_id]
    (stranger,) = (one.id for one in service.receipts.list(LOCAL) if one.id != receipt_id)
    for unknown in (stranger, "nonsense"):
        with pytest.raises(UnknownReceiptError):
            service.receipts.get(bound, unknown)


def test_the_key_is_sealed_and_outlives_a_change_of_the_master_key(service: Service) -> None:
    erase(service)
    old, new = bytes(32), bytes(range(32))
    after = Receipts(service.storage, ReceiptSigner(MasterKey([new, old])))
    assert (after.seal_anew(dry_run=True), after.seal_anew(), after.seal_anew()) == (1, 1, 0)
    alone = Receipts(service.storage, ReceiptSigner(MasterKey([new])))
    service.erasure = type(service.erasure)(
        service.storage, service.images, service.erasure._follower, receipts=alone
    )
    service.erasure.collection("other")
    newest, first = alone.list(LOCAL)
    assert newest.key_id == first.key_id
    assert alone.is_genuine(newest.key_id, newest.signature, newest.content.encode())


def test_an_erasure_stands_though_its_receipt_cannot_be_kept(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFullError("full")

    monkeypatch.setattr(ReceiptSigner, "sign", full)
    assert erase(service) is None
    assert service.subjects.find("staff", ADA) is None


def test_a_receipt_is_completed_once_the_rest_is_gone(service: Service) -> None:
    receipt_id = erase(service)
    assert receipt_id is not None
    kept = service.receipts.get(LOCAL, receipt_id)
    fields = json.loads(kept.content)
    assert (fields["id"], fields["index"], fields["files"]) == (receipt_id, "done", "done")
    assert (fields["removed"]["images"], fields["removed"]["index_entries"]) == (2, 2)
    assert service.receipts.is_genuine(kept.key_id, kept.signature, kept.content.encode())


def test_an_erasure_that_is_taken_back_leaves_no_receipt(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFullError("full")

    monkeypatch.setattr(SqlChangeLog, "count_erasure", full)
    with pytest.raises(StorageFullError):
        erase(service)
    monkeypatch.undo()
    assert service.receipts.list(LOCAL) == []
    assert service.subjects.find("staff", ADA) is not None


@pytest.mark.parametrize("change", [None, "receipt", "signature", "shape", "json"])
def test_a_file_is_checked_with_the_public_key_alone(
    service: Service, tmp_path: Path, change: str | None
) -> None:
    receipt_id = erase(service)
    assert receipt_id is not None
    shown: Any = SignedReceipt.of(service.receipts.get(LOCAL, receipt_id)).model_dump(mode="json")
    assert signed_text(shown["receipt"]).decode() == service.receipts.list(LOCAL)[0].content
    if change == "receipt":
        shown["receipt"]["removed"]["faces"] = 1
    elif change == "signature":
        shown["signature"] = shown["signature"][:-8] + "AAAAAA=="
    elif change == "shape":
        shown = [shown]
    text = "{" if change == "json" else json.dumps(shown, indent=2)
    (tmp_path / "receipt.json").write_text(text)
    ((_, pem),) = service.receipts.public_keys()
    (tmp_path / "key.pem").write_text(pem)
    done = CliRunner().invoke(
        app,
        [*VERIFY, str(tmp_path / "receipt.json"), "--public-key", str(tmp_path / "key.pem")],
    )
    assert done.exit_code == (2 if change else 0), done.output
    if change in ("shape", "json"):
        assert json.loads(done.output)["error"]["code"] == "invalid-request"
    else:
        assert json.loads(done.output)["genuine"] is (change is None)


def test_what_is_no_public_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text('{"receipt": {}, "signature": "", "key": ""}')
    done = CliRunner().invoke(
        app,
        [*VERIFY, str(tmp_path / "receipt.json"), "--public-key", str(tmp_path / "receipt.json")],
    )
    assert (done.exit_code, json.loads(done.output)["error"]["code"]) == (2, "invalid-request")
