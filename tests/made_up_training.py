"""Training runs on made-up chips, small enough for seconds."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from models.registry.registry import Registry
from training.data.chips import ChipSet
from training.encoders.backbones import BACKBONES
from training.encoders.batches import TrainingSet
from training.encoders.material import Setting
from training.encoders.networks.embedding import embed_chips
from training.encoders.objectives.build import needs_teacher
from training.encoders.recipe import TrainConfig
from training.encoders.trainer import EncoderTrainer
from training.encoders.validation import Validation
from training.kit import checkpoints
from training.kit.distributed import World
from training.kit.run_files import BEST, WEIGHTS

DIMENSION = 128
PEOPLE, PICTURES, SIDE = 8, 4, 32


def chips() -> ChipSet:
    """Eight people of four pictures: a pattern of their own and noise."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(PEOPLE), PICTURES)
    patterns = rng.integers(0, 256, (PEOPLE, 4, 4, 3)).repeat(8, 1).repeat(8, 2)
    noisy = patterns[labels] + rng.normal(0, 25, (len(labels), SIDE, SIDE, 3))
    eyes = np.array([[10, 10], [22, 10], [16, 17], [11, 23], [21, 23]], np.float32)
    return ChipSet(
        np.clip(noisy, 0, 255).astype(np.uint8),
        np.repeat(eyes[None], len(labels), 0),
        labels.astype(np.int64),
        tuple(f"p{i}" for i in range(PEOPLE)),
        tuple(f"p{label}/{i}.jpg" for i, label in enumerate(labels)),
        ("",) * len(labels),
    )


def recipe(**changes: Any) -> TrainConfig:
    """Twelve steps of LeNet-5 on triplets."""
    base: dict[str, Any] = {
        "model": {"backbone": "lenet-5"},
        "data": {"workers": 0},
        "batches": {"size": 12},
        "augment": {"mirror": {"probability": 0.5}, "noise": {"probability": 0.5}},
        "objectives": [{"kind": "triplet", "mining": "hard"}],
        "optimiser": {"learning_rate": 1e-3},
        "schedule": {"steps": 12},
        "average": {"ema": 0.9, "with_start": [1.0, 0.5]},
        "validation": {"every": 4, "pictures": 16},
    }
    return TrainConfig.model_validate(base | changes)


def trainer(
    config: TrainConfig,
    directory: Path,
    *,
    network: nn.Module | None = None,
    world: World | None = None,
) -> EncoderTrainer:
    """Six people to train on, two to validate with."""
    source = chips()
    backbone = BACKBONES[config.model.backbone]
    if network is None:
        torch.manual_seed(config.seed)
        network = backbone.build(DIMENSION)
    rows = np.arange(len(source))
    data = TrainingSet.of(source, rows[source.labels < 6])
    validation = Validation.of(source, rows[source.labels >= 6], config.validation, 0)
    teacher = None
    if needs_teacher(config.objectives):
        teacher = torch.from_numpy(embed_chips(network, source.chips[data.rows], backbone))
    return EncoderTrainer(
        Setting(
            config, network, backbone, DIMENSION, data, validation, directory, teacher,
            world or World(),
        )
    )  # fmt: skip


def changed_resnet29(registry: Registry, path: Path) -> str:
    """Writes weights of the start encoder with a little noise, as of a run that began there."""
    generator = torch.Generator().manual_seed(0)
    state = {
        name: (value * (1 + 0.05 * torch.randn(value.shape, generator=generator))).contiguous()
        for name, value in registry.load("facenet-resnet29@1").state_dict().items()
    }
    save_file(state, path)
    return str(path)


def finished(directory: Path, backbone: str, **model: object) -> Path:
    """A directory like that of a finished run, with fresh weights."""
    config = TrainConfig.model_validate(
        {
            "model": {"backbone": backbone, **model},
            "objectives": [{"kind": "cosface"}],
            "schedule": {"steps": 77},
        }
    )
    torch.manual_seed(0)
    state = BACKBONES[config.model.backbone].build(config.model.dimension).state_dict()
    checkpoints.save(directory / BEST, {"config": config.model_dump(mode="json"), "average": state})
    checkpoints.save_weights(directory / WEIGHTS, state)
    return directory
