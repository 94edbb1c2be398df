"""`evaluate labels`: the report, the sheet and the list of what to leave out."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from tests.made_up_galleries import unit
from training.__main__ import app
from training.data.chips import ChipSet

PEOPLE, PICTURES = 60, 3


@pytest.fixture
def faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sixty people of three pictures, of which one copies another person's under its own name."""
    rng = np.random.default_rng(2)
    labels = np.repeat(np.arange(PEOPLE), PICTURES)
    embeddings = np.repeat(unit(rng, PEOPLE, 64), PICTURES, axis=0)
    embeddings += 0.5 * unit(rng, len(labels), 64)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    chips = rng.integers(0, 256, (len(labels), 32, 32, 3), dtype=np.uint8)
    embeddings[0], chips[0] = embeddings[30], chips[30]
    identities = tuple(f"p{number:02}" for number in range(PEOPLE))
    cut = ChipSet(
        chips,
        np.zeros((len(labels), 5, 2), np.float32),
        labels,
        identities,
        tuple(f"faces/{identities[who]}/{i % PICTURES}.jpg" for i, who in enumerate(labels)),
        ("",) * len(labels),
    )
    commands = "training.encoders.commands.labels"
    monkeypatch.setattr("training.encoders.commands.options.find_images", lambda *_: [])
    monkeypatch.setattr(f"{commands}.chips_of", lambda *_: cut)
    monkeypatch.setattr(f"{commands}.encoder_of", lambda *_: None)
    monkeypatch.setattr(f"{commands}.encode_chips", lambda *_: embeddings)
    return tmp_path


def test_what_is_doubted_is_listed_and_shown(faces: Path) -> None:
    out = faces / "labels.json"
    options = ["--encoder", "facenet-resnet29@1", "--images", str(faces), "--json", str(out)]
    done = CliRunner().invoke(app, ["evaluate", "labels", *options])
    assert done.exit_code == 0, done.output
    (doubt,) = json.loads(out.read_text())["doubts"]
    assert doubt["kind"] == "same-picture"
    assert {doubt["picture"], doubt["like"]} == {"p00/0.jpg", "p10/0.jpg"}
    assert out.with_suffix(".txt").read_text() == "p00/0.jpg\np10/0.jpg\n"
    sheet = cv2.imread(str(out.with_suffix(".png")))
    assert sheet is not None and sheet.shape == (150 + 18, 6 * 150, 3)


def test_too_few_pictures_are_told(faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("3 comparisons of different people are too few to calibrate on")

    monkeypatch.setattr("training.encoders.commands.labels.find_doubts", refuse)
    options = ["--encoder", "facenet-resnet29@1", "--images", str(faces)]
    done = CliRunner().invoke(
        app, ["evaluate", "labels", *options, "--json", str(faces / "labels.json")]
    )
    assert done.exit_code == 2 and "too few" in done.output
    assert not (faces / "labels.json").exists()
