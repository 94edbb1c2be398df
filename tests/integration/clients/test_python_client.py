"""The Python client against a real server, and its examples as the page shows them."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import facet_client
from facet_client import AsyncClient, Client, FacetError
from facet_client.errors import (
    InvalidKeyError,
    NoFaceError,
    UnknownCollectionError,
    UnknownSubjectError,
)
from tests.acceptance.documented import blocks
from tests.integration.server import ROOT, Server, Starter
from tests.portraits import eileen, encoded, grace, landscape
from tests.pullable_models import write_manifest
from tests.unit.registry.test_download import Server as WeightServer
from tests.unit.registry.test_download import server as weights

__all__ = ["weights"]

GRACE, EILEEN = "Grace Hopper", "Eileen Collins"


@pytest.fixture(scope="module")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path, manifests: Path
) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("client") / "data"
    data.mkdir()
    shutil.copytree(manifests, data / "manifests")
    with Server(starter, data, model_cache) as server:
        yield server


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.create_key()


@pytest.fixture
def facet(server: Server, key: str) -> Iterator[Client]:
    with Client(server.address, key) as client:
        yield client
        for one in list(client.collections.list()):
            client.collections.erase(one.name)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A folder of two people, a picture without one, and a file that is no picture."""
    for name, portrait in ((GRACE, grace()), (EILEEN, eileen())):
        (tmp_path / "people" / name).mkdir(parents=True)
        for degrees in (0, 5):
            file = tmp_path / "people" / name / f"{degrees}.jpg"
            file.write_bytes(encoded(portrait.rotate(degrees)))
    (tmp_path / "people" / "Nobody").mkdir()
    (tmp_path / "people" / "Nobody" / "tree.jpg").write_bytes(encoded(landscape()))
    (tmp_path / "people" / GRACE / "notes.txt").write_text("none")
    (tmp_path / "party.jpg").write_bytes(encoded(grace().rotate(-4)))
    (tmp_path / "landscape.jpg").write_bytes(encoded(landscape()))
    return tmp_path / "people"


def test_a_gallery_from_end_to_end(facet: Client, people: Path) -> None:
    made = facet.collections.create("staff", metadata={"floor": 3})
    assert (made.name, made.metadata) == ("staff", {"floor": 3})
    progress = list(facet.enroll_folder("staff", people, min_quality=0.1))
    assert [(one.done, one.total) for one in progress] == [(n, 5) for n in range(1, 6)]
    said = [(one.subject, one.result.status) for one in progress if one.result]
    assert said.count((GRACE, "enrolled")) == said.count((EILEEN, "enrolled")) == 2
    assert ("Nobody", "rejected") in said
    again = list(facet.enroll_folder("staff", people))
    assert [o.result.status for o in again if o.result].count("already-enrolled") == 4
    assert {one.name for one in facet.subjects.list("staff")} == {GRACE, EILEEN}

    subject = facet.subjects.find("staff", GRACE)
    assert subject is not None and facet.subjects.find("staff", "Grace") is None
    found = facet.recognize("staff", people.parent / "party.jpg", candidates=1, unique=False)
    assert [one.subject.name for one in found.faces if one.subject] == [GRACE]
    nobody = facet.recognize("staff", encoded(grace()), where={"team": "none"})
    assert [one.decision for one in nobody.faces] == ["unknown"]
    claim = facet.verify_claim("staff", subject.id, encoded(grace()))
    assert claim.match and facet.verify(encoded(grace()), encoded(eileen())).match is False
    assert len(facet.embed(encoded(grace())).faces[0].embedding) == 128

    faces = list(facet.faces.list("staff", subject=subject.id))
    assert facet.faces.image("staff", faces[0].id)[:2] == b"\xff\xd8"
    assert facet.faces.get("staff", faces[0].id) == faces[0]
    assert facet.faces.erase("staff", faces[0].id).erased == "face"
    changed = facet.subjects.update("staff", subject.id, external_id="7")
    assert changed.external_id == "7" and changed.faces == 1
    other = facet.subjects.create("staff", "Amazing Grace", external_id="8")
    assert facet.subjects.merge("staff", other.id, subject.id).faces == 1
    assert facet.subjects.erase("staff", other.id, dry_run=True).dry_run
    assert facet.subjects.erase("staff", other.id).subjects == 1


def test_lists_go_over_pages(facet: Client) -> None:
    facet.collections.create("many")
    names = {facet.subjects.create("many", f"person {number}").name for number in range(103)}
    assert {one.name for one in facet.subjects.list("many")} == names


