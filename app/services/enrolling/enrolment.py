"""Enrolment: images become faces of a subject, in one transaction, with one answer per image."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.deadlines import current_deadline
from app.domain.decisions import identification_threshold
from app.domain.errors import FacetError
from app.domain.errors.pictures import DuplicateFaceError
from app.domain.errors.trouble import DeadlineExceededError
from app.domain.faces import AnalysisOptions, Face
from app.domain.gallery import Collection, EnrolledFace
from app.domain.selection import FaceChoice, choose_face
from app.platform.telemetry import stage
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.deciding.decider import Decider
from app.services.deciding.verification import check_encoder
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.new_faces import new_face
from app.services.gallery.idempotency import Asked, Idempotency, StoredAnswer, options_of
from app.services.gallery.image_files import keep, taken_back_on_failure
from app.services.indexing.following import IndexFollower
from app.services.ports import EncoderCatalogue, FaceAnalyser, ImageStore, Storage, UnitOfWork


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


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another subject that the new face could be taken for."""

    subject_id: str
    name: str
    face_id: int
    similarity: float | None
    """None, as `fmr`, when it must not be told."""
    fmr: float | None


@dataclass(frozen=True, slots=True, eq=False)
class EnrolmentResult:
    """What became of one image: an enrolled face, or the error that kept it out."""

    face: EnrolledFace | None = None
    error: FacetError | None = None
    duplicates: tuple[Duplicate, ...] = ()
    repeated: bool = False
    """Whether the subject had the picture, and `face` is the one enrolled from it."""


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


Find = Callable[[AnalysisOptions], Sequence[Found]]
"""What each picture shows, analysed with these options."""


class Enroller:
    """Enrols images of a subject."""

    def __init__(
        self,
        storage: Storage,
        images: ImageStore,
        analyser: FaceAnalyser,
        encoders: EncoderCatalogue,
        search: CandidateSearch,
        follower: IndexFollower,
        gate: EnrolmentGate,
        decider: Decider,
    ) -> None:
        self._storage = storage
        self._images = images
        self._analyser = analyser
        self._encoders = encoders
        self._search = search
        self._follower = follower
        self._gate = gate
        self._decider = decider

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

        def find(wanted: AnalysisOptions) -> Sequence[Found]:
            known = {} if options.allow_repeats else self._known(collection, subject_id, digests)
            return [
                Found(known[digest], digest)
                if digest in known
                else self._meant(image, digest, wanted, options.face)
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
            uow.subjects.get(gallery.id, subject_id)
            if idempotency and (stored := idempotency.replay(uow, fingerprint)):
                return EnrolmentOutcome(replayed=stored)
        check_encoder(gallery.encoder, options.analysis.encoder, self._encoders)
        wanted = replace(options.analysis, encoder=gallery.encoder, portraits=gallery.keep_images)
        judged = [self._judge(gallery, subject_id, one, options) for one in find(wanted)]
        if not any(isinstance(one, _Accepted) for one in judged):
            return EnrolmentOutcome([one for one in judged if isinstance(one, EnrolmentResult)])
        current_deadline().seal()
        portraits = [one.face.portrait for one in judged if isinstance(one, _Accepted)]
        kept = taken_back_on_failure(self._storage, self._images, portraits)
        with stage("store"), kept, self._storage.write() as uow:
            if idempotency and (stored := idempotency.replay(uow, fingerprint)):
                return EnrolmentOutcome(replayed=stored)
            require_same_encoder(uow, gallery)
            uow.subjects.get(gallery.id, subject_id, hold=True)
            results = [self._store(uow, gallery, subject_id, one, options) for one in judged]
            if idempotency:
                idempotency.remember(uow, fingerprint, subject_id, results)
        self._follower.catch_up_after_write()
        return EnrolmentOutcome(results)

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

    def _judge(
        self, gallery: Collection, subject_id: str, found: Found, options: EnrolmentOptions
    ) -> "_Accepted | EnrolmentResult":
        face = found.face
        if isinstance(face, FacetError):
            return EnrolmentResult(error=face)
        if isinstance(face, EnrolledFace):
            return EnrolmentResult(face, repeated=True)
        try:
            self._gate.check(face, options.min_quality)
        except FacetError as error:
            return EnrolmentResult(error=error)
        duplicates: tuple[Duplicate, ...] = ()
        if options.duplicates != "ignore":
            duplicates = self._duplicates(gallery, subject_id, face)
        if duplicates and options.duplicates == "reject":
            return EnrolmentResult(error=_duplicate_error(duplicates), duplicates=duplicates)
        return _Accepted(face, duplicates, found.source_digest)

    def _duplicates(
        self, gallery: Collection, subject_id: str, face: Face
    ) -> tuple[Duplicate, ...]:
        curve = self._encoders.curve(gallery.encoder)
        with self._storage.read() as uow:
            enrolled = uow.subjects.count(gallery.id, with_faces=True)
            ranking = self._search.rank(uow, gallery, [face.require_embedding()], 4)
        threshold = identification_threshold(curve, enrolled)
        alike = [
            c
            for c in ranking.per_probe[0]
            if c.subject_id != subject_id and c.similarity >= threshold.similarity
        ]
        withheld = self._decider.withheld(alike).subjects
        return tuple(
            Duplicate(
                c.subject_id,
                ranking.subjects[c.subject_id].name,
                c.face_id,
                None if c.subject_id in withheld else c.similarity,
                None if c.subject_id in withheld else curve.fmr(c.similarity),
            )
            for c in alike
        )

    def _store(
        self,
        uow: UnitOfWork,
        gallery: Collection,
        subject_id: str,
        one: "_Accepted | EnrolmentResult",
        options: EnrolmentOptions,
    ) -> EnrolmentResult:
        if isinstance(one, EnrolmentResult):
            return one
        if one.source_digest is not None and not options.allow_repeats:
            # Another request, or an earlier picture of this one, may have brought it meanwhile.
            known = uow.faces.sources(subject_id).get(one.source_digest)
            if known is not None:
                return EnrolmentResult(uow.faces.get(gallery.id, known), repeated=True)
        digest = None
        if one.face.portrait is not None:
            digest = keep(uow, self._images, one.face.portrait)
        enrolled = uow.faces.add(new_face(gallery, subject_id, one.face, digest, one.source_digest))
        return EnrolmentResult(enrolled, duplicates=one.duplicates)


@dataclass(frozen=True, slots=True, eq=False)
class _Accepted:
    """A face that passed the gates and waits for the transaction."""

    face: Face
    duplicates: tuple[Duplicate, ...]
    source_digest: str | None


def _duplicate_error(duplicates: Sequence[Duplicate]) -> DuplicateFaceError:
    first = duplicates[0]
    return DuplicateFaceError(
        f"The face could be that of subject {first.name!r} already.",
        hint="Merge the subjects, or enrol with duplicates=warn if they are two people.",
        subject_id=first.subject_id,
        face_id=first.face_id,
    )
