"""Recordings as clients send them."""

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from app.api.kit.body.files import Image, Video
from app.api.v1.schemas.requests import AnalysisFields, EnrolFields, SearchFields
from app.domain.tracks import Recording, Sampling
from app.services.enrolling.recordings import RecordingEnrolmentOptions
from app.services.tracks.tracking import TrackOptions

_EXAMPLE = "AAAAIGZ0eXBpc29tAAACAGlzb21pc28y… (base64 of the file)"


class RecordingFields(AnalysisFields):
    """Several images in order of time, or one animation or video."""

    images: list[Image] = Field(default_factory=list)
    video: Video | None = None
    max_faces: int = Field(20, ge=1, le=20, description="Of each frame, largest ones first.")
    max_frames: int = Field(
        32, ge=1, le=128, description="Frames of a video to look at, evenly over its length."
    )
    rate: float = Field(5.0, gt=0, le=60, description="Of these per second, at most.")
    min_frames: int = Field(1, ge=1, le=128, description="Tracks seen in fewer are left out.")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.images and self.video is not None:
            raise ValueError("send either images or a video")
        return self

    def recording(self) -> Recording:
        return Recording(tuple(self.images), self.video)

    def tracks(self) -> TrackOptions:
        return TrackOptions(Sampling(self.max_frames, self.rate), self.min_frames)


class SequenceRecognizeRequest(RecordingFields, SearchFields):
    """A recording to recognise people on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"video": _EXAMPLE, "fpir": 0.01}]})


class SequenceEnrolRequest(RecordingFields, EnrolFields):
    """A recording of the subject."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject": "019a0c0f5b7c0123456789abcdef0123", "video": _EXAMPLE}]
        }
    )

    subject: str = Field(max_length=64, description="The subject's id.")
    best_frames: int = Field(3, ge=1, le=10, description="Frames to enrol, at most.")

    def enrolment(self) -> RecordingEnrolmentOptions:
        return RecordingEnrolmentOptions(self.options(), self.tracks(), self.best_frames)
