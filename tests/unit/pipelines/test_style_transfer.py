"""The whole transfer on small pictures: losses fall, faces hold, the same seed paints the same."""

from typing import Any

import numpy as np
import pytest
import torch

from models.nets.filter_pyramid import FilterPyramid
from models.nets.vgg19 import VGG19, random_state
from models.pipelines.detection.results import Detections
from models.pipelines.style.color import (
    carry_chroma,
    carry_palette,
    equalized,
    to_rgb,
    to_ycbcr,
)
from models.pipelines.style.content import PictureContent
from models.pipelines.style.faces import face_mask, feature_mask, protection
from models.pipelines.style.fourier import FourierPicture, frequency_scale
from models.pipelines.style.objectives import DictionaryModel, NetworkModel, StyleModel
from models.pipelines.style.options import (
    Losses,
    Picture,
    Progress,
    Step,
    TransferOptions,
    unseen,
)
from models.pipelines.style.sizes import sides, steps_at
from models.pipelines.style.transfer import finest_waves, to_tensor, transfer
from models.registry.manifests.base import Input

NOBODY = Detections(
    np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32)
)
FACE = Detections(
    np.array([[20.0, 16, 24, 32]], dtype=np.float32),
    np.ones(1, dtype=np.float32),
    np.array([[[27, 28], [37, 28], [32, 34], [28, 40], [36, 40]]], dtype=np.float32),
)


def hills() -> Picture:
    y, x = np.mgrid[0:64, 0:64] / 64
    picture = np.stack([x, 0.5 + 0.4 * np.sin(6 * y), y * x], axis=-1)
    return (255 * picture).round().astype(np.uint8)


