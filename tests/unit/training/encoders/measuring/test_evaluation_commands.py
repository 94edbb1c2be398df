"""The commands of `python -m training`, on four pictures of two people."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import portraits
from training.__main__ import app
from training.augment.conditions import CONDITIONS

ENCODER = "facenet-resnet29@1"


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("people")
    for name, portrait in (("Grace", portraits.grace()), ("Eileen", portraits.eileen())):
        (directory / name).mkdir()
        for i, quality in enumerate((92, 60)):
            picture = portrait.resize((256 - 8 * i, 288))
            content = portraits.encoded(picture, quality=quality)
            (directory / name / f"{name}_{i}.jpg").write_bytes(content)
    rows = [
        f"{fold}\t{first}.jpg\t{second}.jpg\t{same}\n"
        for fold in (1, 2)
        for first, second, same in (
            ("Grace_0", "Grace_1", 1),
            ("Eileen_0", "Eileen_1", 1),
            ("Grace_0", "Eileen_1", 0),
            ("Eileen_0", "Grace_1", 0),
        )
    ]
    (directory / "pairs.tsv").write_text("fold\tfirst\tsecond\tsame\n" + "".join(rows))
    (directory / "groups.tsv").write_text("identity\tera\nGrace\tearly\nEileen\tlate\n")
    return directory


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())  # without the line breaks of a narrow terminal


def common(images: Path, cache: Path, encoder: bool = True) -> list[object]:
    key = ["--encoder", ENCODER] if encoder else []
    return [*key, "--images", images, "--pairs", images / "pairs.tsv", "--cache", cache]


def test_verification_with_groups(images: Path, model_cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "v.json"
    groups = ["--groups", images / "groups.tsv", "--group-column", "era"]
    run("evaluate", "verification", *common(images, model_cache), "--json", out, *groups)
    report = json.loads(out.read_text())
    assert report["accuracy"] == 1
    assert report["confidence_95"]["accuracy"] == [1, 1]
    assert report["groups"]["early"]["fnmr"]["1e-3"] == 0
    assert report["groups"]["early"]["fmr"]["1e-3"] is None
    assert {p.name for p in out.parent.iterdir()} == {"v.json", "v-roc.png", "v-scores.png"}


def test_robustness(images: Path, model_cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    run("evaluate", "robustness", *common(images, model_cache), "--json", out)
    report = json.loads(out.read_text())
    for name in CONDITIONS:
        assert set(report[name]) == {"accuracy", "fnmr", "pairs", "impostors"}
        assert report[name]["pairs"] == 8
        assert report[name]["impostors"] == 4
    assert report["encoder"] == ENCODER
    assert (tmp_path / "r.png").exists()


def test_identification(images: Path, model_cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "i.json"
    run("evaluate", "identification", *common(images, model_cache), "--json", out)
    report = json.loads(out.read_text())
    assert report["closed_set"] == {"gallery": 2, "probes": 2, "cmc": {"1": 1, "2": 1}}
    assert report["open_set"]["dir"] == {"1e-2": 1, "1e-3": 1}
    assert (tmp_path / "i-cmc.png").exists()


def test_speed(model_cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.json"
    arguments = ["--encoder", ENCODER, "--cache", model_cache, "--json", out, "--batch", 2]
    run("evaluate", "speed", *arguments)
    times = json.loads(out.read_text())["ms_per_face"]
    assert 0 < times["2"]["fastest"] <= times["2"]["median"]


def test_compare(images: Path, model_cache: Path, tmp_path: Path) -> None:
    out = tmp_path / "compared"
    run("compare", ENCODER, *common(images, model_cache, encoder=False), "-o", out)
    expected = {"comparison.json", "comparison.md", "roc.png", "det.png", "scores.png"}
    assert {p.name for p in out.iterdir()} == expected | {"impostors.png", "projection.png"}
    assert "| accuracy | 1.0000 [1.0000, 1.0000] |" in (out / "comparison.md").read_text()


def test_preview_with_and_without_a_configuration(
    images: Path, model_cache: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[augment.mirror]\nprobability = 1\n")
    base = ["preview", "--data", images, "--cache", model_cache, "--faces", 2]
    run(*base, "-o", tmp_path / "a.png")
    run(*base, "-o", tmp_path / "b.png", "--config", config)
    assert (tmp_path / "a.png").exists()
    assert (tmp_path / "b.png").exists()
    config.write_text("[augment.miror]\nprobability = 1\n")
    assert "augment.miror" in run(*base, "-o", tmp_path / "c.png", "--config", config, status=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--folds", "9"], "no fold 9"), (["--encoder", "nobody@1"], "nobody@1")],
)
def test_mistakes_end_with_one_line(
    images: Path, model_cache: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    base = [*common(images, model_cache), "--json", tmp_path / "x.json"]
    assert message in run("evaluate", "robustness", *base, *arguments, status=2)


def no_face_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "training.data.chips.face_detector", lambda *_: pytest.fail("looked for faces first")
    )


@pytest.mark.parametrize("command", ["verification", "robustness"])
def test_pairs_are_judged_before_the_work(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    no_face_is_looked_for(monkeypatch)
    options = [*common(images, tmp_path), "--folds", "2", "--json", tmp_path / "v.json"]
    said = run("evaluate", command, *options, status=2)
    assert "name two folds or more" in said


def test_too_few_pictures_to_calibrate_are_told_before_the_work(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_face_is_looked_for(monkeypatch)
    options = ["--encoder", ENCODER, "--images", images, "--cache", tmp_path]
    said = run("evaluate", "calibrate", *options, status=2)
    assert "4 pictures of 2 people give 4 comparisons" in said and "10,000" in said
    (tmp_path / "one.txt").write_text("Grace\n")
    said = run("evaluate", "calibrate", *options, "--people", tmp_path / "one.txt", status=2)
    assert "2 pictures of 1 people" in said
    (tmp_path / "none.txt").write_text("Nobody\n")
    said = run("evaluate", "calibrate", *options, "--people", tmp_path / "none.txt", status=2)
    assert "no pictures of the people" in said
