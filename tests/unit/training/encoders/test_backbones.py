"""Every backbone and recipe can learn one batch by heart."""

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from models.nets.encoders import library
from tests.made_up_training import chips
from training.augment.augmenter import Augmenter
from training.encoders.backbones import BACKBONES, DIMENSION
from training.encoders.mining.bank import EmbeddingBank
from training.encoders.networks.embedding import embed_chips, to_input
from training.encoders.networks.frozen import Embedder, freeze, head_inputs, head_of
from training.encoders.networks.optimisation import optimiser
from training.encoders.objective_recipe import ClassificationConfig
from training.encoders.objectives.build import build
from training.encoders.objectives.context import Embedded
from training.encoders.recipe import read_config
from training.kit.recipe import ConfigError

CONFIGS = Path(__file__).parents[4] / "training" / "configs" / "encoders"
RECIPES = [
    path
    for path in sorted(CONFIGS.glob("*.toml"))
    if "backbone" in tomllib.loads(path.read_text()).get("model", {})
]
SIDES = {
    "resnet29": 110,
    "inception-resnet-v1": 96,
    "vgg-16": 32,
    "alexnet": 64,
    "lenet-5": 32,
}
SMALLER: dict[str, Any] = {
    # The two hidden layers of 4,096 hold nine tenths of the weights and of the time.
    "alexnet": partial(library.alexnet, hidden=64, dropout=0.0),
    "vgg-16": partial(library.vgg16, hidden=64, dropout=0.0),
}


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


def built(name: str) -> nn.Module:
    torch.manual_seed(0)
    network: nn.Module = SMALLER.get(name, BACKBONES[name].build)(DIMENSION)
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return network