def stripes() -> Picture:
    y, x = np.mgrid[0:72, 0:60]
    light = ((x + y) // 4 % 2)[..., None]
    return np.where(light, (230, 190, 60), (20, 30, 90)).astype(np.uint8)


def dictionary() -> StyleModel:
    return DictionaryModel(FilterPyramid(filters=12, side=7, levels=2), (1.5, 1.0), 1.0)


def network() -> StyleModel:
    vgg = VGG19(width=8)
    vgg.load_state_dict(random_state(8, seed=0))
    layers = {"conv1_1": 0.4, "conv2_1": 0.4, "conv3_1": 0.2}
    convention = Input(mean=(123.0, 116.0, 103.0), scale=0.017)
    return NetworkModel(vgg.eval().requires_grad_(False), "conv3_2", layers, convention)


def painted(
    model: StyleModel,
    faces: Detections = NOBODY,
    *,
    alpha: float = 0.35,
    beta: float = 1.0,
    progress: Progress = unseen,
    **options: Any,
) -> Picture:
    chosen = TransferOptions(**{"size": 64, "steps": 6, **options})
    return transfer(
        hills(), stripes(), model, chosen, faces=faces, alpha=alpha, beta=beta, progress=progress
    )


@pytest.mark.parametrize("model", [dictionary(), network()], ids=["dictionary", "network"])
def test_losses_fall_and_every_step_is_told(model: StyleModel) -> None:
    steps: list[tuple[Step, Losses, tuple[int, ...]]] = []

    def watch(step: Step, losses: Losses, preview: Any) -> None:
        steps.append((step, losses, preview().shape))

    picture = painted(model, alpha=0.5, beta=2.0, progress=watch, steps=12)
    assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8
    assert [step for step, *_ in steps] == [Step(n, 12, n, 12, 1, 1) for n in range(1, 13)]
    first, last = steps[0][1], steps[-1][1]
    assert last.total < 0.5 * first.total
    assert last.style < 0.5 * first.style
    assert last.total == pytest.approx(0.5 * last.content + 2 * last.style, rel=1e-4)
    assert steps[0][2][2] == 3 and abs(steps[0][2][0] - 64) <= 2


def test_steps_are_counted_at_each_size_and_among_all() -> None:
    steps: list[Step] = []
    painted(dictionary(), progress=lambda step, *_: steps.append(step), size=160, steps=3)
    first = [Step(n, 6, n, 3, 1, 2) for n in (1, 2, 3)]
    assert steps == [*first, *(Step(n + 3, 6, n, 3, 2, 2) for n in (1, 2, 3))]


def test_the_seed_decides() -> None:
    first, again, other = (painted(dictionary(), seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_an_exception_in_the_callback_ends_the_transfer() -> None:
    class CancelledError(Exception):
        pass

    calls = []

    def cancel(step: Step, *_: Any) -> None:
        calls.append(step.number)
        if step.number == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        painted(dictionary(), progress=cancel, steps=20)
    assert calls == [1, 2, 3]


def test_more_content_weight_stays_nearer_to_the_content() -> None:
    def distance(alpha: float) -> float:
        picture = painted(dictionary(), alpha=alpha, steps=12)
        # The start and the goal is the content in the style's palette.
        goal = carry_palette(to_tensor(equalized(hills())), to_tensor(stripes()))
        return float((to_tensor(picture) - goal).square().mean())

    assert distance(20.0) < distance(0.05)


def test_colours_are_preserved() -> None:
    styled = painted(dictionary(), preserve_colour=True)
    chroma = [to_ycbcr(to_tensor(picture))[:, 1:] for picture in (styled, hills())]
    # Where luminance leaves no room for a chroma, it is cut off.
    assert (chroma[0] - chroma[1]).abs().mean() < 0.03
    assert (chroma[0] - to_ycbcr(to_tensor(painted(dictionary())))[:, 1:]).abs().mean() > 0.06


def test_faces_are_kept_or_alone_are_styled() -> None:
    # At the final size the content is what it was.
    kept = painted(dictionary(), FACE, keep_faces=True)
    only = painted(dictionary(), FACE, faces_only=True)
    content = hills()
    inside, outside = (slice(26, 42), slice(26, 38)), (slice(0, 64), slice(56, 64))
    assert (kept[inside] == content[inside]).all()
    assert (kept[outside] != content[outside]).any()
    assert (only[outside] == content[outside]).all()
    assert (only[inside] != content[inside]).any()


def test_a_protected_face_stays_nearer_to_its_content() -> None:
    features = feature_mask(FACE, 64, 64) > 0.5

    def luminance(picture: Picture) -> np.ndarray:
        return to_ycbcr(to_tensor(picture))[0, 0].numpy()[features]

    def unlikeness(faces: Detections) -> float:
        """Whatever the palette does to brightness and contrast."""
        picture = painted(dictionary(), faces, alpha=1.5, steps=8)
        pair = luminance(picture), luminance(equalized(hills()))
        return 1 - float(np.corrcoef(*pair)[0, 1])

    assert unlikeness(FACE) < unlikeness(NOBODY)


def test_a_change_costs_more_on_an_eye_than_elsewhere() -> None:
    target = to_tensor(hills())
    content = PictureContent(target, torch.from_numpy(protection(FACE, 64, 64))[None])

    def cost(row: int, column: int) -> float:
        x = target.clone()
        x[:, :, row - 2 : row + 2, column - 2 : column + 2] += 0.1
        return content.loss(x).item()

    assert cost(28, 27) > 3 * cost(54, 8)
    assert cost(28, 37) > cost(22, 32) > cost(54, 8)  # the other eye, and the forehead


def test_masks_are_soft_and_follow_the_face() -> None:
    face, features = face_mask(FACE, 64, 64), feature_mask(FACE, 64, 64)
    assert face[30, 32] == 1 and face[2, 2] == 0
    assert np.abs(np.diff(face, axis=1)).max() < 0.5
    assert features[28, 27] == 1 and features[28, 37] == 1 and features[40, 32] == 1
    assert features[20, 32] < 0.5  # the forehead
    assert (features <= face).all()
    assert protection(NOBODY, 64, 64).max() == 0


def test_coarse_to_fine() -> None:
    assert sides(288) == [72, 144, 288]
    assert sides(72) == [72]
    assert sides(1152) == [72, 144, 288, 576, 1152]
    assert steps_at(288, 60) == 60
    assert steps_at(576, 60) == 31
    assert steps_at(1152, 1) == 1


# --- colours and Fourier coefficients


def moments(x: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance, pixel by pixel."""
    pixels = x[0].flatten(1).T.double().numpy()
    mean = np.array(sum(pixels) / len(pixels))
    return mean, np.array(sum(np.outer(p - mean, p - mean) for p in pixels) / len(pixels))


def test_a_palette_is_carried_over() -> None:
    generator = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[0.1, 0.02, 0], [0.03, 0.05, 0.01], [0, 0, 0.08]])
    picture = 0.5 + 0.1 * torch.randn(1, 3, 20, 20, generator=generator)
    palette = torch.randn(1, 3, 30, 15, generator=generator)
    palette = 0.5 + torch.einsum("ij,njhw->nihw", mixing, palette)
    mean, covariance = moments(carry_palette(picture, palette))
    np.testing.assert_allclose(mean, moments(palette)[0], atol=0.002)
    np.testing.assert_allclose(covariance, moments(palette)[1], atol=0.001)
    torch.testing.assert_close(carry_palette(picture, picture), picture.clamp(0, 1))


def test_a_grey_palette_is_no_accident() -> None:
    assert torch.isfinite(carry_palette(to_tensor(hills()), torch.full((1, 3, 9, 9), 0.5))).all()


def test_chroma_is_carried_over() -> None:
    x = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(to_rgb(to_ycbcr(x)), x)
    grey = x.mean(dim=1, keepdim=True).expand_as(x)
    mixed = carry_chroma(grey, 0.5 + 0.1 * (x - 0.5))
    torch.testing.assert_close(to_ycbcr(mixed)[:, :1], to_ycbcr(grey)[:, :1], rtol=0, atol=0.02)


@pytest.mark.parametrize("size", [(8, 10), (9, 7)])
def test_a_fourier_picture_by_the_definition(size: tuple[int, int]) -> None:
    height, width = size
    start = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(2))
    variable = FourierPicture(start, 0.3)
    torch.testing.assert_close(variable.picture(), start)
    row, column = 2, 1
    with torch.no_grad():
        variable.z[0, 1, row, column, 0] = 0.5
        variable.z[0, 1, row, column, 1] = -0.25
    change = (variable.picture() - start)[0, 1]
    # One coefficient and its conjugate make a wave.
    factor = frequency_scale(height, width, 0.3)[row, column].item()
    expected = np.zeros(size)
    for y in range(height):
        for x in range(width):
            angle = 2 * np.pi * (row * y / height + column * x / width)
            expected[y, x] = 2 * factor * (0.5 * np.cos(angle) + 0.25 * np.sin(angle))
    np.testing.assert_allclose(
        change.detach().numpy(), expected / np.sqrt(height * width), atol=1e-5
    )


def test_coarse_waves_weigh_more() -> None:
    scale = frequency_scale(32, 32, 0.3)
    assert scale.mean().item() == pytest.approx(1)
    assert scale[0, 0] == scale[0, 1] > scale[0, 4] > scale[16, 16]
    ratio = (scale[0, 2] / scale[0, 4]).item()
    assert ratio == pytest.approx(2**0.35, rel=1e-2)
    assert scale[0, 15] < 0.05 < frequency_scale(32, 32, 0.6)[0, 15]


def test_sharp_styles_may_use_finer_waves() -> None:
    assert finest_waves(to_tensor(hills())) == pytest.approx(0.3)
    lines = np.zeros((64, 64, 3), dtype=np.uint8)
    lines[::4] = 255
    assert finest_waves(to_tensor(lines)) == pytest.approx(0.6)
    assert finest_waves(torch.full((1, 3, 20, 20), 0.5)) == pytest.approx(0.3)
