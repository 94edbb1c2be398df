"""Enrolment from recordings: one track's template, and its best frames."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.domain.errors import FacetError
from app.domain.faces import Face
from app.domain.tracks import Recording, Track, choose_track
from app.platform.progress import Report
from app.services.enrolling.enrolment import (
    Enroller,
    EnrolmentOptions,
    EnrolmentOutcome,
    Found,
)
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.judging import EnrolmentResult
from app.services.gallery.idempotency import Asked, Idempotency, options_of
from app.services.tracks.tracking import TrackFinder, TrackOptions


@dataclass(frozen=True, slots=True)
class RecordingEnrolmentOptions:
    """Options of an enrolment from images, and how many frames are enrolled."""

    enrolment: EnrolmentOptions = field(default_factory=EnrolmentOptions)
    """`face` chooses the track: by the area of its face summed over its frames."""
    tracks: TrackOptions = field(default_factory=TrackOptions)
    best_frames: int = 3


class RecordingEnroller:
    """Enrols the person whom a recording shows."""

    def __init__(self, enroller: Enroller, finder: TrackFinder, gate: EnrolmentGate) -> None:
        self._enroller = enroller
        self._finder = finder
        self._gate = gate

    def enrol(
        self,
        collection: str,
        subject_id: str,
        recording: Recording,
        options: RecordingEnrolmentOptions,
        idempotency: Idempotency[Sequence[EnrolmentResult]] | None = None,
        report: Report | None = None,
    ) -> EnrolmentOutcome:
        """One result per enrolled frame, the best first, whose face bears the track's template.

        Only frames that pass the gate take part: the mean of poor ones draws nearer to
        everybody. The other enrolled frames keep templates of their own. Gates, duplicates,
        kept images and idempotency are those of `Enroller.enrol`. Raises what that and the
        analysis of recordings raise, and NoFaceError or SeveralFacesError unless one track
        is meant.
        """

        def find(wanted: EnrolmentOptions) -> Sequence[Found]:
            seen, tracks = self._finder.find(recording, options.tracks, wanted.analysis, report)
            track = choose_track(tracks, options.enrolment.face, seen.min_face)
            fit = [o for o in track.observations if self._passes(o.face, wanted)]
            made = self._finder.aggregated(Track(tuple(fit)) if fit else track, seen.encoder)
            best, *others = (o.face for o in made.ranked()[: options.best_frames])
            return [Found(face) for face in (replace(best, embedding=made.template), *others)]

        media = [recording.video] if recording.video is not None else recording.images
        named = {"recording_enrolment": {"collection": collection, "subject": subject_id}}
        asked = Asked(named | {"options": options_of(options)}, media)
        return self._enroller.enrol_found(
            collection, subject_id, asked, find, options.enrolment, idempotency
        )

    def _passes(self, face: Face, options: EnrolmentOptions) -> bool:
        try:
            self._gate.check(face, options.min_quality)
        except FacetError:
            return False
        return True
