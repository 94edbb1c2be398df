"""Enrolment: images become faces of a subject, in one transaction, with one answer per image."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.deadlines import current_deadline
from app.domain.deciding.policy import permitted_quality
from app.domain.deciding.selection import FaceChoice, choose_face
from app.domain.errors import FacetError
from app.domain.errors.trouble import DeadlineExceededError
from app.domain.faces import AnalysisOptions, Face
from app.domain.gallery import Collection, EnrolledFace
from app.platform.telemetry import stage
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.deciding.decider import Decider
from app.services.deciding.questions import Lookalikes
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.judging import (
    Accepted,
    EnrolmentResult,
    with_doubt,
    with_duplicates,
)
from app.services.enrolling.new_faces import new_face, require_enrollable
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.announcing import announce_enrolled
from app.services.gallery.idempotency import Asked, Idempotency, StoredAnswer, options_of
from app.services.gallery.image_files import Keep, KeptPictures
from app.services.indexing.following import IndexFollower
from app.services.ports import FaceAnalyser, Storage, UnitOfWork


@dataclass(frozen=True, slots=True)
class EnrolmentOptions:
    """Gates an image must pass, and what to do about look-alikes."""

    face: FaceChoice = "dominant"
    min_quality: float | None = None
    """Overrides the service's gate, in [0, 1]."""
    duplicates: Literal["warn", "reject", "ignore"] = "warn"
    """What to do when the face resembles another subject at the default 1:N threshold."""
    analysis: AnalysisOptions = AnalysisOptions()
    allow_repeats: bool = False
    """Store a picture once more that the subject has already."""


@dataclass(frozen=True, slots=True, eq=False)
class EnrolmentOutcome:
    """One result per image; or, of a request that was made before, the answer it got."""

    results: Sequence[EnrolmentResult] = ()
    replayed: StoredAnswer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The subject's face in a picture, or why it has none; or the one it has from it already."""

    face: Face | EnrolledFace | FacetError
    source_digest: str | None = None
    """SHA-256 of the picture's file, where the face comes from a file of its own."""


Find = Callable[[EnrolmentOptions], Sequence[Found]]
"""What each picture shows, with these options, as the collection's policy has them."""


