"""`python -m training evaluate` from pictures on disk to figures on disk."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance
from typer.testing import CliRunner

from tests.portraits import eileen, grace, landscape
from training.__main__ import app
from training.data.sources import read_rgb
from training.measure.errors import EvaluationError
from training.measure.gallery import find_images
from training.measure.pairs import read_pairs

ENCODER = "facenet-resnet29@1"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pictures each of two people, one of nobody, and a table of pairs in two folds."""
    root = tmp_path_factory.mktemp("people")
    for name, portrait in (("eileen", eileen()), ("grace", grace())):
        (root / "nested" / name).mkdir(parents=True)
        for number in range(4):
            picture = portrait.rotate(5 * number).resize((300 + 40 * number,) * 2)
            picture = ImageEnhance.Brightness(picture).enhance(1 - 0.1 * number)
            picture.save(root / "nested" / name / f"{name}_{number}.jpg")
    (root / "nobody").mkdir()
    landscape().resize((300, 200)).save(root / "nobody" / "nobody_0.png")
    rows = ["fold\tfirst\tsecond\tsame"]
    for fold in (1, 2):
        for number in (0, 1):
            a, b = 2 * fold - 2, 2 * fold - 1
            name = ("eileen", "grace")[number]
            rows.append(f"{fold}\t{name}_{a}.jpg\t{name}_{b}.jpg\t1")
            rows.append(f"{fold}\teileen_{a}.jpg\tgrace_{(b, a)[number]}.jpg\t0")
    rows.append("2\tnobody_0.png\teileen_3.jpg\t1")
    (root / "pairs.tsv").write_text("\n".join(rows) + "\n")
    return root


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_verification(people: Path, tmp_path: Path, model_cache: Path) -> None:
    output = tmp_path / "out" / "report.json"
    options = ["--encoder", ENCODER, "--images", people, "--pairs", people / "pairs.tsv"]
    run("verification", *options, "--json", output, "--pad", 0.1, "--cache", model_cache)
    report = json.loads(output.read_text())
    # Eight pairs are easy; the ninth has no face in it and counts as not matched.
    assert (report["pairs"], report["undetected"], report["undetected_pairs"]) == (9, 1, 1)
    assert report["accuracy"] == pytest.approx((1 + 4 / 5) / 2)
    assert report["tar_at_far"] == {"1e-2": 0.8, "1e-3": 0.8}
    assert report["fnmr"] == {"1e-2": 0.2, "1e-3": 0.2, "1e-4": 0.2, "1e-5": 0.2}
    assert report["impostor_comparisons"] == 16
    assert report["auc"] == pytest.approx(0.8)
    assert 0 < report["eer"] <= 0.2
    assert (report["encoder"], report["detector"], report["mirror"]) == (
        ENCODER,
        "facet-detector@1",
        True,
    )
    assert report["accuracy_sd"] == pytest.approx(np.std([1, 0.8], ddof=1))
    for name in ("report-roc.png", "report-scores.png"):
        with Image.open(output.with_name(name)) as picture:
            assert picture.format == "PNG"


def test_calibration_refuses_too_little_data(
    people: Path, tmp_path: Path, model_cache: Path
) -> None:
    options = ["--encoder", ENCODER, "--images", people, "--cache", model_cache]
    result = CliRunner().invoke(
        app, ["evaluate", "calibrate", *map(str, options), "--json", str(tmp_path / "c.json")]
    )
    assert result.exit_code == 2
    reported = " ".join(result.output.split())
    assert "24 comparisons of different people; a curve takes 10,000" in reported
    assert not (tmp_path / "c.json").exists()


def test_unknown_encoder(people: Path, tmp_path: Path) -> None:
    options = ["--encoder", "nothing@1", "--images", people, "--pairs", people / "pairs.tsv"]
    arguments = ["evaluate", "verification", *map(str, options), "--json", str(tmp_path / "x")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2 and "unknown-model" in result.output


def test_pictures_are_found_by_name_anywhere(people: Path) -> None:
    found = find_images(people, ["grace_2.jpg", "nobody_0.png"])
    assert [path.name for path in found] == ["grace_2.jpg", "nobody_0.png"]
    assert len(find_images(people)) == 9
    with pytest.raises(EvaluationError, match=r"1 pictures are missing, such as gone\.jpg"):
        find_images(people, ["grace_2.jpg", "gone.jpg"])


def test_names_that_occur_twice(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (4, 4)).save(tmp_path / folder / "same.png")
    with pytest.raises(EvaluationError, match="twice"):
        find_images(tmp_path, ["same.png"])


@pytest.mark.parametrize(
    "content", ["", "fold\tfirst\n1\tx\n", "fold\tfirst\tsecond\tsame\nx\ta\tb\t1\n"]
)
def test_bad_tables(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(content)
    with pytest.raises(EvaluationError):
        read_pairs(path)


def test_padding_replicates_the_border(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    Image.new("RGB", (8, 4), (10, 20, 30)).save(path)
    padded = read_rgb(path, 0.25)
    assert padded.shape == (6, 12, 3)
    assert (padded == [10, 20, 30]).all()
