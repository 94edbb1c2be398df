"""Commands on tracks without a run: the mean weighted by quality is measured and published."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.registry.manifests.aggregators import AggregatorManifest
from models.registry.registry import Registry
from tests.unit.training.tracks.test_track_training import DIMENSION, PEOPLE, PHOTOGRAPHS, filmed
from training.__main__ import app
from training.tracks.commands import evaluate, publish

CARD = """
name = "mean"
version = 1
description = "-"
limits = "-"
training_data = "-"
licence = {name = "MIT", url = "-", commercial = true}
"""
HELD = range(16)
"""Numbers of the people in the fold that is held out."""


@pytest.fixture
def pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (evaluate, publish):
        monkeypatch.setattr(module, "filmed_by", lambda *_: filmed(5))
    firsts = [person * PHOTOGRAPHS for person in HELD]
    rows = [f"4\t{row}.jpg\t{row + 1}.jpg\t1" for row in firsts]
    path = tmp_path / "pairs.tsv"
    few = [row.replace("4", "6", 1) for row in rows[:4]]
    path.write_text("\n".join(["fold\tfirst\tsecond\tsame", *rows, *few]))
    return path


def test_nobody_else_is_counted_where_nothing_was_trained(pairs: Path, tmp_path: Path) -> None:
    card, into = tmp_path / "card.toml", tmp_path / "models"
    card.write_text(CARD)
    into.mkdir()
    arguments = ["export-tracks", "--config", "tracks-quality", "--card", str(card)]
    arguments += ["--data", str(tmp_path), "--pairs", str(pairs), "--folds", "4"]
    arguments += ["--into", str(into), "--cache", str(tmp_path)]
    few = CliRunner().invoke(app, [*arguments, "--folds", "6"])
    assert few.exit_code == 2 and "a curve takes 10,000" in few.output
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    manifest = Registry(tmp_path, [into]).manifest("mean@1", AggregatorManifest)
    assert manifest.encoder == "facet-encoder@4"
    assert manifest.architecture.arguments["dimension"] == DIMENSION
    photographs = len(HELD) * PHOTOGRAPHS
    strangers = photographs * 6 * (photographs - PHOTOGRAPHS)
    assert 0.95 * strangers < manifest.curve.impostors < strangers, "all but intruders"
    assert f"{len(HELD)} people" in manifest.curve.data and len(HELD) < PEOPLE


def test_simple_ways_are_measured_without_a_run(pairs: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    arguments = ["evaluate", "tracks", "--data", str(tmp_path), "--pairs", str(pairs)]
    arguments += ["--folds", "4", "--json", str(out), "--cache", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code != 0 and "either --run or --config" in done.output
    done = CliRunner().invoke(app, [*arguments, "--config", "tracks-quality"])
    assert done.exit_code == 0, done.output
    report = json.loads(out.read_text())
    assert set(report["ways"]) == {"best frame", "mean", "quality-weighted mean"}
    assert report["people"] == len(HELD) and report["encoder"] == "facet-encoder@4"
