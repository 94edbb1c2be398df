"""boto3, unchanged, against a running server; the SDK's own model checks every answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

REGION = "eu-central-1"


class RekognitionServer(Server):
    """A server that speaks both formats, and what its clients need."""

    def signing_key(self, *arguments: str) -> dict[str, str]:
        """A key for clients of Rekognition, as the command gives it."""
        printed = self.facet("keys", "create", "--for", "rekognition", "--json", *arguments)
        made: dict[str, str] = json.loads(printed)
        return made

    def boto3_client(self, key: dict[str, str], **config: Any) -> Any:
        """boto3 with nothing but an address of its own."""
        made = boto3.client(
            "rekognition",
            region_name=REGION,
            endpoint_url=self.address,
            aws_access_key_id=key["access_key_id"],
            aws_secret_access_key=key["secret_access_key"],
            config=Config(retries={"total_max_attempts": 1}, **config),
        )
        made.meta.events.register("after-call.rekognition", check_answer)
        return made


def check_answer(http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
    """Fail for members that the model does not have, and for those that it requires."""
    assert http_response.headers["x-amzn-requestid"]
    assert http_response.headers["content-type"] == "application/x-amz-json-1.1"
    body = json.loads(http_response.content)
    if http_response.status_code >= 300:
        assert set(body) == {"__type", "message"}
        return
    assert set(body) <= set(model.output_shape.members)
    report = ParamValidator().validate(body, model.output_shape)
    assert not report.has_errors(), report.generate_report()


@pytest.fixture(scope="package")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, beside which a file lies that nobody may read."""
    folder = tmp_path_factory.mktemp("objects")
    pictures = folder / "photos"
    (pictures / "people").mkdir(parents=True)
    (pictures / "people" / "grace.jpg").write_bytes(encoded(grace()))
    (folder / "secret.jpg").write_bytes(encoded(eileen()))
    (pictures / "link.jpg").symlink_to(folder / "secret.jpg")
    return pictures


@pytest.fixture(scope="package")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path, buckets: Path
) -> Iterator[RekognitionServer]:
    folder = tmp_path_factory.mktemp("rekognition")
    made = RekognitionServer(
        starter,
        folder / "data",
        model_cache,
        processes="2",
        job_workers="0",
        wire_formats="native,rekognition",
        rekognition_region=REGION,
        rekognition_buckets=f"photos={buckets}",
        master_key_file=str(folder / "master.key"),
    )
    with made:
        yield made


@pytest.fixture(scope="package")
def key(server: RekognitionServer) -> dict[str, str]:
    return server.signing_key()


@pytest.fixture(scope="package")
def client(server: RekognitionServer, key: dict[str, str]) -> Any:
    return server.boto3_client(key)


@pytest.fixture
def staff(client: Any) -> Iterator[str]:
    """A collection, erased behind the test."""
    client.create_collection(CollectionId="staff")
    yield "staff"
    client.delete_collection(CollectionId="staff")


def error(call: Any, **given: Any) -> tuple[str, str]:
    """Type and sentence of the error that a call ends with."""
    with pytest.raises(ClientError) as raised:
        call(**given)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    found = raised.value.response["Error"]
    return found["Code"], found["Message"]


GRACE, EILEEN, NOBODY = (encoded(one) for one in (grace(), eileen(), landscape()))
BOTH = encoded(side_by_side(grace(), eileen()))
GRACE_AGAIN = encoded(grace(), quality=70)