class Enroller:
    """Enrols images of a subject."""

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        analyser: FaceAnalyser,
        follower: IndexFollower,
        gate: EnrolmentGate,
        decider: Decider,
        review: EnrolmentReview,
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._analyser = analyser
        self._follower = follower
        self._gate = gate
        self._decider = decider
        self._review = review

    def enrol(
        self,
        collection: str,
        subject_id: str,
        images: Sequence[bytes],
        options: EnrolmentOptions,
        idempotency: Idempotency[Sequence[EnrolmentResult]] | None = None,
    ) -> EnrolmentOutcome:
        """Store what passes the gates, in one transaction.

        Nothing is stored when every image is refused. Raises IdempotencyConflictError when the
        key was used for a different request.
        """

        digests = [hashlib.sha256(image).hexdigest() for image in images]

        def find(wanted: EnrolmentOptions) -> Sequence[Found]:
            known = {} if options.allow_repeats else self._known(collection, subject_id, digests)
            return [
                Found(known[digest], digest)
                if digest in known
                else self._meant(image, digest, wanted.analysis, options.face)
                for image, digest in zip(images, digests, strict=True)
            ]

        named = {"enrolment": {"collection": collection, "subject": subject_id}}
        asked = Asked(named | {"options": options_of(options)}, images)
        return self.enrol_found(collection, subject_id, asked, find, options, idempotency)

    @again_when_overtaken
    def enrol_found(
        self,
        collection: str,
        subject_id: str,
        asked: Asked,
        find: Find,
        options: EnrolmentOptions,
        idempotency: Idempotency[Sequence[EnrolmentResult]] | None = None,
    ) -> EnrolmentOutcome:
        """Store the faces that `find` gives, as `enrol` does.

        A request that asks for the same with the same Idempotency-Key gets the stored answer.
        """
        fingerprint = idempotency.fingerprint(asked) if idempotency else ""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            require_enrollable(uow, gallery, uow.subjects.get(gallery.id, subject_id).id)
            if idempotency and (stored := idempotency.replay(uow, fingerprint)):
                return EnrolmentOutcome(replayed=stored)
        self._decider.require_encoder(gallery, options.analysis.encoder)
        options = _permitted(options, gallery)
        judged = self._judged(gallery, subject_id, find(options), options)
        if not any(isinstance(one, Accepted) for one in judged):
            return EnrolmentOutcome([one for one in judged if isinstance(one, EnrolmentResult)])
        current_deadline().seal()
        kept = self._pictures.taken_back_on_failure()
        with stage("store"), kept as keep, self._storage.write() as uow:
            if idempotency and (stored := idempotency.replay(uow, fingerprint)):
                return uow.note_result(EnrolmentOutcome(replayed=stored))
            require_same_encoder(uow, gallery)
            uow.subjects.get(gallery.id, subject_id, hold=True)
            require_enrollable(uow, gallery, subject_id)
            results = self._store_all(uow, keep, gallery, subject_id, judged, options)
            if idempotency:
                idempotency.remember(uow, fingerprint, subject_id, results)
            outcome = uow.note_result(EnrolmentOutcome(results))
        self._follower.catch_up_after_write()
        return outcome

    def _known(
        self, collection: str, subject_id: str, digests: Sequence[str]
    ) -> Mapping[str, EnrolledFace]:
        """The subject's faces that were enrolled from one of the pictures."""
        with self._storage.read() as uow:
            place, sources = uow.collections.get(collection).id, uow.faces.sources(subject_id)
            return {d: uow.faces.get(place, sources[d]) for d in digests if d in sources}

    def _meant(
        self, image: bytes, digest: str, wanted: AnalysisOptions, choice: FaceChoice
    ) -> Found:
        try:
            seen = self._analyser.analyse(image, wanted)
            face = choose_face(seen.faces, choice, seen.min_face)
        except DeadlineExceededError:
            raise  # says nothing about this image
        except FacetError as error:
            return Found(error)
        return Found(face, digest)

    def _judged(
        self,
        gallery: Collection,
        subject_id: str,
        found: Sequence[Found],
        options: EnrolmentOptions,
    ) -> "list[Accepted | EnrolmentResult]":
        """The images' faces that may be stored, or why not; look-alikes are looked up at once."""
        judged = [self._gated(one, options) for one in found]
        passed = [one for one in judged if isinstance(one, Accepted)]
        if not passed:
            return judged
        probes = [one.face.require_embedding() for one in passed]
        doubts = iter(self._review.doubts(gallery, subject_id, probes))
        alike = iter([Lookalikes()] * len(probes))
        if options.duplicates != "ignore":
            alike = iter(self._decider.lookalikes(gallery, subject_id, probes))
        reject = options.duplicates == "reject"
        strict = gallery.policy.review_mode == "strict"
        return [
            with_doubt(
                with_duplicates(one, next(alike), refused=reject), next(doubts), refused=strict
            )
            if isinstance(one, Accepted)
            else one
            for one in judged
        ]

    def _gated(self, found: Found, options: EnrolmentOptions) -> "Accepted | EnrolmentResult":
        face = found.face
        if isinstance(face, FacetError):
            return EnrolmentResult(error=face)
        if isinstance(face, EnrolledFace):
            return EnrolmentResult(face, repeated=True)
        try:
            self._gate.check(face, options.min_quality)
        except FacetError as error:
            return EnrolmentResult(error=error)
        return Accepted(face, Lookalikes(), found.source_digest)

    def _store_all(
        self,
        uow: UnitOfWork,
        keep: Keep,
        gallery: Collection,
        subject_id: str,
        judged: "Sequence[Accepted | EnrolmentResult]",
        options: EnrolmentOptions,
    ) -> Sequence[EnrolmentResult]:
        known = None if options.allow_repeats else dict(uow.faces.sources(subject_id))
        results = [self._store(uow, keep, gallery, subject_id, one, known) for one in judged]
        new = [one.face for one in results if one.face is not None and not one.repeated]
        announce_enrolled(uow, gallery, [(subject_id, face.id) for face in new])
        return results

    def _store(
        self,
        uow: UnitOfWork,
        keep: Keep,
        gallery: Collection,
        subject_id: str,
        one: "Accepted | EnrolmentResult",
        known: dict[str, int] | None,
    ) -> EnrolmentResult:
        """`known` are the subject's faces by the pictures that they come from, and grows."""
        if isinstance(one, EnrolmentResult):
            return one
        source = one.source_digest
        if known is not None and source in known:
            # Another request, or an earlier picture of this one, has brought it meanwhile.
            return EnrolmentResult(uow.faces.get(gallery.id, known[source]), repeated=True)
        digest = None
        if one.face.portrait is not None:
            digest = keep(uow, subject_id, one.face.portrait)
        enrolled = uow.faces.add(new_face(gallery, subject_id, one.face, digest, source))
        if known is not None and source is not None:
            known[source] = enrolled.id
        return one.result(enrolled)


def _permitted(options: EnrolmentOptions, gallery: Collection) -> EnrolmentOptions:
    """The options as the collection has them. Raises OutsidePolicyError."""
    return replace(
        options,
        min_quality=permitted_quality(gallery.policy, options.min_quality),
        analysis=replace(options.analysis, encoder=gallery.encoder, portraits=gallery.keep_images),
    )
