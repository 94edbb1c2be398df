"""`facet collections reencode`."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.services.use_cases import UseCases
from app.settings import Settings
from app.vision.faces.analyser import FaceAnalyser
from tests.two_encoders import NEW, OLD, everybody_is_recognised, without_images


def command(settings: Settings, *arguments: str) -> tuple[int, str]:
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }
    done = CliRunner().invoke(app, ["collections", "reencode", *arguments], env=environment)
    return done.exit_code, done.stdout


def test_the_command(cases: UseCases, settings: Settings) -> None:
    code, text = command(settings, "staff", "--encoder", NEW, "--json")
    assert code == 0, text
    assert json.loads(text) == {
        "collection": "staff",
        "from": OLD,
        "to": NEW,
        "switched": True,
        "faces": 4,
        "erased": 0,
        "left_out": [],
    }
    assert everybody_is_recognised(cases)


def test_the_command_with_faces_left_out(cases: UseCases, settings: Settings) -> None:
    lost, bare = without_images(cases)
    code, text = command(settings, "staff", "--encoder", NEW, "--yes")
    assert code == 2
    assert "no-image" in text and "image-lost" in text
    code, text = command(settings, "staff", "--encoder", NEW, "--json")
    assert code == 2
    assert {one["face_id"] for one in json.loads(text)["left_out"]} == {lost, bare}
    assert command(settings, "staff", "--encoder", NEW, "--discard")[0] == 0
    assert cases.reencoder.plan("staff", NEW).ready == 0
    assert command(settings, "staff", "--encoder", NEW, "--yes", "--erase-left-out")[0] == 0
    assert everybody_is_recognised(cases)


def test_a_dry_run_tells_what_would_be_lost_and_changes_nothing(
    cases: UseCases, settings: Settings
) -> None:
    without_images(cases)
    code, text = command(settings, "staff", "--encoder", NEW, "--dry-run", "--json")
    found = json.loads(text)
    assert code == 0 and found["dry_run"]
    assert (found["from_encoder"], found["to_encoder"]) == (OLD, NEW)
    assert (found["faces"], found["lost_faces"], found["encodable_faces"]) == (5, 2, 3)
    code, text = command(settings, "staff", "--encoder", NEW, "--dry-run")
    words = " ".join(text.split())
    assert code == 0 and "2 faces have no picture and would be lost" in words
    assert cases.collections.get("staff").encoder == OLD
    assert cases.reencoder.plan("staff", NEW).ready == 0


def test_the_command_asks_first(cases: UseCases, settings: Settings) -> None:
    code, text = command(settings, "staff", "--encoder", NEW)  # nobody answers
    assert code == 1
    assert "4 faces" in text
    assert cases.reencoder.plan("staff", NEW).ready == 0


def test_stopped_by_hand(
    cases: UseCases, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = FaceAnalyser.analyse, []

    def analyse(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(FaceAnalyser, "analyse", analyse)
    code, _ = command(settings, "staff", "--encoder", NEW, "--yes")
    assert code == 130
    assert cases.reencoder.plan("staff", NEW).ready == 2
    assert command(settings, "staff", "--encoder", NEW, "--yes")[0] == 0
    assert len(calls) == 5


def test_the_doctor_tells_who_could_move_and_moves_nobody(
    cases: UseCases, settings: Settings
) -> None:
    cases.collections.create("visitors", encoder=NEW, keep_images=False)

    def doctor(*arguments: str) -> str:
        environment = {
            "FACET_DATA_DIR": str(settings.data_dir),
            "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
        }
        done = CliRunner().invoke(app, ["doctor", *arguments], env=environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    command = f"facet collections reencode visitors --encoder {OLD}"
    assert json.loads(doctor("--json")) == {
        "default_encoder": OLD,
        "reencode": [
            {
                "collection": "visitors",
                "encoder": NEW,
                "faces": 0,
                "keeps_images": False,
                "command": command,
            }
        ],
    }
    assert command in doctor() and "staff" not in doctor()
    assert cases.collections.get("visitors").encoder == NEW
    cases.erasure.collection("visitors")
    assert "Every collection" in doctor()
