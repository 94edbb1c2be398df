"""The OpenAPI description and the running server agree, as far as schemathesis can tell."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.integration.server import ROOT, Server, Starter
from tests.portraits import encoded, grace

pytestmark = pytest.mark.long

SEED = "1"


def test_the_description_holds_for_the_running_server(
    starter: Starter, tmp_path: Path, model_cache: Path
) -> None:
    """All checks, in every phase: examples, coverage, fuzzing, and chains of linked requests."""
    # Jobs are asked for by the dozen, and none of them has to be done. Queries may be longer than
    # headers are by default, which is refused before there is a route.
    settings = {"job_workers": "0", "max_header_bytes": str(2**20)}
    server = Server(starter, tmp_path / "data", model_cache, **settings)
    key = server.create_key()
    portrait = encoded(grace().crop((120, 20, 400, 330)).resize((130, 144)))
    with server, server.client(key) as client:
        environment = {
            **os.environ,
            "FACET_KEY": key,
            "FACET_SUBJECT": _enrolled_subject(client, portrait),
            "FACET_PORTRAIT": base64.b64encode(portrait).decode(),
        }
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run"),
            *("--seed", SEED, "--continue-on-failure", f"{server.address}/openapi.json"),
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        server.wait_until_ready()
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "internal-error" not in server.log.read_text()


def _enrolled_subject(client: httpx.Client, portrait: bytes) -> str:
    client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
    made = client.post("/v1/collections/staff/subjects", json={"name": "Grace Hopper"})
    subject = str(made.json()["id"])
    path = f"/v1/collections/staff/subjects/{subject}/faces"
    client.post(path, files={"images": portrait}).raise_for_status()
    return subject
