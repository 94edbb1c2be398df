"""Training after the embeddings of another network than the one that is trained."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.registry.registry import Registry
from tests.made_up_training import changed_resnet29
from training.encoders.backbones import BACKBONES
from training.encoders.material import Sources, prepare
from training.encoders.networks.embedding import embed_chips
from training.encoders.recipe import TrainConfig
from training.kit.distributed import World

RECIPE: dict[str, Any] = {
    "model": {"backbone": "resnet29", "teacher": "facenet-resnet29@1"},
    "data": {"validation": 0.5},
    "objectives": [{"kind": "distillation"}],
    "schedule": {"steps": 1},
    "validation": {"conditions": {"blurred": 1}, "gallery": "teacher"},
}


def test_the_teacher_embeds_what_is_learnt_and_what_is_compared_with(
    four_people: Path, tmp_path: Path, model_cache: Path
) -> None:
    registry = Registry(model_cache)
    start = changed_resnet29(registry, tmp_path / "start.safetensors")
    recipe = RECIPE | {"model": {**RECIPE["model"], "start": start}}
    config, sources = TrainConfig.model_validate(recipe), Sources([four_people])
    setting = prepare(config, sources, registry, tmp_path, "cpu", World())
    backbone = BACKBONES["resnet29"]
    teacher, data = registry.load("facenet-resnet29@1"), setting.data
    expected = embed_chips(teacher, data.source.chips[data.rows], backbone)
    assert setting.teacher is not None
    np.testing.assert_allclose(setting.teacher.numpy(), expected, atol=1e-6)
    clear = setting.validation.chips["clean"]
    gallery = setting.validation.gallery
    assert gallery is not None
    np.testing.assert_allclose(gallery, embed_chips(teacher, clear, backbone), atol=1e-6)
    own = embed_chips(setting.network, clear, backbone)
    assert np.abs(own - gallery).max() > 1e-3


def test_a_gallery_by_the_teacher_needs_one() -> None:
    with pytest.raises(ValueError, match="distillation"):
        TrainConfig.model_validate(RECIPE | {"objectives": [{"kind": "triplet"}]})
