"""SDKs for JavaScript as published, against a running server: every call that they offer."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.node import command, environment
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

FOLDER = Path(__file__).with_name("javascript")
REGION = "eu-central-1"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    portraits = {"grace": grace(), "eileen": eileen(), "nobody": landscape()}
    for name, picture in {**portraits, "both": side_by_side(grace(), eileen())}.items():
        (folder / f"{name}.jpg").write_bytes(encoded(picture))
    return folder


@pytest.fixture(scope="module")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Iterator[Server]:
    if not (FOLDER / "node_modules").exists():
        pytest.skip("the SDKs are not installed: make setup")
    data = tmp_path_factory.mktemp("sdks") / "data"
    formats = {"wire_formats": "native,compreface,rekognition", "rekognition_region": REGION}
    with Server(starter, data, model_cache, job_workers="0", **formats) as server:
        yield server


def key(server: Server, form: str, *arguments: str) -> dict[str, str]:
    making = ("keys", "create", "--for", form, "--json", *arguments)
    made: dict[str, str] = json.loads(server.facet(*making))
    return made


def run(name: str, pictures: Path, variables: dict[str, str]) -> None:
    done = subprocess.run(
        command("node", "--test", "--test-reporter=tap", str(FOLDER / name)),
        env=environment() | variables,
        cwd=pictures,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_the_sdk_of_compreface(server: Server, pictures: Path) -> None:
    server.facet("collections", "create", "door")
    made = key(server, "compreface", "--collection", "door")
    own = {"FACET_URL": server.address, "FACET_KEY": made["key"]}
    run("compreface.test.mjs", pictures, own)


def test_the_sdk_of_aws(server: Server, pictures: Path) -> None:
    made = key(server, "rekognition")
    run(
        "rekognition.test.mjs",
        pictures,
        {
            "AWS_ENDPOINT_URL_REKOGNITION": server.address,
            "AWS_ACCESS_KEY_ID": made["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": made["secret_access_key"],
            "AWS_REGION": REGION,
        },
    )
