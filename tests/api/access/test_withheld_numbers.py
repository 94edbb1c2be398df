"""Numbers over HTTP: few of each subject for each key, and decisions as ever."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.portraits import encoded, grace


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with running(settings.model_copy(update={"numbers_per_subject": 2})) as client:
        yield client


def test_a_key_is_given_few_numbers_and_every_decision(client: Client) -> None:
    client.collection()
    subject = client.subject("Grace Hopper")
    assert client.enrol(subject, encoded(grace())).status_code == 201
    client.headers["Authorization"] = f"Bearer {new_key(client.app, 'read')}"
    path = f"/v1/collections/staff/subjects/{subject}/verify"

    def verified(**fields: Any) -> dict[str, Any]:
        answer = client.post(path, files={"image": encoded(grace())}, data=fields)
        assert answer.status_code == 200
        return dict(answer.json())

    for _ in range(2):
        given = verified()
        assert given["similarity"] > 0.9 and given["numbers_withheld_until"] is None
    withheld = verified()
    assert withheld["match"] is True
    assert (withheld["similarity"], withheld["fmr"]) == (None, None)
    assert withheld["numbers_withheld_until"] > "2026"
    assert withheld["threshold"] == given["threshold"]
    own = verified(similarity_threshold="0.1")
    assert own["threshold_fmr"] == 0.01 and own["similarity"] is None
    answer = client.recognize(encoded(grace())).json()
    (face,) = answer["faces"]
    assert (face["decision"], face["similarity"]) == ("known", None)
    assert face["candidates"][0]["fmr"] is None
    assert answer["numbers_withheld_until"] == withheld["numbers_withheld_until"]
    recording = "/v1/collections/staff/sequences/recognize"
    (track,) = client.post(recording, files={"images": encoded(grace())}).json()["tracks"]
    assert (track["decision"], track["frames"][0]["similarity"]) == ("known", None)

    client.headers["Authorization"] = f"Bearer {new_key(client.app, 'read')}"
    assert verified()["similarity"] == given["similarity"]


def test_of_a_duplicate_few_numbers_are_given_too(client: Client) -> None:
    client.collection()
    for name in ("Grace", "Grace too"):
        client.enrol(client.subject(name), encoded(grace()))
    pictures = [encoded(grace(), quality=quality) for quality in (91, 90, 89)]
    other = client.subject("Somebody else")
    reported = [
        client.enrol(other, picture, params={"duplicates": "warn"}).json()["results"][0]
        for picture in pictures
    ]
    assert [d["similarity"] is None for d in reported[-1]["duplicates"]] == [True, True]


def test_without_keys_nothing_is_withheld(settings: Settings) -> None:
    update = {"numbers_per_subject": 0, "auth": "off"}
    with running(settings.model_copy(update=update)) as client:
        client.base_url = "http://localhost"
        client.collection()
        client.enrol(client.subject("Grace"), encoded(grace()))
        (face,) = client.recognize(encoded(grace())).json()["faces"]
        assert face["similarity"] > 0.9
