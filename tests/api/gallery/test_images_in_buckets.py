"""The service with kept pictures in object storage: as ever, and while that is away."""

import json
import socket
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from app.bootstrap.application import open_application
from app.cli.main import app
from app.domain.errors.trouble import ForeignImagesError, ImagesRefusedError
from app.files.buckets import Bucket, BucketImageStore
from app.settings import Settings
from tests.api.conftest import Client, running, subject_id
from tests.plugins.objects import ObjectStorage
from tests.portraits import eileen, encoded, grace


def kept_in(storage: ObjectStorage, bucket: Bucket, settings: Settings) -> Settings:
    return Settings(**settings.model_dump(exclude_unset=True) | storage.settings(bucket))


def pictures(storage: ObjectStorage, bucket: Bucket) -> int:
    return len([key for key in storage.keys(bucket) if "/pictures/" in key])


def command(settings: Settings, *words: str) -> tuple[int, Any]:
    environment = {"FACET_DATA_DIR": str(settings.data_dir)} | {
        f"FACET_{name.upper()}": str(getattr(settings, name))
        for name in ("images_url", "images_endpoint", "images_access_key", "images_timeout")
    }
    environment["FACET_IMAGES_SECRET_KEY"] = settings.images_secret_key.get_secret_value()
    done = CliRunner().invoke(app, [*words, "--json"], env=environment)
    assert not done.exception or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def one_face(client: Client) -> str:
    found = client.get("/v1/collections/staff/faces").json()["items"]
    assert len(found) == 1
    return f"/v1/collections/staff/faces/{found[0]['id']}"


def test_pictures_move_into_a_bucket_and_go_with_who_is_on_them(
    settings: Settings, object_storage: ObjectStorage
) -> None:
    bucket = object_storage.bucket()
    elsewhere = kept_in(object_storage, bucket, settings)
    with running(settings) as client:
        client.collection()
        assert client.enrol(client.subject("Grace"), encoded(grace())).status_code == 201
        before = client.get(f"{one_face(client)}/image").content

    status, tried = command(elsewhere, "images", "check")
    assert (status, tried) == (0, {"place": bucket.url, "sound": True, "keeps_versions": False})
    status, planned = command(elsewhere, "images", "move", "--from", "files", "--dry-run")
    assert (status, planned["copied"], planned["dry_run"]) == (0, 1, True)
    assert pictures(object_storage, bucket) == 0
    status, done = command(elsewhere, "images", "move", "--from", "files", "--remove")
    assert (status, done["copied"], done["removed"]) == (0, 1, 1)
    assert command(elsewhere, "images", "move", "--from", bucket.url)[0] == 2

    with running(elsewhere) as client:
        assert client.get(f"{one_face(client)}/image").content == before
        assert client.recognize(encoded(grace())).json()["faces"][0]["decision"] == "known"
        assert client.enrol(client.subject("Eileen"), encoded(eileen())).status_code == 201
        assert pictures(object_storage, bucket) == 2
        for name in ("Grace", "Eileen"):
            path = f"/v1/collections/staff/subjects/{subject_id(client, name)}"
            receipt = client.delete(path).json()
            assert (receipt["images"], receipt["files"]) == (1, "done")
        assert pictures(object_storage, bucket) == 0
    assert not [path for path in (settings.data_dir / "images").rglob("*") if path.is_file()]


def test_recognition_goes_on_while_the_bucket_is_away(
    settings: Settings, object_storage: ObjectStorage
) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        bucket = Bucket("s3://pictures/kept", nowhere, "us-east-1", "an id", "a secret word", 0.5)
        with running(kept_in(object_storage, bucket, settings)) as client:
            client.collection()
            client.collection("plain", keep_images=False)
            refused = client.enrol(client.subject("Grace"), encoded(grace()))
            assert (refused.status_code, refused.json()["code"]) == (503, "images-unavailable")
            assert refused.headers["retry-after"]
            assert "secret" not in refused.text
            assert client.contents() == (1, 0)
            there = client.subject("Grace", collection="plain")
            assert client.enrol(there, encoded(grace()), collection="plain").status_code == 201
            found = client.recognize(encoded(grace()), collection="plain")
            assert found.json()["faces"][0]["decision"] == "known"
            assert client.get("/readyz").status_code == 200


def test_a_start_fails_where_the_bucket_is_another_s_or_refuses(
    settings: Settings, object_storage: ObjectStorage
) -> None:
    bucket = object_storage.bucket()
    BucketImageStore(bucket, lambda: "another installation").check()
    here = kept_in(object_storage, bucket, settings)
    with pytest.raises(ForeignImagesError):
        open_application(here)
    assert command(here, "images", "check")[1]["error"]["code"] == "images-of-another"
    assert command(here, "images", "adopt", "--yes")[1]["adopted"]
    assert command(here, "images", "check")[0] == 0
    wrong = replace(bucket, secret_key="another word")
    with pytest.raises(ImagesRefusedError):
        open_application(kept_in(object_storage, wrong, settings))


def test_settings_of_places_are_checked(settings: Settings) -> None:
    for wrong in (
        {"images_url": "https://bucket.example/prefix"},
        {"images_url": "s3://Bucket/prefix"},
        {"images_url": "s3://bucket/../else"},
        {"images_endpoint": "objects.example:9000"},
        {"images_url": "s3://bucket", "images_access_key": "alone"},
    ):
        with pytest.raises(ValueError, match=r"s3://|https://|both"):
            Settings(**settings.model_dump(exclude_unset=True) | wrong)
