"""Pictures of many people: every face that is there is found."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from app.cli.main import app
from benchmarks import pictures
from benchmarks.networks.crowd_pictures import crowds
from models.pipelines.detection.results import default_min_face
from models.pipelines.faces.pipeline import face_detector
from models.registry.registry import Registry
from tests import portraits
from training.data.sources import Sample
from training.detection.measuring.figures import matches
from training.detection.scenes.faces import labelled_faces

_SIDE = 280


@pytest.mark.parametrize(("columns", "rows"), [(6, 5), (8, 6), (15, 10), (20, 13)])
def test_every_face_of_a_grid_is_found(model_cache: Path, columns: int, rows: int) -> None:
    registry = Registry(model_cache)
    detector = face_detector(registry, registry.default("detect-faces"))
    picture = _grid(columns, rows)
    found = detector.detect(np.asarray(picture), default_min_face(*picture.size), 0.9)
    centers = found.boxes[:, :2] + found.boxes[:, 2:] / 2
    cells = {(int(x // _SIDE), int(y // _SIDE)) for x, y in centers}
    assert len(cells) >= 0.97 * columns * rows
    assert len(found) == len(cells)  # no face twice, and none where there is none
    assert not found.truncated


@pytest.mark.parametrize("side", [13, 15])
def test_one_face_on_every_place_of_a_wall(model_cache: Path, side: int) -> None:
    """So large that each is easily found, and so many that a tenth of them is missed."""
    detector = face_detector(Registry(model_cache), "facet-detector@1")
    portrait = np.asarray(portraits.grace().crop((130, 40, 400, 310)))
    picture = np.tile(portrait, (side, side, 1))
    found = detector.detect(picture, default_min_face(*picture.shape[1::-1]))
    assert len(found) == side * side


@pytest.mark.parametrize(
    "size", [(4000, 1500), (8000, 1500), (12000, 1800), (1080, 12000), (5600, 3640)]
)
def test_panoramas_and_tall_screenshots_are_searched(
    model_cache: Path, size: tuple[int, int]
) -> None:
    """Three faces 83 to 117 pixels wide, far apart."""
    registry = Registry(model_cache)
    detector = face_detector(registry, registry.default("detect-faces"))
    picture = Image.new("RGB", size, "grey")
    for number in range(3):
        x, y = ((side - 165) * (2 * number + 1) // 6 for side in size)
        picture.paste(_portrait(number).resize((165, 165)), (x, y))
    assert len(detector.detect(np.asarray(picture), default_min_face(*size), 0.9)) == 3


@pytest.mark.parametrize(
    ("key", "bound"),
    [
        ("mtcnn@1", "detection.mtcnn_detection._PROPOSALS"),
        ("facet-detector@1", "detection.proposing._PER_MEGAPIXEL"),
    ],
)
def test_a_bound_on_the_work_is_told(
    model_cache: Path, monkeypatch: pytest.MonkeyPatch, key: str, bound: str
) -> None:
    detector = face_detector(Registry(model_cache), key)
    picture = np.asarray(_grid(2, 2))
    assert not detector.detect(picture, 40).truncated
    monkeypatch.setattr(f"models.pipelines.{bound}", 2)
    assert detector.detect(picture, 40).truncated


def test_commands_say_that_faces_were_left_out(model_cache: Path, tmp_path: Path) -> None:
    _grid(2, 2).save(tmp_path / "four.png")
    environment = {
        "FACET_DATA_DIR": str(tmp_path / "data"),
        "FACET_MODEL_CACHE_DIR": str(model_cache),
    }

    def detect(*arguments: str) -> str:
        command = ["detect", str(tmp_path / "four.png"), "--min-face", "40", *arguments]
        return CliRunner().invoke(app, command, env=environment).stdout

    assert "4 faces of 40 pixels and more" in detect() and "left out" not in detect()
    assert "left out" in detect("--max-faces", "3")


def test_crowds_of_mixed_sizes(model_cache: Path) -> None:
    """Whatever is as large as was asked for is found, and nothing that is no face."""
    registry = Registry(model_cache)
    detector = face_detector(registry, registry.default("detect-faces"))
    samples = [Sample(str(path), path.stem) for path in pictures.portraits()]
    faces = labelled_faces(samples, registry, "mtcnn@1", model_cache / "crowds")
    asked = met = 0
    for picture in crowds(faces, 3, seed=2):
        smallest = default_min_face(*picture.rgb.shape[1::-1])
        found = detector.detect(picture.rgb, smallest)
        outcome = matches(found.corners, picture.boxes, picture.ignored).truth
        assert (outcome >= 0).all()
        sides = (picture.boxes[:, 2:] - picture.boxes[:, :2]).min(axis=1)
        large = np.flatnonzero(sides >= smallest)
        asked, met = asked + len(large), met + int(np.isin(large, outcome).sum())
    assert asked > 50 and met >= 0.97 * asked


def _grid(columns: int, rows: int) -> Image.Image:
    picture = Image.new("RGB", (_SIDE * columns, _SIDE * rows))
    for place in range(columns * rows):
        corner = (_SIDE * (place % columns), _SIDE * (place // columns))
        picture.paste(_portrait(place), corner)
    return picture


def _portrait(number: int) -> Image.Image:
    """One of four squares: two people, and their mirror images."""
    if number % 2:
        face = portraits.eileen().crop((140, 20, 320, 200))
    else:
        face = portraits.grace().crop((130, 40, 400, 310))
    face = face.resize((_SIDE, _SIDE))
    return face.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 4 > 1 else face
