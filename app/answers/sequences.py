"""Tracks of recordings as clients see them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.answers.analysis import Box, Quality
from app.answers.decisions import FACE, ONLY_MATCHES, SUBJECT, WITHHELD, Verdict, verdict_fields
from app.domain.tracks import AggregatedTrack, Observation
from app.services.deciding import recordings


class TrackFrame(BaseModel):
    """The face in one frame."""

    frame: int = Field(description="Number in the recording, from 0 on.")
    seconds: float | None = Field(description="Since the first frame; null for images.")
    box: Box
    probability: float
    quality: Quality
    weight: float = Field(description="Share in the track's template; they sum to 1.")
    similarity: float | None = Field(
        description="Of this frame alone, to the face that matched or nearly did, to a thousandth; "
        "null where they are not alike, and in all frames where the key may not be given as many "
        "numbers of the subject."
    )

    @classmethod
    def of(cls, seen: Observation, weight: float, similarity: float | None) -> Self:
        return cls(
            frame=seen.frame.index,
            seconds=seen.frame.seconds,
            box=Box.of(seen.face.box),
            probability=seen.face.probability,
            quality=Quality.of(seen.face.quality),
            weight=weight,
            similarity=similarity,
        )


class Track(Verdict):
    """One person from frame to frame, and the one verdict on all of them."""

    best_frame: int = Field(description="The frame of the greatest weight.")
    frames: list[TrackFrame] = Field(description="In order of time: the curve of similarity.")

    @classmethod
    def of(cls, track: recordings.RecognisedTrack) -> Self:
        return cls(
            **verdict_fields(track.verdict),
            best_frame=track.aggregated.best.frame.index,
            frames=_frames(track.aggregated, track.verdict.frames),
        )


class SequenceRecognition(BaseModel):
    """Every track of a recording against a collection, longest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    collection: str
    encoder: str
    aggregator: str = Field(
        description="What weighs the frames: a model key, or `quality` for the quality score."
    )
    threshold: float = Field(description="The similarity needed to be known.")
    threshold_fmr: float = Field(
        description="Its false-match rate for one comparison: 1 - (1 - fpir)^(1/subjects)."
    )
    subjects: int = Field(description="N, the enrolled subjects searched.")
    width: int
    height: int
    seconds: float | None = Field(description="From the first frame to the last.")
    total_frames: int
    analysed_frames: list[int] = Field(description="Numbers of the frames looked at.")
    min_face: int = Field(
        description="Smallest face looked for in every frame: the shorter side of its box, in "
        "pixels."
    )
    truncated: bool = Field(
        description="Whether faces were left out: a frame had more than `max_faces`, or the "
        "detector could not look at every place of it."
    )
    truncated_frames: list[int] = Field(description="Numbers of the frames where they were.")
    tracks: list[Track]
    numbers_withheld_until: datetime | None = WITHHELD
    only_matches_named: bool = ONLY_MATCHES

    @classmethod
    def of(cls, result: recordings.RecordingRecognition) -> Self:
        seen, decided = result.analysis, result.decided
        return cls(
            collection=result.collection.name,
            encoder=result.collection.encoder,
            aggregator=result.aggregator,
            threshold=decided.threshold.similarity,
            threshold_fmr=decided.threshold.fmr,
            subjects=decided.enrolled_subjects,
            width=seen.width,
            height=seen.height,
            seconds=seen.seconds,
            total_frames=seen.total_frames,
            analysed_frames=[frame.index for frame in seen.frames],
            min_face=seen.min_face,
            truncated=bool(seen.truncated_frames),
            truncated_frames=list(seen.truncated_frames),
            tracks=[Track.of(track) for track in result.tracks],
            numbers_withheld_until=decided.withheld.until,
            only_matches_named=decided.only_matches_named,
        )


def _frames(
    track: AggregatedTrack, similarities: tuple[float | None, ...] | None
) -> list[TrackFrame]:
    curve = similarities or (None,) * len(track.weights)
    return [
        TrackFrame.of(seen, float(weight), similarity)
        for seen, weight, similarity in zip(
            track.track.observations, track.weights, curve, strict=True
        )
    ]


_FRAME: dict[str, JsonValue] = {
    "frame": 10,
    "seconds": 0.4,
    "probability": 0.999,
    "weight": 0.12,
    "similarity": 0.951,
    **FACE,
}
SequenceRecognition.model_config["json_schema_extra"] = {
    "examples": [
        {
            "collection": "staff",
            "encoder": "facenet-resnet29@1",
            "aggregator": "track-restoration@1",
            "threshold": 0.924,
            "threshold_fmr": 0.0025,
            "subjects": 4,
            "width": 1280,
            "height": 720,
            "seconds": 6.2,
            "total_frames": 155,
            "analysed_frames": [0, 5, 10],
            "min_face": 20,
            "truncated": False,
            "truncated_frames": [],
            "tracks": [
                {
                    "decision": "known",
                    "subject": SUBJECT,
                    "face_id": 42,
                    "similarity": 0.962,
                    "fmr": 4e-06,
                    "fmr_is_bound": True,
                    "margin": 0.04,
                    "candidates": [
                        {
                            "subject": SUBJECT,
                            "face_id": 42,
                            "similarity": 0.962,
                            "fmr": 4e-06,
                            "fmr_is_bound": True,
                        }
                    ],
                    "best_frame": 10,
                    "frames": [_FRAME],
                }
            ],
        }
    ]
}
