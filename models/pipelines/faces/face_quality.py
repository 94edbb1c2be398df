"""Quality of a face: measurements to a score in [0, 1] and the reasons that lowered it.

Shared by the service, which judges faces, and by training, which learns from the same numbers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pose:
    """Head rotation in degrees. Zero is frontal.

    yaw > 0: the face looks towards the right of the picture; pitch > 0: it looks up;
    roll > 0: the head leans clockwise as seen in the picture.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Use of a face: a score in [0, 1] and the reasons that lowered it."""

    score: float
    reasons: tuple[str, ...] = ()
    sharpness: float = 0.0
    brightness: float = 0.0


@dataclass(frozen=True, slots=True)
class QualityMeasures:
    """Raw measurements of a face from which the quality score is made."""

    size: float
    """Shorter side of the box in pixels."""
    sharpness: float
    """Variance of the Laplacian of the aligned gray chip (0..255), brought to middle gray."""
    brightness: float
    """Mean gray of the aligned chip, 0..255."""
    probability: float
    pose: Pose = field(default_factory=lambda: Pose(0.0, 0.0, 0.0))
    visible: float = 1.0
    """Share of the box that lies inside the image, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """A measure that is useless at `worst`, gives a reason up to `poor`, and is fine at `good`.

    Works in either direction: `worst` may lie above `good`.
    """

    worst: float
    poor: float
    good: float

    def score(self, value: float) -> float:
        """0 at `worst`, 0.5 at `poor`, 1 at `good`, straight lines in between."""
        if self.is_poor(value):
            share = (value - self.worst) / (self.poor - self.worst)
            return max(0.0, 0.5 * share)
        return min(1.0, 0.5 + 0.5 * (value - self.poor) / (self.good - self.poor))

    def is_poor(self, value: float) -> bool:
        return value < self.poor if self.worst < self.good else value > self.poor


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Limits of what counts as poor, set by looking at portraits and at altered copies of them."""

    size: Ramp = Ramp(16, 40, 80)
    """Pixels of the shorter side of the box."""
    sharpness: Ramp = Ramp(0, 25, 120)
    """Variance of the Laplacian of the aligned chip brought to middle gray."""
    dark: Ramp = Ramp(8, 40, 60)
    """Mean gray. The limit is low on purpose: dark skin in good light is not a dark picture."""
    bright: Ramp = Ramp(250, 220, 195)
    """Mean gray."""
    yaw: Ramp = Ramp(80, 40, 15)
    """Degrees to either side."""
    pitch: Ramp = Ramp(70, 35, 15)
    """Degrees up or down."""
    visible: Ramp = Ramp(0.4, 0.93, 1.0)
    """Share of the box inside the picture."""
    probability: Ramp = Ramp(0.5, 0.95, 0.99)
    """Probability that the detector gives."""


LIMITS = QualityLimits()


def judge(measures: QualityMeasures, limits: QualityLimits = LIMITS) -> Quality:
    """The product of the single scores, and a reason for each that is poor.

    Roll is not held against a face, since alignment takes it out.
    """
    rules = (
        ("small-face", limits.size, measures.size),
        ("blurred", limits.sharpness, measures.sharpness),
        ("dark", limits.dark, measures.brightness),
        ("bright", limits.bright, measures.brightness),
        ("extreme-pose", limits.yaw, abs(measures.pose.yaw)),
        ("extreme-pose", limits.pitch, abs(measures.pose.pitch)),
        ("cut-by-border", limits.visible, measures.visible),
        ("low-confidence", limits.probability, measures.probability),
    )
    score, reasons = 1.0, []
    for reason, ramp, value in rules:
        score *= ramp.score(value)
        if ramp.is_poor(value) and reason not in reasons:
            reasons.append(reason)
    return Quality(
        score=round(score, 4),
        reasons=tuple(reasons),
        sharpness=measures.sharpness,
        brightness=measures.brightness,
    )
