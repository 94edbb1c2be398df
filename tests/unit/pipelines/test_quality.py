"""Rules of quality: each defect has its reason and lowers the score."""

from dataclasses import replace
from typing import Any

import pytest

from models.pipelines.faces.face_quality import LIMITS, Pose, QualityMeasures, Ramp, judge

GOOD = QualityMeasures(
    size=200, sharpness=500, brightness=130, probability=1.0, pose=Pose(3, -5, 10), visible=1.0
)


def test_a_good_face() -> None:
    quality = judge(GOOD)
    assert quality.score == 1.0
    assert quality.reasons == ()
    assert (quality.sharpness, quality.brightness) == (500, 130)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"size": 30}, "small-face"),
        ({"sharpness": 10}, "blurred"),
        ({"brightness": 20}, "dark"),
        ({"brightness": 240}, "bright"),
        ({"pose": Pose(-50, 0, 0)}, "extreme-pose"),
        ({"pose": Pose(50, 0, 0)}, "extreme-pose"),
        ({"pose": Pose(0, 45, 0)}, "extreme-pose"),
        ({"visible": 0.8}, "cut-by-border"),
        ({"probability": 0.91}, "low-confidence"),
    ],
)
def test_defects(change: dict[str, Any], reason: str) -> None:
    quality = judge(replace(GOOD, **change))
    assert quality.reasons == (reason,)
    assert 0 < quality.score < 0.5


def test_one_reason_for_two_angles() -> None:
    assert judge(replace(GOOD, pose=Pose(60, 60, 0))).reasons == ("extreme-pose",)


def test_roll_is_not_a_defect() -> None:
    assert judge(replace(GOOD, pose=Pose(0, 0, 180))).score == 1.0


def test_everything_wrong_stays_in_range() -> None:
    worst = QualityMeasures(0, 0, 0, 0, Pose(180, 90, 0), 0)
    quality = judge(worst)
    assert quality.score == 0
    assert len(quality.reasons) == 6


@pytest.mark.parametrize("ramp", [Ramp(10, 20, 40), Ramp(-10, -20, -40)])
def test_ramps_in_both_directions(ramp: Ramp) -> None:
    way = 1 if ramp.good > ramp.worst else -1
    scores = [ramp.score(way * v) for v in (0, 10, 15, 20, 30, 40, 90)]
    assert scores == [0, 0, 0.25, 0.5, 0.75, 1, 1]
    assert ramp.is_poor(way * 19.9) and not ramp.is_poor(way * 20)


def test_limits_are_ordered() -> None:
    for name in LIMITS.__dataclass_fields__:
        ramp = getattr(LIMITS, name)
        assert sorted((ramp.worst, ramp.poor, ramp.good)) in (
            [ramp.worst, ramp.poor, ramp.good],
            [ramp.good, ramp.poor, ramp.worst],
        ), name
