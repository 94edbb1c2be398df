"""Recipes: values from the command line, optimisers, and the embedding's dimension."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.optim import SGD, AdamW, RMSprop

from tests.made_up_training import recipe, trainer
from training.encoders.backbones import BACKBONES
from training.encoders.networks.optimisation import optimiser
from training.encoders.recipe import read_config
from training.kit.recipe import ConfigError, OptimiserConfig

CONFIGS = Path(__file__).parents[4] / "training" / "configs"
RECIPE = CONFIGS / "encoders" / "lenet-5-softmax.toml"


def test_values_of_the_command_line_take_the_place_of_the_recipes() -> None:
    changed = read_config(
        RECIPE,
        [
            "schedule.steps=7",
            "optimiser.kind=sgd",
            'model.start = "torchvision"',
            "objectives.0.margin=0.25",
            "average.with_start=[1.0, 0.5]",
            "augment.noise.probability=0.5",
        ],
    )
    assert changed.schedule.steps == 7 and changed.schedule.warmup == 0.05
    assert changed.optimiser.kind == "sgd" and changed.model.start == "torchvision"
    assert changed.objectives[0].model_dump()["margin"] == 0.25
    assert changed.average.with_start == (1.0, 0.5)
    assert changed.augment.noise.probability == 0.5 and changed.augment.mirror.probability == 0.5


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ("schedule.stepps=7", "did you mean 'steps'"),
        ("optimiser.kind=adam", "adamw"),
        ("schedule.steps", "name=value"),
        ("=7", "name=value"),
        ("schedule..steps=7", "name=value"),
        ("objectives.3.margin=1", "no 'objectives.3.margin'"),
        ("objectives.margin=1", "no 'objectives.margin'"),
        ("seed.more=1", "no 'seed.more'"),
        ("optimiser.momentum=0.9", "sgd and rmsprop"),
        ("model.dimension=1", "model.dimension"),
    ],
)
def test_what_cannot_be_changed_is_told(change: str, reported: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(RECIPE, [change])
    assert reported in str(caught.value)


@pytest.mark.parametrize(
    ("options", "kind", "momentum"),
    [
        ({}, AdamW, None),
        ({"kind": "sgd"}, SGD, 0.9),
        ({"kind": "sgd", "momentum": 0.5, "relative": True}, SGD, 0.5),
        ({"kind": "rmsprop", "momentum": 0.3}, RMSprop, 0.3),
    ],
)
def test_optimisers(options: dict[str, Any], kind: type, momentum: float | None) -> None:
    backbone = BACKBONES["lenet-5"]
    config = OptimiserConfig(weight_decay=0.03, **options)
    made = optimiser(backbone.build(16), backbone, [], config)
    assert type(made) is kind
    assert made.defaults.get("momentum") == momentum
    decays = {len(g["params"][0].shape) > 1: g["weight_decay"] for g in made.param_groups}
    assert decays[False] == 0 and decays[True] >= 0.03


@pytest.mark.parametrize("kind", ["sgd", "rmsprop"])
def test_other_optimisers_train_and_go_on(tmp_path: Path, kind: str) -> None:
    changes = {"optimiser": {"kind": kind, "learning_rate": 1e-3}}
    whole = trainer(recipe(**changes), tmp_path / "whole")
    whole.train()
    first = trainer(recipe(**changes), tmp_path / "parts")
    real = first.advance

    def advance() -> dict[str, float]:
        return {"loss": 1 / 0} if first.run.step == 10 else real()

    first.advance = advance  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        first.train()
    again = trainer(recipe(**changes), tmp_path / "parts")
    again.resume()
    assert again.run.step == 8
    again.train()
    for name, value in whole._s.network.state_dict().items():
        assert torch.equal(value, again._s.network.state_dict()[name]), name


def test_embeddings_have_the_dimension_of_the_recipe() -> None:
    assert read_config(RECIPE, ["model.dimension=24"]).model.dimension == 24
    assert BACKBONES["lenet-5"].build(24)(torch.zeros(1, 3, 32, 32)).shape == (1, 24)
