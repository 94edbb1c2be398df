"""Augmentations change what they should, and nothing else."""

import numpy as np
import pytest
from pydantic import ValidationError

from tests import portraits
from training.augment import colour, covers, geometry, quality
from training.augment.augmenter import Augmenter
from training.augment.conditions import CONDITIONS, condition, condition_rng
from training.augment.config import AugmentConfig
from training.augment.drawing import FaceFrame
from training.augment.geometry import Chip
from training.augment.glasses import with_sunglasses
from training.augment.masks import with_mask

POINTS = np.array([[48, 46], [102, 46], [75, 78], [52, 105], [98, 105]], dtype=np.float32)
STEPS = [name for name in AugmentConfig.model_fields if name != "conditions"]


def face(side: int = 150) -> Chip:
    crop = portraits.eileen().crop((150, 20, 300, 170)).resize((side, side))
    return np.asarray(crop, dtype=np.uint8)


def augmenter(**steps: object) -> Augmenter:
    return Augmenter.from_config(AugmentConfig.model_validate(steps))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_everything_is_off_by_default() -> None:
    chip = face()
    result = augmenter()(chip, POINTS, rng())
    assert np.array_equal(result, chip)
    assert not np.shares_memory(result, chip)


@pytest.mark.parametrize("side", [112, 150])
@pytest.mark.parametrize("name", STEPS)
def test_each_step_changes_a_copy_and_keeps_the_form(name: str, side: int) -> None:
    chip = face(side)
    original = chip.copy()
    step = augmenter(**{name: {"probability": 1}})
    result = step(chip, POINTS * side / 150, rng(1))
    assert result.shape == chip.shape
    assert result.dtype == np.uint8
    assert not np.array_equal(result, original)
    assert np.array_equal(chip, original)
    assert np.array_equal(result, step(chip, POINTS * side / 150, rng(1)))


@pytest.mark.parametrize("name", [s for s in STEPS if s not in {"colour", "pca"}])
def test_a_grey_chip_stays_grey(name: str) -> None:
    chip = colour.greyscale(face())
    for seed in range(5):
        assert colour.is_grey(augmenter(**{name: {"probability": 1}})(chip, POINTS, rng(seed)))


def test_a_probability_is_a_share() -> None:
    step, source = augmenter(mirror={"probability": 0.3}), rng()
    chip = face(20)
    changed = sum(not np.array_equal(step(chip, POINTS, source), chip) for _ in range(1000))
    assert 250 < changed < 350


def test_the_mixture_follows_its_weights() -> None:
    step, source = augmenter(conditions={"clean": 3, "blurred": 1}), rng()
    chip = face(40)
    clean = sum(np.array_equal(step(chip, POINTS * 40 / 150, source), chip) for _ in range(400))
    assert 260 < clean < 340


def test_the_mixture_covers_and_spoils() -> None:
    step = augmenter(conditions={"mix": 1})
    assert all(not np.array_equal(step(face(), POINTS, rng(s)), face()) for s in range(10))


def test_masks_cover_the_mouth_and_leave_the_eyes() -> None:
    chip = face()
    for seed in range(8):
        changed = (with_mask(chip, POINTS, rng(seed)) != chip).any(axis=2)
        assert changed[90:120, 50:100].mean() > 0.95
        assert changed[30:50, 40:110].mean() < 0.05


def test_sunglasses_cover_the_eyes_and_leave_the_mouth() -> None:
    chip = face()
    for seed in range(8):
        result = with_sunglasses(chip, POINTS, rng(seed))
        changed = (result != chip).any(axis=2)
        for x, y in POINTS[:2].astype(int):
            assert changed[y - 8 : y + 8, x - 12 : x + 12].mean() > 0.95
            assert result[y - 8 : y + 8, x - 12 : x + 12].mean() < 110
        assert not changed[95:].any()


def test_covers_turn_with_the_face() -> None:
    chip = np.full((150, 150, 3), 128, np.uint8)
    turned = geometry.affine(with_mask(chip, POINTS, rng(4)), degrees=90)
    offset = POINTS - 74.5
    points = np.stack([offset[:, 1], -offset[:, 0]], axis=1) + 74.5
    direct = with_mask(chip, points, rng(4))
    covered = [(c != 128).any(axis=2) for c in (turned, direct)]
    assert (covered[0] & covered[1]).sum() / (covered[0] | covered[1]).sum() > 0.93


def test_a_profile_keeps_its_width() -> None:
    profile = np.array([[70, 46], [72, 46], [80, 78], [70, 105], [74, 105]], dtype=np.float32)
    assert FaceFrame.of(face(), profile).unit == pytest.approx(0.7 * 59, rel=0.01)
    same = np.full((5, 2), 70, dtype=np.float32)
    with np.errstate(all="raise"):
        assert with_mask(face(), same, rng()).shape == (150, 150, 3)


