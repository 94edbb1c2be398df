"""`python -m training train-router`, on portraits of four made-up people."""

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file
from typer.testing import CliRunner

from models.nets.encoders.routed_resnet29 import RoutedResNet29
from models.registry.registry import Registry
from tests.made_up_training import changed_resnet29
from training.__main__ import app
from training.augment.conditions import CONDITIONS
from training.encoders.recipe import RoutingConfig
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe

SHIPPED = Path(__file__).parents[4] / "training" / "configs" / "routers"
RECIPE = """
clear = "facenet-resnet29@1"
difficult = "DIFFICULT"
steps = 30
size = 8
learning_rate = 3e-3
mistaken = 0.25
[data]
validation = 0.5
[augment.conditions]
blurred = 1
sigma = [5, 6.5]
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "router.toml"
    path.write_text(RECIPE)
    return path


def test_a_router_learns_to_tell_blurred_faces_from_clear_ones(
    four_people: Path, recipe: Path, tmp_path: Path, model_cache: Path
) -> None:
    registry, out = Registry(model_cache), tmp_path / "run"
    difficult = changed_resnet29(registry, tmp_path / "difficult.safetensors")
    recipe.write_text(RECIPE.replace("DIFFICULT", difficult))
    options = ("--config", recipe, "--data", four_people, "--out", out, "--cache", model_cache)
    result = CliRunner().invoke(app, ["train-router", *map(str, options)])
    assert result.exit_code == 0, result.output
    routed = json.loads((out / "figures.json").read_text())["routed"]
    assert set(routed) == set(CONDITIONS)
    assert routed["clean"] <= 0.25
    assert routed["blurred"] == 1
    network = RoutedResNet29()
    network.load_state_dict(load_file(out / "weights.safetensors"))
    expected = registry.load("facenet-resnet29@1").state_dict()
    assert all(v.equal(expected[name]) for name, v in network.clear.state_dict().items())
    expected = load_file(difficult)
    assert all(v.equal(expected[name]) for name, v in network.difficult.state_dict().items())


def test_the_shipped_recipe_is_valid() -> None:
    for path in SHIPPED.glob("*.toml"):
        assert read_recipe(path, RoutingConfig).augment.conditions.weights


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("steps", "stepps"), "did you mean 'steps'"),
        (("blurred = 1", "clean = 1"), "difficult conditions"),
        (("blurred = 1", "blured = 1"), "did you mean 'blurred'"),
    ],
)
def test_mistakes_in_a_recipe_are_told(recipe: Path, change: tuple[str, str], message: str) -> None:
    recipe.write_text(RECIPE.replace(*change))
    with pytest.raises(ConfigError, match=message):
        read_recipe(recipe, RoutingConfig)