def test_exceptions_say_what_was_wrong(facet: Client, server: Server) -> None:
    facet.collections.create("staff")
    with pytest.raises(UnknownCollectionError) as error:
        facet.recognize("none", encoded(grace()))
    assert (error.value.status, error.value.code) == (404, "unknown-collection")
    assert error.value.request_id and error.value.hint
    with pytest.raises(UnknownSubjectError):
        facet.subjects.get("staff", "0" * 32)
    subject = facet.subjects.create("staff", GRACE)
    with pytest.raises(NoFaceError) as refused:
        facet.faces.enroll("staff", subject.id, [encoded(landscape())])
    assert refused.value.problem["results"][0]["status"] == "rejected"
    with Client(server.address, "facet_x_y") as stranger, pytest.raises(InvalidKeyError):
        list(stranger.collections.list())
    with Client(server.address + "/elsewhere") as lost, pytest.raises(FacetError):
        list(lost.collections.list())


def test_an_enrolment_that_is_repeated(facet: Client) -> None:
    facet.collections.create("staff")
    subject = facet.subjects.create("staff", GRACE).id
    first = facet.faces.enroll("staff", subject, [encoded(grace())], idempotency_key="k-1")
    again = facet.faces.enroll("staff", subject, [encoded(grace())], idempotency_key="k-1")
    assert first == again and again.enrolled == 1
    assert facet.collections.get("staff").faces == 1


def test_the_asynchronous_client_does_the_same(facet: Client, server: Server, key: str) -> None:
    facet.collections.create("staff")

    async def work() -> list[int]:
        async with AsyncClient(server.address, key) as client:
            subject = await client.subjects.create("staff", GRACE)
            await client.faces.enroll("staff", subject.id, [encoded(grace())])
            assert [one.name async for one in client.subjects.list("staff")] == [GRACE]
            with pytest.raises(UnknownCollectionError):
                await client.collections.get("none")
            answers = await asyncio.gather(
                *(client.recognize("staff", encoded(grace())) for _ in range(4))
            )
            return [sum(one.decision == "known" for one in answer.faces) for answer in answers]

    assert asyncio.run(work()) == [1, 1, 1, 1]


def test_a_reencoding_is_forecast(facet: Client) -> None:
    facet.collections.create("staff")
    subject = facet.subjects.create("staff", GRACE)
    facet.faces.enroll("staff", subject.id, [encoded(grace())])
    found = facet.jobs.forecast_reencoding("staff", "turned@1")
    assert (found.dry_run, found.to_encoder, found.ready) == (True, "turned@1", True)
    assert (found.encodable_faces, found.lost_faces, found.lost) == (1, 0, [])
    assert facet.collections.get("staff").encoder == found.from_encoder
    assert list(facet.jobs.list(kind="reencoding")) == []


def test_weights_are_pulled_once_the_licence_is_accepted(
    facet: Client, server: Server, weights: WeightServer
) -> None:
    model = write_manifest(server.data_dir / "manifests", "client-research", weights.url)
    with pytest.raises(FacetError) as refused:
        facet.jobs.pull_model(model)
    assert refused.value.code == "licence-not-accepted"
    done = facet.jobs.wait(facet.jobs.pull_model(model, accept_licence=True).id)
    assert (done.kind, done.state) == ("model-pull", "succeeded")
    assert json.loads(facet.jobs.result(done.id))["ready"] is True


def test_the_examples_of_the_page(facet: Client, server: Server, key: str, people: Path) -> None:
    package = Path(facet_client.__file__).parents[1]
    environment = os.environ | {
        "FACET_URL": server.address,
        "FACET_KEY": key,
        "ENCODER": "turned@1",
        "PYTHONPATH": os.pathsep.join([str(package), str(ROOT)]),
    }
    output = ""
    for program in blocks("how-to/python-client.md", "python"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            cwd=people.parent,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        output += done.stdout
    assert f"{GRACE}: enrolled" in output and "404 unknown-collection" in output
    assert output.rstrip().endswith("succeeded")
    # The job of the last example is over: whoever follows it now is told so at once.
    (job,) = facet.jobs.list(kind="reencoding")
    (event,) = facet.jobs.events(job.id)
    assert event.last and event.job == job == facet.jobs.wait(job.id)
    assert facet.collections.get("friends").encoder == "turned@1"
