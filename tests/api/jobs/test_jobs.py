"""Jobs over HTTP. The server has no worker here: the tests do by hand what one would do."""

import secrets
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors.jobs import JobUnderwayError
from app.domain.jobs import Failure, JobFile
from app.services.jobs.upkeep import JobUpkeep
from app.services.jobs.work import JobTimes, JobWork
from tests.api.conftest import Client
from tests.api.jobs.conftest import PER_KEY, QUEUE, RESULT, TIMES, Keyed, refused
from tests.job_kinds import ALONE, REPEATABLE
from tests.portraits import encoded, grace


def test_a_waiting_job_as_its_key_sees_it(keyed: Keyed) -> None:
    job_id = keyed.submit(inputs={"content": JobFile("image/png", b"private")})
    answer = keyed("GET", f"/jobs/{job_id}")
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["kind"], shown["state"], shown["attempts"]) == ("repeatable", "queued", 0)
    assert (shown["parameters"], shown["result"], shown["failure"]) == ({"size": 3}, None, None)
    assert "private" not in answer.text
    refused(keyed("GET", f"/jobs/{job_id}/result"), 409, "job-not-finished")


def test_another_keys_job_is_an_unknown_one(server: Client, keyed: Keyed) -> None:
    job_id = keyed.submit()
    other = Keyed(server, "write")
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/events"),
        ("GET", "/result"),
        ("DELETE", "/result"),
    ):
        refused(other(method, f"/jobs/{job_id}{path}"), 404, "unknown-job")
        refused(keyed(method, f"/jobs/{secrets.token_hex(16)}{path}"), 404, "unknown-job")
    assert other("GET", "/jobs").json() == {"items": [], "next_cursor": None}
    assert server.get(f"/v1/jobs/{job_id}").json()["state"] == "queued"


def test_a_key_bound_to_a_collection_sees_its_jobs(server: Client, keyed: Keyed) -> None:
    collection = server.collection(f"c{secrets.token_hex(4)}")
    job_id = keyed.submit(collection_id=collection["id"])
    bound = {"collection": collection["name"]}
    assert Keyed(server, "admin", **bound)("GET", f"/jobs/{job_id}").status_code == 200
    assert Keyed(server, "write", **bound)("GET", f"/jobs/{job_id}").status_code == 404


