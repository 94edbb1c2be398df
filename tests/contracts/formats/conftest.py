"""One application that speaks all formats, on each database, and a client for each format."""

import base64
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from app.domain.access.key_forms import REKOGNITION
from app.settings import Settings
from tests.api.conftest import Client, new_key, running

REGION = "us-east-1"
COLLECTION = "staff"
ORIGIN = "http://testserver"


class Format(Protocol):
    """What a client of any format does with people."""

    def enroll(self, name: str, picture: bytes) -> None: ...

    def found(self, picture: bytes) -> set[str]:
        """The names of those on the picture who are known."""

    def erase(self, name: str) -> None: ...

    def names(self) -> set[str]:
        """The names of all who are enrolled."""


class Native:
    def __init__(self, client: Client) -> None:
        self._client = client

    def enroll(self, name: str, picture: bytes) -> None:
        assert self._client.enrol(self._client.subject(name), picture).status_code == 201

    def found(self, picture: bytes) -> set[str]:
        faces = self._client.recognize(picture).json()["faces"]
        return {one["subject"]["name"] for one in faces if one["decision"] == "known"}

    def erase(self, name: str) -> None:
        (subject,) = [one["id"] for one in self._subjects() if one["name"] == name]
        erased = self._client.delete(f"/v1/collections/{COLLECTION}/subjects/{subject}")
        assert erased.json()["faces"] == 1

    def names(self) -> set[str]:
        return {one["name"] for one in self._subjects()}

    def _subjects(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._client.get(
            f"/v1/collections/{COLLECTION}/subjects"
        ).json()["items"]
        return listed


class CompreFace:
    BASE = "/api/v1/recognition"

    def __init__(self, client: Client, key: str) -> None:
        self._client, self._headers = client, {"x-api-key": key, "Authorization": ""}

    def enroll(self, name: str, picture: bytes) -> None:
        self._ask("POST", f"faces?subject={name}", files={"file": ("a.jpg", picture)})

    def found(self, picture: bytes) -> set[str]:
        faces = self._ask("POST", "recognize", files={"file": ("a.jpg", picture)})["result"]
        best = [one["subjects"][0] for one in faces if one["subjects"]]
        return {one["subject"] for one in best if one["similarity"] >= 0.6}

    def erase(self, name: str) -> None:
        assert self._ask("DELETE", f"subjects/{name}") == {"subject": name}

    def names(self) -> set[str]:
        return set(self._ask("GET", "subjects")["subjects"])

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        answer = self._client.request(method, f"{self.BASE}/{path}", headers=self._headers, **sent)
        assert answer.is_success, answer.text
        return answer.json()


class DeepStack:
    BASE = "/v1/vision/face"

    def __init__(self, client: Client, key: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {key}"}

    def enroll(self, name: str, picture: bytes) -> None:
        sent = {"files": {"image": ("a.jpg", picture)}, "data": {"userid": name}}
        self._ask("register", **sent)

    def found(self, picture: bytes) -> set[str]:
        predictions = self._ask("recognize", files={"image": ("a.jpg", picture)})["predictions"]
        return {one["userid"] for one in predictions} - {"unknown"}

    def erase(self, name: str) -> None:
        self._ask("delete", data={"userid": name})

    def names(self) -> set[str]:
        return set(self._ask("list")["faces"])

    def _ask(self, path: str, **sent: Any) -> Any:
        answer = self._client.post(f"{self.BASE}/{path}", headers=self._headers, **sent)
        assert answer.status_code == 200 and answer.json()["success"], answer.text
        return answer.json()


class Rekognition:
    def __init__(self, client: Client, token: str) -> None:
        self._client = client
        parts = REKOGNITION.parts(token)
        self._credentials = Credentials(parts["access_key_id"], parts["secret_access_key"])

    def enroll(self, name: str, picture: bytes) -> None:
        image = {"Bytes": base64.b64encode(picture).decode()}
        self.ask("IndexFaces", Image=image, ExternalImageId=name)

    def found(self, picture: bytes) -> set[str]:
        image = {"Bytes": base64.b64encode(picture).decode()}
        matches = self.ask("SearchFacesByImage", Image=image)["FaceMatches"]
        return {one["Face"]["ExternalImageId"] for one in matches}

    def erase(self, name: str) -> None:
        """Somebody of another format is a user, which is deleted apart from its faces."""
        faces = [one for one in self._faces() if one["ExternalImageId"] == name]
        ids = [one["FaceId"] for one in faces]
        assert self.ask("DeleteFaces", FaceIds=ids)["DeletedFaces"] == ids
        if "UserId" in faces[0]:
            self.ask("DeleteUser", UserId=name)

    def names(self) -> set[str]:
        return {one["ExternalImageId"] for one in self._faces()}

    def ask(self, operation: str, status: int = 200, **given: Any) -> Any:
        """The answer of an operation on the collection."""
        answer = self.send(operation, {"CollectionId": COLLECTION, **given})
        assert answer.status_code == status, answer.text
        return answer.json()

    def send(self, operation: str, body: dict[str, Any], **headers: str) -> Any:
        """The answer to a signed request."""
        signed = self.signed(operation, body)
        return self._client.post("/", content=signed.body, headers=dict(signed.headers.items()))

    def signed(self, operation: str, body: dict[str, Any]) -> AWSRequest:
        headers = {
            "X-Amz-Target": f"RekognitionService.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "amz-sdk-invocation-id": str(uuid.uuid4()),
        }
        request = AWSRequest("POST", f"{ORIGIN}/", headers=headers, data=json.dumps(body))
        SigV4Auth(self._credentials, "rekognition", REGION).add_auth(request)
        return request

    def _faces(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.ask("ListFaces")["Faces"]
        return listed


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database; empty for SQLite in the data directory."""
    if request.param == "sqlite":
        return ""
    template = request.getfixturevalue("migrated_postgresql")
    made: str = request.getfixturevalue("postgresql")(template)
    return made


@pytest.fixture(scope="module")
def client(
    url: str, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[Client]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("formats") / "data",
        database_url=url,
        model_cache_dir=model_cache,
        wire_formats=("native", "compreface", "rekognition", "deepstack"),
        rekognition_region=REGION,
        job_workers=0,
    )
    with running(settings) as client:
        # A format knows nothing of sealing, so that one of the two collections may be sealed.
        client.collection(COLLECTION, sealed=bool(url))
        yield client


@pytest.fixture(scope="module")
def rekognition(client: Client) -> Rekognition:
    keys = client.app.edge.use_cases.keys
    return Rekognition(client, keys.create("aws", form="rekognition")[1])


@pytest.fixture(scope="module")
def formats(client: Client, rekognition: Rekognition) -> dict[str, Format]:
    """Every format by its name."""
    keys = client.app.edge.use_cases.keys
    compreface = keys.create("door", collection=COLLECTION, form="compreface")[1]
    deepstack = new_key(client.app, "write", collection=COLLECTION)
    return {
        "native": Native(client),
        "compreface": CompreFace(client, compreface),
        "deepstack": DeepStack(client, deepstack),
        "rekognition": rekognition,
    }
