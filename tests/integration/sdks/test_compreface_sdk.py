"""CompreFace's Python SDK 0.6.0, unchanged, against a running server: every call that it offers."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.server import ROOT, Server, Starter
from tests.portraits import eileen, encoded, grace, landscape, side_by_side

PYTHON = ROOT / "build" / "sdks" / "compreface" / "bin" / "python"


@pytest.fixture(scope="module")
def got(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> dict[str, Any]:
    """Answers by the names of the calls."""
    if not PYTHON.exists():
        pytest.skip("the SDK is not installed: make build/sdks/compreface/.installed")
    folder = tmp_path_factory.mktemp("pictures")
    pictures = {
        "grace": grace(),
        "eileen": eileen(),
        "both": side_by_side(grace(), eileen()),
        "nobody": landscape(),
    }
    for name, picture in pictures.items():
        (folder / f"{name}.jpg").write_bytes(encoded(picture))
    data = tmp_path_factory.mktemp("sdk") / "data"
    server = Server(starter, data, model_cache, wire_formats="native,compreface", job_workers="0")
    server.facet("collections", "create", "staff")
    making = ("keys", "create", "--for", "compreface", "--collection", "staff", "--json")
    key = json.loads(server.facet(*making))["key"]
    script = Path(__file__).with_name("compreface_calls.py")
    with server:
        command = [PYTHON, script, "http://127.0.0.1", str(server.port), key, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_what_is_enrolled_is_recognized(got: dict[str, Any]) -> None:
    assert got["add subject"] == {"subject": "Grace"}
    assert got["add"]["subject"] == "Grace"
    assert got["add bytes"]["subject"] == "Eileen Collins"
    assert got["subjects"] == {"subjects": ["Grace", "Eileen Collins"]}
    assert [face["subject"] for face in got["list"]["faces"]] == ["Grace", "Eileen Collins"]
    people = [face["subjects"] for face in got["recognize"]["result"]]
    assert sorted(found[0]["subject"] for found in people) == ["Eileen Collins", "Grace"]
    assert all(found[0]["similarity"] > 0.6 > 0.5 > found[1]["similarity"] for found in people)
    assert all(len(face["landmarks"]) == 5 for face in got["recognize"]["result"])
    assert "detector" in got["recognize"]["plugins_versions"]
    (face,) = got["recognize plainly"]["result"]
    assert face["subjects"][0]["subject"] == "Grace"


def test_pictures_are_compared(got: dict[str, Any]) -> None:
    assert got["verify face"]["result"][0]["similarity"] > 0.6
    assert len(got["detect"]["result"]) == 2
    (result,) = got["verify"]["result"]
    low, high = sorted(match["similarity"] for match in result["face_matches"])
    assert low < 0.5 < 0.6 < high
    assert set(result["source_image_face"]["box"]) == {
        *("probability", "x_min", "y_min", "x_max", "y_max")
    }


def test_what_is_deleted_is_gone(got: dict[str, Any]) -> None:
    assert got["rename"] == {"updated": True}
    deleted = {"image_id": got["add"]["image_id"], "subject": "Grace Hopper"}
    assert got["delete face"] == deleted
    assert got["delete faces"] == {"deleted": 1}
    assert got["delete faces of nobody"] == {"deleted": 0}
    assert got["delete subject"] == {"subject": "Grace Hopper"}
    assert got["delete all"] == {"deleted": 1}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("add it again", 43),
        ("add nobody", 28),
        ("recognize nobody", 28),
        ("recognize none", 26),
        ("verify unknown", 11),
        ("detect nobody", 28),
        ("verify nobody", 28),
        ("rename nobody", 42),
        ("delete it again", 11),
        ("delete nobody", 42),
        ("wrong key", 10),
    ],
)
def test_what_fails_has_a_number(got: dict[str, Any], call: str, code: int) -> None:
    assert set(got[call]) == {"message", "code"}
    assert got[call]["code"] == code


def test_the_sdk_itself_is_the_published_one(got: dict[str, Any]) -> None:
    assert got["refused by itself"] is True