def test_lists_are_paged_newest_first(keyed: Keyed) -> None:
    made = [keyed.submit() for _ in range(3)]
    keyed("DELETE", f"/jobs/{made[1]}")
    first = keyed("GET", "/jobs", params={"limit": 2}).json()
    assert [item["id"] for item in first["items"]] == [made[2], made[1]]
    rest = keyed("GET", "/jobs", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([made[0]], None)
    waiting = keyed("GET", "/jobs", params={"state": "queued"}).json()["items"]
    assert [item["id"] for item in waiting] == [made[2], made[0]]
    assert keyed("GET", "/jobs", params={"kind": "none"}).json()["items"] == []
    refused(keyed("GET", "/jobs", params={"state": "lost"}), 422, "invalid-request")
    refused(keyed("GET", "/jobs", params={"cursor": "x"}), 422, "invalid-cursor")


def test_a_result_is_fetched_until_it_is_erased(keyed: Keyed) -> None:
    job_id = keyed.submit()
    refused(keyed("DELETE", f"/jobs/{job_id}/result"), 409, "job-not-finished")
    keyed.succeed(job_id)
    shown = keyed("GET", f"/jobs/{job_id}").json()
    assert (shown["state"], shown["progress"]["fraction"]) == ("succeeded", 1.0)
    assert (shown["result"]["media_type"], shown["result"]["bytes"]) == ("image/png", 11)
    answer = keyed("GET", f"/jobs/{job_id}/result")
    assert (answer.status_code, answer.content) == (200, RESULT.content)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-store"
    assert keyed("DELETE", f"/jobs/{job_id}/result").status_code == 200
    refused(keyed("GET", f"/jobs/{job_id}/result"), 410, "result-expired")
    refused(keyed("DELETE", f"/jobs/{job_id}/result"), 410, "result-expired")


def test_results_expire_and_leave_no_bytes(server: Client, keyed: Keyed) -> None:
    secret = secrets.token_bytes(64)
    job_id = keyed.submit(inputs={"content": JobFile("image/png", secret)})
    times = JobTimes(5, 30, timedelta(0), timedelta(days=1))  # kept for no time at all
    job = keyed.run(job_id)
    assert JobWork(keyed.storage, times).succeed(job, JobFile("image/png", secret[::-1]))
    data = Path(server.app.edge.settings.data_dir)

    def on_disk(what: bytes) -> bool:
        return any(what in file.read_bytes() for file in data.glob("facet.db*"))

    with closing(sqlite3.connect(data / "facet.db")) as database:
        rows = database.execute("SELECT content FROM job_files WHERE job_id = ?", (job_id,))
        sealed = [content for (content,) in rows]
    assert sealed and all(map(on_disk, sealed)) and not on_disk(secret[::-1])
    JobUpkeep(keyed.storage, TIMES).run()
    refused(keyed("GET", f"/jobs/{job_id}/result"), 410, "result-expired")
    assert not any(map(on_disk, [*sealed, secret, secret[::-1]]))


@pytest.mark.parametrize(
    ("slug", "status"),
    [("no-face", 422), ("worker-lost", 409), ("internal-error", 409), ("of-another-time", 409)],
)
def test_a_failed_job_answers_with_its_failure(keyed: Keyed, slug: str, status: int) -> None:
    job_id = keyed.submit()
    failure = Failure(slug, "It went wrong.", "Do this.", {"pixels": 7})
    assert keyed.work.fail(keyed.run(job_id), failure)
    answer = keyed("GET", f"/jobs/{job_id}/result")
    refused(answer, status, slug)
    assert (answer.json()["pixels"], answer.json()["hint"]) == (7, "Do this.")
    shown = keyed("GET", f"/jobs/{job_id}").json()["failure"]
    assert shown == {
        "code": slug,
        "detail": "It went wrong.",
        "hint": "Do this.",
        "data": {"pixels": 7},
    }


def test_cancelling(keyed: Keyed) -> None:
    waiting, running_, done = (keyed.submit() for _ in range(3))
    keyed.succeed(waiting)
    refused(keyed("DELETE", f"/jobs/{waiting}"), 409, "job-settled")
    mine = keyed.run(running_)
    for job_id in (running_, done, done):
        answer = keyed("DELETE", f"/jobs/{job_id}")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    refused(keyed("GET", f"/jobs/{running_}/result"), 409, "job-cancelled")
    assert not keyed.work.succeed(mine, RESULT)


def test_reencodings_are_jobs(server: Client) -> None:
    name = server.collection(f"c{secrets.token_hex(4)}", encoder="facenet-resnet29@1")["name"]
    path, new = f"/collections/{name}/reencodings", {"encoder": "facenet-resnet29-robust@1"}
    admin = Keyed(server, "admin")
    answer = admin("POST", path, json=new)
    assert answer.status_code == 202
    shown = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{shown['id']}"
    assert (shown["kind"], shown["parameters"]["encoder"]) == ("reencoding", new["encoder"])
    second = admin("POST", path, json=new)
    refused(second, 409, "job-underway")
    assert second.json()["job"] == shown["id"]
    assert admin("DELETE", f"/jobs/{shown['id']}").status_code == 200
    refused(admin("POST", path, json={"encoder": "facenet-resnet29@1"}), 422, "invalid-request")
    refused(admin("POST", path, json={"encoder": "nothing@1"}), 404, "unknown-model")
    refused(admin("POST", path, json={"encoder": "mtcnn@1"}), 422, "wrong-task")
    refused(admin("POST", path, json={**new, "fast": True}), 422, "invalid-request")
    refused(admin("POST", "/collections/nobody/reencodings", json=new), 404, "unknown-collection")
    refused(Keyed(server, "write")("POST", path, json=new), 403, "insufficient-scope")


def test_a_reencoding_is_forecast_before_it_is_ordered(server: Client) -> None:
    made = server.collection(f"c{secrets.token_hex(4)}", encoder="facenet-resnet29@1")
    server.enrol(server.subject("Grace", made["name"]), encoded(grace()), collection=made["name"])
    path, new = f"/collections/{made['name']}/reencodings", "facenet-resnet29-robust@1"
    admin = Keyed(server, "admin")
    answer = admin("GET", path, params={"encoder": new})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["from_encoder"], found["to_encoder"]) == (made["encoder"], new)
    assert (found["dry_run"], found["ready"], found["problem"]) == (True, True, None)
    assert (found["encodable_faces"], found["lost_faces"], found["lost"]) == (1, 0, [])
    assert found["pictures"] == {"looked_for": 1, "missing": 0, "not_looked_for": 0}
    assert found["seconds"] > 0 and found["seconds_from"] == "typical"
    ordered = admin("GET", "/jobs", params={"kind": "reencoding"}).json()["items"]
    assert made["name"] not in [job["parameters"]["collection"] for job in ordered]
    refused(Keyed(server, "write")("GET", path, params={"encoder": new}), 403, "insufficient-scope")


