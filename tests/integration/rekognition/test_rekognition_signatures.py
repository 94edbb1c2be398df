"""Requests as they are on the wire: signed, altered, repeated, late, and not at all in form."""

import json
import time
from datetime import datetime, timedelta
from typing import Any

import botocore.auth
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import get_current_datetime
from botocore.credentials import Credentials

from tests.integration.rekognition.conftest import REGION, RekognitionServer

JSON = "application/x-amz-json-1.1"


@pytest.fixture
def signed(server: RekognitionServer, key: dict[str, str]) -> Any:
    def sign(
        operation: str = "ListCollections", body: bytes = b"{}", **given: Any
    ) -> httpx.Request:
        """A request that says what was signed, and what is changed afterwards."""
        credentials = Credentials(
            given.get("key", key["access_key_id"]), given.get("secret", key["secret_access_key"])
        )
        headers = {
            "X-Amz-Target": f"RekognitionService.{operation}",
            "Content-Type": JSON,
            **given.get("headers", {}),
        }
        request = AWSRequest("POST", server.address + "/", headers, body)
        service, region = given.get("service", "rekognition"), given.get("region", REGION)
        SigV4Auth(credentials, service, region).add_auth(request)
        found = {name: _text(value) for name, value in request.headers.items()}
        found |= given.get("changed", {})
        return httpx.Request(
            "POST", server.address + "/", headers=found, content=given.get("sent", body)
        )

    return sign


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def send(request: httpx.Request) -> tuple[int, str]:
    """Status and type of error, in the format's own shape; a connection each, to any process."""
    with httpx.Client() as client:
        answer = client.send(request)
    assert answer.headers["x-amzn-requestid"]
    assert answer.headers["content-type"] == JSON
    return answer.status_code, answer.json().get("__type", "")


REFUSED = (400, "InvalidSignatureException")


def test_a_request_is_done_once(signed: Any) -> None:
    request = signed(body=b'{"MaxResults": 11}')
    assert send(request) == (200, "")
    assert [send(request) for _ in range(4)] == [REFUSED] * 4


def test_equal_calls_within_a_second_pass_and_later_ones_do_not(signed: Any) -> None:
    request = signed(body=b'{"MaxResults": 12}')
    for number in range(3):
        request.headers["amz-sdk-invocation-id"] = f"call-{number}"
        assert send(request) == (200, "")
    time.sleep(2.1)
    request.headers["amz-sdk-invocation-id"] = "call-4"
    assert send(request) == REFUSED


def test_a_declared_digest_is_checked(signed: Any) -> None:
    body = b'{"MaxResults": 13}'
    import hashlib

    declared = {"X-Amz-Content-Sha256": hashlib.sha256(body).hexdigest()}
    assert send(signed(body=body, headers=declared)) == (200, "")
    other = b'{"MaxResults": 14}'
    assert send(signed(body=body, headers=declared, sent=other)) == REFUSED
    unsigned = {"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}
    assert send(signed(body=body, headers=unsigned)) == REFUSED


@pytest.mark.parametrize(
    "given",
    [
        {"sent": b'{"MaxResults": 1}'},
        {"changed": {"X-Amz-Target": "RekognitionService.DeleteCollection"}},
        {"changed": {"X-Amz-Extra": "1"}},
        {"changed": {"Authorization": "Bearer facet_0123456789abcdef_x"}},
        {"secret": "another"},
        {"region": "us-east-1"},
        {"service": "s3"},
    ],
)
def test_altered_and_foreign_requests_are_refused(signed: Any, given: dict[str, Any]) -> None:
    assert send(signed(**given)) == REFUSED


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_clocks_may_be_off_by_five_minutes(
    signed: Any, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    def shifted(*given: Any, **more: Any) -> datetime:
        found: datetime = get_current_datetime(*given, **more) + timedelta(minutes=minutes)
        return found

    monkeypatch.setattr(botocore.auth, "get_current_datetime", shifted)
    assert send(signed()) == REFUSED


def test_keys_that_are_none(server: RekognitionServer, signed: Any) -> None:
    unknown = (400, "UnrecognizedClientException")
    assert send(signed(key="AKIDEXAMPLE")) == unknown
    assert send(signed(key="AKFT0123456789ABCDEF")) == unknown
    made = server.signing_key()
    server.boto3_client(made).list_collections()
    server.facet("keys", "revoke", made["id"])
    ended = {"key": made["access_key_id"], "secret": made["secret_access_key"]}
    assert send(signed(**ended)) == unknown
    plain = httpx.Request(
        "POST", server.address, headers={"X-Amz-Target": "RekognitionService.ListCollections"}
    )
    assert send(plain) == (400, "MissingAuthenticationTokenException")


def test_a_secret_is_no_key_and_is_kept_sealed(
    server: RekognitionServer, key: dict[str, str]
) -> None:
    secret = key["secret_access_key"]
    for token in (secret, f"facet_{key['id']}_{secret}"):
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(f"{server.address}/v1/collections", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid-key")
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    assert files and not any(secret.encode() in path.read_bytes() for path in files)
    assert secret not in server.log.read_text()


def test_whatever_is_not_in_form_gets_an_error_of_the_format(
    server: RekognitionServer, signed: Any
) -> None:
    wrong = [
        (signed("DetectLabels"), "UnknownOperationException"),
        (signed(headers={"X-Amz-Target": "other"}), "UnknownOperationException"),
        (signed(headers={"Content-Type": "application/json"}), "UnknownOperationException"),
        (signed(body=b"{"), "SerializationException"),
        (signed(body=b"[]"), "SerializationException"),
        (signed(body=b"\xff\xfe"), "SerializationException"),
        (signed(body=b"[" * 5000), "SerializationException"),
        (signed(body=b'{"MaxResults": NaN}'), "SerializationException"),
        (signed(body=b'{"MaxResults": "1"}'), "InvalidParameterException"),
        (signed("DetectFaces", b'{"Image": {"Bytes": "?"}}'), "SerializationException"),
        (signed("DetectFaces", b'{"Image": {"Bytes": ""}}'), "InvalidImageFormatException"),
        (signed(body=b" " * 600_000), "ImageTooLargeException"),
    ]
    for request, kind in wrong:
        assert send(request) == (400, kind), request.headers
    for method in ("GET", "PUT", "DELETE"):
        request = signed()
        other = httpx.Request(method, request.url, headers=request.headers, content=b"{}")
        status, _ = send(other)
        assert status == 400
    assert send(signed("listcollections", headers={})) == (200, "")
    nothing = b'{"MaxResults": null, "NextToken": null, "Other": null}'
    assert send(signed(body=nothing)) == (200, "")
    page = httpx.get(server.address, headers={"Accept": "application/json"})
    assert page.status_code == 200 and page.headers["content-type"] != JSON
    assert json.loads(page.text)
