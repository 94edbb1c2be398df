"""How faces wear masks, on real weights and drawn masks; nothing is loaded where nobody asks."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import nn

from app.domain.faces import AnalysisOptions
from app.vision.faces.analyser import FaceAnalyser
from models.pipelines.faces.pipeline import face_detector, mask_teller
from models.registry.registry import Registry
from tests.portraits import eileen, encoded, grace, landscape
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask

ASKED = AnalysisOptions(masks=True)


@pytest.fixture(scope="module")
def registry(model_cache: Path) -> Registry:
    return Registry(model_cache)


def test_nothing_is_loaded_where_nobody_asks(registry: Registry) -> None:
    loaded: list[str] = []

    class Watched(Registry):
        def load(self, key: str, device: str = "cpu") -> nn.Module:
            loaded.append(key)
            return registry.load(key, device)

    analyser = FaceAnalyser(Watched(registry.cache_dir))
    (face,) = analyser.analyse(encoded(grace()), AnalysisOptions()).faces
    assert face.mask is None and not any("mask" in key for key in loaded)
    found = analyser.analyse(encoded(grace()), ASKED)
    assert found.mask_teller in loaded
    assert found.faces[0].mask is not None and found.faces[0].mask.value == "bare"
    nobody = analyser.analyse(encoded(landscape()), ASKED)
    assert (nobody.faces, nobody.mask_teller) == ((), found.mask_teller)


@pytest.mark.parametrize("portrait", [grace, eileen])
def test_masks_and_sunglasses_are_told_apart(registry: Registry, portrait: object) -> None:
    picture: Image.Image = portrait()  # type: ignore[operator]
    rgb = np.asarray(picture.convert("RGB"))
    points = face_detector(registry).detect(rgb).landmarks[0]
    teller = mask_teller(registry)
    shown = {
        "bare": rgb,
        "sunglasses": with_sunglasses(rgb.copy(), points, np.random.default_rng(1)),
        "mask": with_mask(rgb.copy(), points, np.random.default_rng(1), ["surgical"]),
        "chin": with_mask(rgb.copy(), points, np.random.default_rng(1), ["surgical"], (0.6, 0.7)),
    }
    chips = np.stack([teller.chip(one, points) for one in shown.values()])
    answers = dict(zip(shown, [one.value for one in teller.tell(chips)], strict=True))
    assert answers == {
        "bare": "bare",
        "sunglasses": "bare",
        "mask": "masked",
        "chin": "misplaced",
    }