# Without normalisation mobile-face-net learns too slowly from scratch; its recipe is below.
@pytest.mark.parametrize("name", [n for n in BACKBONES if "mobile-face-net" not in n])
def test_a_backbone_overfits_one_batch(name: str) -> None:
    network = built(name)
    x = torch.randn(6, 3, *[SIDES.get(name, 64)] * 2, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(6) // 2
    objective = build(ClassificationConfig(kind="cosface", scale=8, margin=0.1), 3, DIMENSION)
    normalised = any(isinstance(m, nn.BatchNorm2d) for m in network.modules())
    rate = 1e-3 if normalised or name == "lenet-5" else 1e-4
    groups: list[dict[str, Any]]
    groups = [{"params": network.parameters(), "lr": rate}, {"params": objective.parameters()}]
    steps = torch.optim.Adam(groups, 1e-3)
    first = last = float("inf")
    for step in range(25):
        z = F.normalize(network(x))
        value = objective(Embedded(z, torch.arange(6), labels, np.random.default_rng(0)))
        steps.zero_grad()
        value.loss.backward()
        steps.step()
        last = float(value.loss.detach())
        first = min(first, last) if step == 0 else first
        if last < 0.5 * first:
            break
    assert z.shape == (6, DIMENSION)
    assert last < 0.5 * first


@pytest.mark.parametrize("name", BACKBONES)
def test_stages_cover_a_network_in_order(name: str) -> None:
    network, backbone = built(name), BACKBONES[name]
    prefixes = [prefix for stage in backbone.stages for prefix in stage]
    names = [n for n, _ in network.named_parameters()]
    for parameter in names:
        assert sum(parameter.startswith(prefix) for prefix in prefixes) == 1, parameter
    stages = [backbone.stage_of(n) for n in names]
    assert stages == sorted(stages)
    assert set(stages) == set(range(len(backbone.stages)))
    freeze(network, backbone, len(backbone.stages) - 1)
    trained = [n for n, p in network.named_parameters() if p.requires_grad]
    assert trained
    assert all(n.startswith(backbone.stages[-1]) for n in trained)


@pytest.mark.parametrize("name", BACKBONES)
def test_head_and_its_inputs_make_the_network(name: str) -> None:
    network, backbone = built(name).eval(), BACKBONES[name]
    pictures = chips().chips[:2]
    inputs = head_inputs(network, backbone, pictures)
    with torch.no_grad():
        whole = network(to_input(torch.from_numpy(pictures), backbone))
        torch.testing.assert_close(head_of(network, backbone)(inputs), whole)


def test_chips_go_through_what_is_frozen_once() -> None:
    network, backbone = built("lenet-5"), BACKBONES["lenet-5"]
    freeze(network, backbone, len(backbone.stages) - 1)
    pictures = chips().chips
    embedders = [
        Embedder(network, backbone, {"clean": pictures}, head_only=only) for only in (True, False)
    ]
    passes: list[str] = []
    first = next(network.children())
    first.register_forward_hook(lambda *_: passes.append("frozen"))
    with torch.no_grad():
        for parameter in head_of(network, backbone).parameters():
            parameter.add_(torch.randn_like(parameter))  # as steps would
    seen = embedders[0]("clean")
    assert not passes
    np.testing.assert_allclose(seen, embedders[1]("clean"), atol=1e-6)
    np.testing.assert_allclose(seen, embed_chips(network, pictures, backbone), atol=1e-6)
    assert passes


def test_the_folded_network_of_training_is_the_network_of_service() -> None:
    network = built("resnet29")
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "affine" in name:
                parameter.uniform_(0.5, 1.5)
    x = torch.randn(2, 3, 150, 150)
    with torch.no_grad():
        served, trained = network.eval()(x), network.train()(x)
    torch.testing.assert_close(trained, served, rtol=1e-4, atol=1e-4)


def test_chips_are_brought_to_the_size_and_values_of_a_backbone() -> None:
    white = torch.full((2, 150, 150, 3), 255, dtype=torch.uint8)
    x = to_input(white, BACKBONES["lenet-5"])
    assert x.shape == (2, 3, 32, 32)
    assert torch.allclose(x, torch.tensor(127.5 / 128))
    z = embed_chips(built("lenet-5"), white.numpy(), BACKBONES["lenet-5"])
    np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_a_shipped_recipe_overfits_one_batch(path: Path) -> None:
    config = read_config(path)
    Augmenter.from_config(config.augment)
    torch.manual_seed(0)
    network, backbone = built(config.model.backbone), BACKBONES[config.model.backbone]
    objectives = [build(objective, 3, DIMENSION) for objective in config.objectives]
    others = [p for objective in objectives for p in objective.parameters()]
    steps = optimiser(network, backbone, others, config.optimiser)
    rate = 2e-2 if config.optimiser.relative else 3e-3
    for group in steps.param_groups:
        group["lr"] = rate * group["factor"] / config.optimiser.early_layers
    labels = np.array([0, 0, 1, 1, 2, 2])
    stored = F.normalize(torch.randn(6, DIMENSION))
    # Pixels of noise average out: all chips would be alike to a fresh network.
    squares = torch.randint(0, 256, (6, 4, 4, 3), dtype=torch.uint8)
    x = to_input(squares.repeat_interleave(32, 1).repeat_interleave(32, 2), backbone)
    losses = []
    for _ in range(25):
        batch = Embedded(
            F.normalize(network(x)),
            torch.arange(6),
            torch.from_numpy(labels),
            np.random.default_rng(0),
            teacher=stored,
            bank=EmbeddingBank(stored.numpy(), labels),
        )
        loss = sum(
            c.weight * objective(batch).loss
            for c, objective in zip(config.objectives, objectives, strict=True)
        )
        steps.zero_grad()
        loss.backward()
        steps.step()
        losses.append(float(loss.detach()))
        if losses[-1] < 0.8 * losses[0]:
            break
    assert losses[-1] < 0.8 * losses[0]


WHOLE = """
[model]
backbone = "lenet-5"
[[objectives]]
kind = "triplet"
[schedule]
steps = 1
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[schedule]", "[shedule]"), "did you mean 'schedule'"),
        (("steps = 1", "steps = 1\nwarmupp = 0.1"), "did you mean 'warmup'"),
        (("lenet-5", "lenet5"), "'lenet-5'"),
        (('"triplet"', '"triplet"\nmargn = 1'), "did you mean 'margin'"),
        (('"triplet"', '"triplett"'), "'triplet'"),
        (("steps = 1", "steps = 0"), "schedule.steps"),
        (("steps = 1", "steps = 1\n[augment.maskk]\nprobability = 1"), "did you mean 'mask'"),
        (("steps = 1", "steps = 1\n[validation]\nconditions = { maskd = 1 }"), "'masked'"),
        (('"triplet"', '"triplet"\nmining = "stream"'), "need each other"),
        (("steps = 1", "steps = "), "cannot be read"),
    ],
)
def test_a_mistake_in_a_recipe_is_named(
    change: tuple[str, str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(WHOLE.replace(*change))
    with pytest.raises(ConfigError, match=message):
        read_config(path)


def test_a_recipe_without_mistakes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(WHOLE)
    assert read_config(path).model.backbone == "lenet-5"