def test_mirror_and_affine_against_their_definitions() -> None:
    chip = face()
    assert np.array_equal(geometry.mirrored(chip), chip[:, ::-1])
    assert np.array_equal(geometry.affine(chip), chip)
    assert np.array_equal(geometry.affine(chip, shift=(5, -3))[:147, 5:], chip[3:, :145])
    quarter = geometry.affine(chip, degrees=90).astype(int)
    assert np.abs(quarter - np.rot90(chip)).max() <= 1
    sheared = geometry.affine(chip, shear=1.0)
    assert np.abs(sheared[100, 30:140].astype(int) - chip[100, 5:115]).max() < 60


def test_a_warp_moves_no_point_farther_than_told() -> None:
    ramp = np.repeat(np.arange(150, dtype=np.uint8)[None, :, None], 150, axis=0).repeat(3, axis=2)
    moved = geometry.warped(ramp, 4.0, rng()).astype(int)
    assert 2 <= np.abs(moved - ramp).max() <= 4


def test_light_and_colour_against_their_definitions() -> None:
    chip = face()
    wide = chip.astype(np.float64)
    lit = colour.lit(chip, 1.2, -10)
    assert np.abs(lit - np.clip((wide - 127.5) * 1.2 + 117.5, 0, 255)).max() <= 0.51
    shifted = colour.shifted(chip, np.array([10.0, 0.0, -20.0]))
    assert np.array_equal(shifted, np.clip(wide + np.array([10, 0, -20]), 0, 255).astype(np.uint8))
    assert abs(colour.darkened(chip, 0.2, 1.0, rng()).mean() - 0.2 * chip.mean()) < 1
    assert colour.is_grey(colour.greyscale(chip))
    assert not colour.is_grey(chip)


def test_pca_shifts_the_whole_chip_alike() -> None:
    chip = np.full((8, 8, 3), 128, np.uint8)
    shifts = np.array([colour.pca_shifted(chip, 0.1, rng(s))[0, 0] for s in range(500)]) - 128.0
    # The first axis, near grey, carries most of the variance: 0.2175 * 0.1 * 255 = 5.5.
    assert np.linalg.svd(shifts - shifts.mean(0))[1][0] / 500**0.5 == pytest.approx(5.5, rel=0.15)
    assert (colour.pca_shifted(chip, 0.1, rng()) == colour.pca_shifted(chip, 0.1, rng())).all()


def test_quality_loses_detail() -> None:
    chip = colour.greyscale(face())

    def detail(picture: Chip) -> float:
        return float(np.abs(np.diff(picture[..., 0].astype(int))).mean())

    assert detail(quality.blurred(chip, 3)) < 0.5 * detail(chip)
    assert detail(quality.resampled(chip, 20)) < 0.6 * detail(chip)
    noise = quality.noisy(np.full_like(chip, 128), 8, rng(), grey=True).astype(float)
    assert noise.std() == pytest.approx(8, rel=0.05)
    low, high = quality.recompressed(chip, 20), quality.recompressed(chip, 95)
    assert np.abs(low - chip.astype(int)).mean() > 2 * np.abs(high - chip.astype(int)).mean()


def test_a_border_cut_takes_its_share() -> None:
    chip = np.arange(1, 101, dtype=np.uint8).reshape(10, 10)[..., None].repeat(3, axis=2)
    for seed in range(12):
        lost = (covers.border_cut(chip, 0.3, rng(seed)) != chip).any(axis=2)
        assert 20 <= lost.sum() <= 30  # repeated pixels, and a grey among them, may agree


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_are_drawn_alike_each_time(name: str) -> None:
    chip = face()
    first = condition(name)(chip, POINTS, condition_rng(name, "a.jpg"))
    again = condition(name)(chip.copy(), POINTS, condition_rng(name, "a.jpg"))
    assert np.array_equal(first, again)
    assert first.shape == chip.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, chip) == (name == "clean")


def test_conditions_differ_between_files() -> None:
    draws = {condition_rng(n, f).random() for n in ("masked", "dark") for f in ("a", "b")}
    assert len(draws) == 4
    with pytest.raises(KeyError):
        condition("upside-down")


@pytest.mark.parametrize(
    "bad",
    [
        {"mirror": {"probability": 1.5}},
        {"rotation": {"degrees": [10, -10]}},
        {"rotation": {"degree": [0, 1]}},
        {"conditions": {"masked": -1}},
        {"mask": {"styles": []}},
        {"mask": {"styles": ["gas"]}},
        {"turn": {}},
    ],
)
def test_mistakes_in_the_configuration_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AugmentConfig.model_validate(bad)
