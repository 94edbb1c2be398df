"""The gate of enrolment: what a face must bring."""

from dataclasses import dataclass

from app.domain.errors.pictures import FaceTooSmallError, PoorQualityError
from app.domain.faces import Face


@dataclass(frozen=True, slots=True)
class EnrolmentGate:
    """The least that an enrolled face must bring."""

    min_face: int
    min_quality: float

    def check(self, face: Face, min_quality: float | None) -> None:
        """Raise FaceTooSmallError or PoorQualityError, with the reasons."""
        side = min(face.box.width, face.box.height)
        if side < self.min_face:
            raise FaceTooSmallError(
                f"The face is {side:.0f} pixels wide; enrolment needs {self.min_face}.",
                hint="Send a picture taken from nearer or at a higher resolution.",
                pixels=round(side),
            )
        needed = self.min_quality if min_quality is None else min_quality
        if face.quality.score < needed:
            raise PoorQualityError(
                f"The face's quality is {face.quality.score:.2f}; enrolment needs {needed:.2f}.",
                hint="See `reasons`, and send a sharp, evenly lit, frontal picture.",
                quality=round(face.quality.score, 3),
                reasons=list(face.quality.reasons),
            )
