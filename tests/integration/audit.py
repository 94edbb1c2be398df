"""What must hold in a data directory after a crash, read from its files and asked of its server."""

import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from app.domain.curves.fusing import fused_similarity
from app.index.growing.saved import SavedIndex
from app.protection.key_files import KeySource
from app.protection.rotations import SecretRotations
from app.services.deciding.candidates import _RANKED_AGAIN
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from tests.integration.load import Face, Ledger

_TEMPLATE_BYTES = 128 * 4
_SELF = 0.9999
"""A picture's similarity to itself; what was enrolled beside it is less alike."""


def audit_files(data_dir: Path, url: str) -> None:
    """No row without its parts, no file without its row."""
    if url.startswith("sqlite"):
        uri = f"file:{data_dir / 'facet.db'}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    engines = open_engines(url, busy_timeout=10)
    with engines.reader.connect() as connection:

        def rows(query: str) -> list[Any]:
            return list(connection.execute(text(query)))

        lengths = rows("SELECT DISTINCT length(template) FROM faces")
        faces = rows("SELECT id, image_digest FROM faces")
        images = {digest for (digest,) in rows("SELECT digest FROM images")}
        added = {face for (face,) in rows("SELECT face_id FROM changes WHERE kind = 'add'")}
        pending = rows("SELECT id FROM receipts WHERE content LIKE '%:\"pending\"%'")
        to_delete = rows("SELECT digest FROM released_images")
    engines.dispose()
    assert lengths in ([], [(_TEMPLATE_BYTES,)])
    assert {digest for _, digest in faces if digest is not None} == images
    assert {face for face, _ in faces} <= added
    files = {path.name: path for path in (data_dir / "images").rglob("*") if path.is_file()}
    assert files.keys() == images, "files without rows, or rows without files"
    assert to_delete or not pending, "a receipt that nobody has completed"
    for digest, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, "half a file"


def audit_snapshots(data_dir: Path, url: str) -> None:
    """Every complete snapshot is whole, and holds templates of faces that SQL has, no others."""
    storage = SqlStorage.open(url)
    saved = SavedIndex(data_dir / "index")
    with storage.read() as uow:
        for snapshot in saved.partitions():
            if snapshot.problem is not None:  # one that is being made has no manifest yet
                continue
            for ids, vectors in saved.vectors(snapshot):
                stored, templates = uow.faces.stored(ids.tolist())
                assert stored.tolist() == sorted(ids.tolist()), "an erased template is left"
                np.testing.assert_array_equal(templates, vectors[np.argsort(ids)])
    storage.close()


def audit_gallery(client: httpx.Client, ledger: Ledger) -> None:
    """The server lists what was promised and nothing else, and its index knows the same."""
    path = f"/v1/collections/{ledger.collection}"
    answer = client.get(path)
    if answer.status_code == 404:
        assert not ledger.created, f"{path} was acknowledged and is gone"
        return
    listed = {(face["subject_id"], face["id"]) for face in _all(client, f"{path}/faces")}
    assert listed == {(subject, face.id) for subject, face in ledger.living()}
    assert answer.json()["faces"] == len(listed)
    names = {subject["name"] for subject in _all(client, f"{path}/subjects")}
    assert names <= {enrolment.name for enrolment in ledger.enrolments}
    expected = ledger.subjects()
    if expected:
        _, face = next(ledger.living())
        assert {c["subject"]["id"] for c in _candidates(client, path, face, 50)} == expected


def audit_face(client: httpx.Client, ledger: Ledger, subject: str, face: Face) -> None:
    """Its own picture finds it, and the kept image is a whole JPEG.

    A subject with several faces is as alike as the mean of them, so that another may be nearer.
    Numbers of subjects that were asked for often are withheld.
    """
    path = f"/v1/collections/{ledger.collection}"
    found = _candidates(client, path, face, _RANKED_AGAIN)
    own = next(one for one in found if one["subject"]["id"] == subject)
    assert own["face_id"] == face.id
    if sum(named == subject for named, _ in ledger.living()) == 1:
        assert own is found[0]
        assert own["similarity"] is None or own["similarity"] > _SELF
    image = client.get(f"{path}/faces/{face.id}/image")
    assert image.status_code == 200, image.text
    assert image.content.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(image.content)) as picture:
        picture.load()
        assert picture.format == "JPEG"


def audit_erased(client: httpx.Client, ledger: Ledger) -> None:
    """What was acknowledged as erased stays so."""
    path = f"/v1/collections/{ledger.collection}"
    for subject in ledger.erased_subjects:
        assert client.get(f"{path}/subjects/{subject}").status_code == 404
    for face in ledger.erased_faces:
        assert client.get(f"{path}/faces/{face}").status_code == 404
        assert client.get(f"{path}/faces/{face}/image").status_code == 404


def audit_index(client: httpx.Client) -> None:
    """No search so far has met a face that SQL does not know."""
    assert "facet_stale_index_hits_total 0.0" in client.get("/metrics").text


def audit_search(client: httpx.Client, url: str, collection: str, picture: bytes) -> None:
    """The index finds what comparing with every template in SQL finds."""
    storage = SqlStorage.open(url)
    key = KeySource().read()
    assert key is not None
    storage.seal_with(key, SecretRotations(key))
    with storage.read() as uow:
        found = uow.collections.get(collection)
        faces = uow.faces.list(found.id, limit=10_000)
        ids, templates = uow.faces.templates([face.id for face in faces])
    storage.close()
    files, form = {"image": picture}, {"max_faces": "1"}
    probe = client.post("/v1/embed", files=files, data=form).json()["faces"][0]["embedding"]
    path = f"/v1/collections/{collection}/recognize"
    best = client.post(path, files=files, data=form).json()["faces"][0]["candidates"][:1]
    if not len(faces):
        assert not best
        return
    # Answers round and withhold numbers, so the subject they name is compared.
    wanted = np.array(probe, np.float32)
    of_subject: dict[str, list[int]] = {}
    for row, face in enumerate(faces):
        of_subject.setdefault(face.subject_id, []).append(row)
    assert ids.tolist() == [face.id for face in faces]
    nearest = {one: float((templates[own] @ wanted).max()) for one, own in of_subject.items()}
    first = sorted(nearest, key=lambda one: -nearest[one])[:_RANKED_AGAIN]
    power = open_registry().manifest(found.encoder, EncoderManifest).template_power
    fused = {
        one: fused_similarity(nearest[one], wanted, templates[of_subject[one]], power)
        for one in first
    }
    assert fused[best[0]["subject"]["id"]] == pytest.approx(max(fused.values()), abs=1e-4)


def _candidates(client: httpx.Client, path: str, face: Face, count: int) -> list[dict[str, Any]]:
    answer = client.post(
        f"{path}/recognize",
        files={"image": face.picture},
        data={"candidates": str(count), "unique": "false", "max_faces": "1"},
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["faces"][0]["candidates"])


def _all(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = client.get(path, params=query).json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]
