"""`facet move` from stores of DeepFace, originals of Rekognition, and this server's own formats."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.bootstrap.use_cases import open_use_cases
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.use_cases import UseCases
from app.settings import Settings
from tests.integration.commands.crops import face_of
from tests.integration.commands.test_move import move
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace

psycopg = pytest.importorskip("psycopg", reason="the PostgreSQL driver is missing")
TABLE = """CREATE TABLE {} (id {} PRIMARY KEY, img_name TEXT NOT NULL, face {} NOT NULL,
face_shape {} NOT NULL, model_name TEXT NOT NULL)"""
UNNAMED = "3b241101-e2bb-4255-8caf-4136c566a962"


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(
        data_dir=tmp_path / "data", model_cache_dir=model_cache, max_image_bytes=2_000_000
    )


@pytest.fixture
def cases(settings: Settings) -> UseCases:
    cases = open_use_cases(settings)
    cases.collections.create("staff")
    return cases


def crop(picture: Image.Image, side: int) -> np.ndarray:
    """(side, side, 3) float32 in [0, 1], blue first: as DeepFace hands a face to a network."""
    rgb = np.asarray(face_of(picture, side), dtype=np.float32) / 255
    return np.ascontiguousarray(rgb[..., ::-1])


def rows() -> list[tuple[str, np.ndarray, str]]:
    """Faces of two models; the last cannot be used."""
    return [
        ("people/Grace Hopper/1.jpg", crop(grace(), 224), "VGG-Face"),
        ("people/Grace Hopper/1.jpg", crop(grace(), 112), "ArcFace"),
        ("Eileen Collins.png", crop(eileen(), 160) * 2 - 1, "Facenet"),
        (UNNAMED, crop(eileen(), 160), "Facenet"),
        ("broken.jpg", crop(grace(), 160)[:100], "Facenet"),
    ]


def check_moved(cases: UseCases, moved: dict[str, Any], rejects: Path) -> None:
    assert (moved["enrolled"], moved["present"], moved["rejected"]) == (2, 0, 2)
    assert moved["recognized"]["themselves"] == 2
    names = {one.subject.name: one.faces for one in cases.subjects.list("staff")}
    assert names == {"Grace Hopper": 1, "Eileen Collins": 1}
    codes = [json.loads(row)["code"] for row in rejects.read_text().splitlines()]
    assert codes == ["invalid-request", "empty-image"]


def test_a_store_of_deepface_in_sqlite(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    store = tmp_path / "deepface.db"
    with sqlite3.connect(store) as database:
        database.execute(TABLE.format("embeddings", "INTEGER", "BLOB", "TEXT"))
        for name, face, model in rows():
            shape = [160, 160, 3] if name == "broken.jpg" else list(face.shape)
            values = (name, face.astype(np.float32).tobytes(), json.dumps(shape), model)
            insert = "INSERT INTO embeddings (img_name, face, face_shape, model_name)"
            database.execute(f"{insert} VALUES (?, ?, ?, ?)", values)
    database.close()
    before = store.read_bytes()
    moved = move(settings, "deepface", str(store), status=1)
    check_moved(cases, moved, tmp_path / "deepface.rejects.jsonl")
    again = move(settings, "deepface", str(store), "--no-check", status=1)
    assert (again["enrolled"], again["present"]) == (0, 2)
    assert store.read_bytes() == before


def test_a_store_of_deepface_in_postgresql(
    cases: UseCases, settings: Settings, tmp_path: Path, postgresql: Callable[[str], str]
) -> None:
    """With pgvector there is a table for each model."""
    url = postgresql("template1")
    with psycopg.connect(url) as database:
        for table in ("embeddings", "embeddings_facenet"):
            database.execute(TABLE.format(table, "BIGSERIAL", "BYTEA", "INT[]"))
        database.execute("CREATE TABLE others (img_name TEXT, face BYTEA)")
        for name, face, model in rows():
            shape = [160, 160, 3] if name == "broken.jpg" else list(face.shape)
            table = "embeddings_facenet" if model == "Facenet" else "embeddings"
            insert = f"INSERT INTO {table} (img_name, face, face_shape, model_name)"
            values = (name, face.astype(np.float32).tobytes(), shape, model)
            database.execute(f"{insert} VALUES (%s, %s, %s, %s)", values)
    moved = move(settings, "deepface", url, status=1)
    check_moved(cases, moved, tmp_path / "deepface.rejects.jsonl")


@pytest.mark.parametrize("place", ["nowhere.db", "postgresql://127.0.0.1:9/none", "notes.txt"])
def test_what_is_no_store(cases: UseCases, settings: Settings, tmp_path: Path, place: str) -> None:
    (tmp_path / "notes.txt").write_text("none")
    shown = move(settings, "deepface", place, status=2)["error"]
    assert (shown["code"] == "invalid-request" and shown["hint"]) or "neither" in shown["detail"]


def test_originals_of_rekognition(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    refused = move(settings, "rekognition", status=2)["error"]
    assert "holds no pictures" in refused["detail"] and "ExternalImageId" in refused["hint"]
    bucket = tmp_path / "bucket"
    (bucket / "grace:1").mkdir(parents=True)
    (bucket / "grace:1" / "a.jpg").write_bytes(encoded(grace()))
    (bucket / "eileen.jpg").write_bytes(encoded(eileen()))
    ids = ["grace:1", "eileen", "nobody", "grace:1"]
    faces = [{"ExternalImageId": one} for one in ids] + [{"FaceId": "1"}]
    (tmp_path / "faces.json").write_text(json.dumps({"Faces": faces}))
    given = ("--faces", str(tmp_path / "faces.json"))
    setting = {"FACET_REKOGNITION_BUCKETS": f"photos={bucket}"}
    moved = move(settings, "rekognition", "photos", *given, status=0, **setting)
    assert (moved["enrolled"], moved["without_pictures"]) == (2, ["nobody"])
    assert moved["recognized"]["themselves"] == 2
    assert {one.subject.name for one in cases.subjects.list("staff")} == {"grace:1", "eileen"}
    again = move(settings, "rekognition", str(bucket), "--no-check", status=0)
    assert again["present"] == 2
    (tmp_path / "faces.json").write_text("[]")
    wrong = move(settings, "rekognition", str(bucket), *given, status=2)["error"]
    assert "list-faces" in wrong["hint"]
    assert move(settings, "rekognition", "others", status=2)["error"]["hint"]


def test_the_format_of_compreface_as_the_source(
    cases: UseCases,
    settings: Settings,
    starter: Starter,
    tmp_path_factory: pytest.TempPathFactory,
    model_cache: Path,
) -> None:
    """From one server to another, through the API that CompreFace has."""
    data = tmp_path_factory.mktemp("source") / "data"
    source = open_use_cases(Settings(data_dir=data, model_cache_dir=model_cache))
    source.collections.create("door")
    for name, portrait in (
        ("Grace Hopper", grace()),
        ("Grace Hopper", grace().rotate(4)),
        ("Eileen / Collins", eileen()),
    ):
        source.named_enroller.enrol("door", name, [encoded(portrait)], EnrolmentOptions())
    _, key = source.keys.create("move", collection="door", form="compreface")
    server = Server(starter, data, model_cache, wire_formats="native,compreface", job_workers="0")
    with server:
        moved = move(settings, "compreface", server.address, "--key", key, status=0)
    assert (moved["enrolled"], moved["rejected"]) == (3, 0)
    assert moved["recognized"]["themselves"] == 3
    names = {one.subject.name: one.faces for one in cases.subjects.list("staff")}
    assert names == {"Grace Hopper": 2, "Eileen / Collins": 1}
