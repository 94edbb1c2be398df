"""`python -m training masks`: train, measure and publish, on portraits of four made-up people."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.pipelines.faces.mask_wearing import WEARINGS
from models.pipelines.faces.pipeline import mask_teller
from models.registry.registry import Registry
from training.__main__ import app
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe
from training.masks.measuring import CASES
from training.masks.recipe import MasksConfig

SHIPPED = Path(__file__).parents[4] / "training" / "configs" / "masks"
RECIPE = """
steps = 3
size = 6
[data]
validation = 0.5
[augment]
mirror = { probability = 0.5 }
"""


def test_a_run_is_measured_and_published(
    four_people: Path, tmp_path: Path, model_cache: Path
) -> None:
    recipe, run, figures = tmp_path / "masks.toml", tmp_path / "run", tmp_path / "all.json"
    recipe.write_text(RECIPE)
    cache = ("--cache", model_cache)
    _done("train", "--config", recipe, "--data", four_people, "--out", run, *cache)
    assert 0 <= json.loads((run / "figures.json").read_text())["right"] <= 1
    assert (run / "held-out.txt").read_text().splitlines()
    asked = ("--images", four_people, "--most", 1, "--run", run, "--json", figures)
    _done("evaluate", *asked, *cache)
    report = json.loads(figures.read_text())
    assert set(report["cases"]) == set(CASES)
    shares = [report["cases"]["bare"][wearing] for wearing in WEARINGS]
    assert sum(shares) == pytest.approx(1)
    card = SHIPPED / "facet-mask-card.toml"
    named = ("--name", "mine", "--figures", figures, "--into", tmp_path / "models")
    _done("publish", run, "--card", card, *named, *cache)
    registry = Registry(model_cache, [tmp_path / "models"])
    assert mask_teller(registry, "mine@1") is not None
    assert (tmp_path / "models" / "mine-v1.md").read_text().startswith("# mine, version 1")


def test_the_shipped_recipe_is_valid() -> None:
    assert read_recipe(SHIPPED / "facet-mask.toml", MasksConfig).steps > 0


def test_mistakes_in_a_recipe_are_found(tmp_path: Path) -> None:
    recipe = tmp_path / "masks.toml"
    recipe.write_text(RECIPE.replace("size", "sise"))
    with pytest.raises(ConfigError, match="did you mean 'size'"):
        read_recipe(recipe, MasksConfig)


def _done(*arguments: object) -> None:
    result = CliRunner().invoke(app, ["masks", *map(str, arguments)])
    assert result.exit_code == 0, result.output
