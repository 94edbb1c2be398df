"""From photographs to an encoder in service, by the commands of the how-to as they stand."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.registry.registry import Registry
from tests.integration.server import ROOT, Server, Starter
from tests.made_up_faces import write_people

pytestmark = pytest.mark.long

PEOPLE, PICTURES = 76, 4
KNOWN = ("person-03", "person-10", "person-20")
_SECONDS = 800
"""For all commands together; an idle core takes well under a minute, a busy one its time."""


def documented(kind: str) -> str:
    """The block of that language in the section of the how-to that goes the whole way."""
    page = (ROOT / "docs" / "how-to" / "train-an-encoder.md").read_text(encoding="utf-8")
    section = page.partition("\n## The whole way\n")[2].partition("\n## ")[0]
    blocks = section.split(f"```{kind}\n")[1:]
    assert len(blocks) == 1
    return blocks[0].partition("```")[0]


def test_there_are_seven_commands_at_most() -> None:
    commands = documented("sh").replace("\\\n", " ").splitlines()
    assert 1 < len(commands) <= 7
    assert all(line.startswith(("python -m training ", "facet ")) for line in commands)
    assert not any(word in documented("sh") for word in ("serve", "restart", "&&", ";", "|"))


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    starter = Starter()
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """A directory with the photographs and the card, and nothing else."""
    directory = tmp_path_factory.mktemp("fresh")
    write_people(directory / "people", Registry(model_cache), PEOPLE, PICTURES)
    (directory / "card.toml").write_text(documented("toml"))
    return directory


@pytest.fixture(scope="module")
def server(starter: Starter, fresh: Path, model_cache: Path) -> Iterator[Server]:
    data = fresh.parent / "server" / "data"
    data.mkdir(parents=True)
    with Server(starter, data, model_cache) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client(server.create_key()) as client:
        yield client


def enroll(client: httpx.Client, pictures: list[Path]) -> None:
    name = pictures[0].parent.name
    made = client.post("/v1/collections/staff/subjects", json={"name": name})
    assert made.status_code == 201, made.text
    answer = client.post(
        f"/v1/collections/staff/subjects/{made.json()['id']}/faces",
        files=[("images", picture.read_bytes()) for picture in pictures],
    )
    assert answer.status_code == 201, answer.text


def recognized(client: httpx.Client, picture: Path) -> dict[str, Any]:
    answer = client.post("/v1/collections/staff/recognize", files={"image": picture.read_bytes()})
    assert answer.status_code == 200, answer.text
    (face,) = answer.json()["faces"]
    return dict(face)


def run_as_written(fresh: Path, server: Server) -> None:
    """The documented block in a shell of its own, which ends at the first failure."""
    bin_ = str(Path(sys.executable).parent)
    environment = server.environment | {
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        ["sh", "-ec", documented("sh")],
        cwd=fresh, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(_SECONDS + 100)
def test_a_running_server_recognizes_with_the_new_encoder(
    fresh: Path, server: Server, client: httpx.Client
) -> None:
    assert client.post("/v1/collections", json={"name": "staff"}).status_code == 201
    for name in KNOWN:
        enroll(client, [fresh / "people" / name / f"{number}.jpg" for number in (0, 1)])
    before = client.get("/v1/collections/staff").json()["encoder"]
    asked = fresh / "people" / KNOWN[0] / "3.jpg"
    assert recognized(client, asked)["decision"] == "known"
    process = server.pid

    run_as_written(fresh, server)

    assert server.is_running() and server.pid == process
    staff = client.get("/v1/collections/staff").json()
    assert (staff["encoder"], staff["faces"]) == ("mine@1", 6) and before != "mine@1"
    for name in KNOWN:
        face = recognized(client, fresh / "people" / name / "3.jpg")
        assert (face["decision"], face["subject"]["name"]) == ("known", name), face
    card = (server.data_dir / "manifests" / "mine-v1.md").read_text()
    assert "our archive" in card and "None yet." not in card
    listed = {one["key"]: one for one in client.get("/v1/models").json()["models"]}
    assert listed["mine@1"]["ready"] is True