def test_renewals_are_jobs(server: Client) -> None:
    made = server.collection(f"c{secrets.token_hex(4)}")
    path, admin = f"/collections/{made['name']}/renewals", Keyed(server, "admin")
    assert made["protection"] == 1
    answer = admin("POST", path, json={})
    assert (answer.status_code, answer.json()["kind"]) == (202, "renewal")
    assert answer.json()["parameters"]["version"] == 2
    refused(admin("POST", path, json={}), 409, "job-underway")
    assert admin("DELETE", f"/jobs/{answer.json()['id']}").status_code == 200
    refused(admin("POST", "/collections/nobody/renewals", json={}), 404, "unknown-collection")
    refused(Keyed(server, "write")("POST", path, json={}), 403, "insufficient-scope")


def test_limits_of_a_key_and_of_the_queue(server: Client) -> None:
    names = [server.collection(f"c{secrets.token_hex(4)}")["name"] for _ in range(QUEUE + 1)]
    keys = [Keyed(server, "admin") for _ in range(QUEUE // PER_KEY + 1)]
    new = {"encoder": "facenet-resnet29@1"}

    def ask(key: Keyed, name: str) -> Any:
        return key("POST", f"/collections/{name}/reencodings", json=new)

    for name in names[:PER_KEY]:
        assert ask(keys[0], name).status_code == 202
    too_many = ask(keys[0], names[PER_KEY])
    refused(too_many, 429, "too-many-jobs")
    assert int(too_many.headers["retry-after"]) > 0
    for number in range(PER_KEY, QUEUE):
        assert ask(keys[number // PER_KEY], names[number]).status_code == 202
    full = ask(keys[-1], names[QUEUE])
    refused(full, 503, "queue-full")
    assert int(full.headers["retry-after"]) > 0
    text = server.get("/metrics").text
    assert f'facet_jobs{{kind="reencoding",state="queued"}} {QUEUE}.0' in text
    assert "facet_job_waiting_seconds" in text
    for name in names:
        assert server.delete(f"/v1/collections/{name}").status_code == 200
    assert server.get("/v1/jobs", params={"state": "queued"}).json()["items"] == []


def test_a_job_that_nobody_takes_fails_in_the_end(keyed: Keyed) -> None:
    job_id = keyed.submit(inputs={"content": JobFile("image/png", b"private")})
    JobUpkeep(keyed.storage, TIMES).run()
    assert keyed("GET", f"/jobs/{job_id}").json()["state"] == "queued"
    JobUpkeep(keyed.storage, JobTimes(5, 30, timedelta(0), timedelta(days=1))).run()
    refused(keyed("GET", f"/jobs/{job_id}/result"), 409, "job-not-started")
    with keyed.storage.read() as work:
        assert work.jobs.inputs(job_id) == {}


def test_old_jobs_are_forgotten(keyed: Keyed) -> None:
    job_id = keyed.submit()
    keyed("DELETE", f"/jobs/{job_id}")
    JobUpkeep(keyed.storage, TIMES).run()
    assert keyed("GET", f"/jobs/{job_id}").status_code == 200
    JobUpkeep(keyed.storage, JobTimes(5, 30, timedelta(hours=1), timedelta(0))).run()
    refused(keyed("GET", f"/jobs/{job_id}"), 404, "unknown-job")


def test_an_operator_sets_the_time_a_kind_may_take(keyed: Keyed) -> None:
    times = [keyed.jobs.get(keyed.principal, keyed.submit(kind)) for kind in (ALONE, REPEATABLE)]
    assert [job.timeout for job in times] == [7.5, REPEATABLE.timeout]


def test_an_exclusive_kind_minds_the_collection(server: Client, keyed: Keyed) -> None:
    one = server.collection(f"c{secrets.token_hex(4)}")["id"]
    two = server.collection(f"c{secrets.token_hex(4)}")["id"]
    keyed.submit(ALONE, collection_id=one)
    keyed.submit(ALONE, collection_id=two)
    with pytest.raises(JobUnderwayError, match="already"):
        keyed.submit(ALONE, collection_id=one)
