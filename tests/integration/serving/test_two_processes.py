"""Two servers over one database: what one acknowledges, the other knows at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace

GRACE, EILEEN = encoded(grace()), encoded(eileen())


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "pgvector"])
def clients(
    request: pytest.FixtureRequest,
    starter: Starter,
    tmp_path_factory: pytest.TempPathFactory,
    model_cache: Path,
) -> Iterator[list[httpx.Client]]:
    """One client of each of two servers."""
    settings = {}
    if request.param != "sqlite":
        template = request.getfixturevalue("migrated_postgresql")
        settings["database_url"] = request.getfixturevalue("postgresql")(template)
    if request.param == "pgvector":
        settings["index"] = "pgvector"
    data_dir = tmp_path_factory.mktemp("shared") / "data"
    servers = [Server(starter, data_dir, model_cache, **settings) for _ in range(2)]
    for server in servers:
        server.launch()
    key = servers[0].create_key()
    for server in servers:
        server.wait_until_ready()
    clients = [server.client(key) for server in servers]
    yield clients
    for client, server in zip(clients, servers, strict=True):
        client.close()
        server.stop()


def test_both_know_at_once_what_either_has_acknowledged(clients: list[httpx.Client]) -> None:
    _new_collection(clients[0])
    for number in range(6):
        here, there = clients[number % 2], clients[(number + 1) % 2]
        portrait = (GRACE, EILEEN)[number // 2 % 2]
        assert _known(there, portrait) is None
        subject = _subject(here, f"subject {number}")
        face = _enrol(here, subject, portrait)
        assert _known(there, portrait) == subject
        assert there.get(f"/v1/collections/staff/faces/{face}/image").content[:2] == b"\xff\xd8"
        what = f"subjects/{subject}" if number < 3 else f"faces/{face}"
        assert there.delete(f"/v1/collections/staff/{what}").json()["templates"] == 1
        assert _known(here, portrait) is None
        assert here.get(f"/v1/collections/staff/faces/{face}").status_code == 404
        assert here.get(f"/v1/collections/staff/faces/{face}/image").status_code == 404


def test_both_write_at_the_same_time_and_then_agree(clients: list[httpx.Client]) -> None:
    _new_collection(clients[0])
    people = [_subject(clients[0], "Grace"), _subject(clients[1], "Eileen")]

    def write(one: int) -> list[int]:
        client, portrait = clients[one], (GRACE, EILEEN)[one]
        faces = [_enrol(client, people[one], portrait) for _ in range(5)]
        client.delete(f"/v1/collections/staff/faces/{faces[0]}").raise_for_status()
        return faces[1:]

    with ThreadPoolExecutor(2) as pool:
        enrolled = [face for faces in pool.map(write, range(2)) for face in faces]
    for client in clients:
        assert _faces(client) == sorted(enrolled)
        assert [_known(client, portrait) for portrait in (GRACE, EILEEN)] == people
        metrics = client.get("/metrics").text
        assert "facet_stale_index_hits_total 0.0" in metrics


def _new_collection(client: httpx.Client) -> None:
    client.delete("/v1/collections/staff")
    client.post("/v1/collections", json={"name": "staff"}).raise_for_status()


def _subject(client: httpx.Client, name: str) -> str:
    made = client.post("/v1/collections/staff/subjects", json={"name": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def _enrol(client: httpx.Client, subject: str, portrait: bytes) -> int:
    path = f"/v1/collections/staff/subjects/{subject}/faces"
    made = client.post(path, files={"images": portrait}, data={"allow_repeats": "true"})
    assert made.status_code == 201, made.text
    return int(made.json()["results"][0]["face"]["id"])


def _known(client: httpx.Client, portrait: bytes) -> str | None:
    answer = client.post("/v1/collections/staff/recognize", files={"image": portrait})
    subject = answer.json()["faces"][0]["subject"]
    return subject and str(subject["id"])


def _faces(client: httpx.Client) -> Sequence[int]:
    items = client.get("/v1/collections/staff/faces").json()["items"]
    return [item["id"] for item in items]
