"""`python -m training train`, on four made-up people."""

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file
from typer.testing import CliRunner

from training.__main__ import app

RECIPE = """
[model]
backbone = "lenet-5"
[data]
validation = 0.5
[batches]
size = 4
pictures = 2
[[objectives]]
kind = "triplet"
mining = "hard"
[schedule]
steps = 4
[validation]
every = 2
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return path


def train(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["train", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def test_a_run_leaves_weights_figures_and_curves(
    four_people: Path, recipe: Path, tmp_path: Path, model_cache: Path
) -> None:
    out = tmp_path / "run"
    options = ("--config", recipe, "--data", four_people, "--out", out, "--cache", model_cache)
    train(*options)
    weights = load_file(out / "weights.safetensors")
    assert weights["head.3.weight"].shape == (128, 84)
    figures = json.loads((out / "figures.json").read_text())
    assert figures["config"]["model"]["backbone"] == "lenet-5"
    assert set(figures["validation"]) == {"clean@1e-2", "clean@1e-3"}
    assert list((out / "tensorboard").iterdir())
    assert "a run in" in train(*options, status=2)
    train(*options, "--resume")


def test_mistakes_are_told_before_the_first_step(
    four_people: Path, recipe: Path, tmp_path: Path, model_cache: Path
) -> None:
    options = ("--config", recipe, "--data", four_people, "--out", tmp_path, "--cache", model_cache)
    assert "need each other" in train(*options, "--exclude-folds", "4", status=2)
    recipe.write_text(RECIPE.replace("steps", "stepps"))
    assert "did you mean 'steps'" in train(*options, status=2)
    recipe.write_text(RECIPE.replace("validation = 0.5", "validation = 0.9"))
    train(*options, status=2)
    recipe.write_text(RECIPE.replace('"lenet-5"', '"lenet-5"\nstart = "nobody@1"'))
    assert "nobody@1" in train(*options, status=2)
