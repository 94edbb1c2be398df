"""Enrolment of everybody in a picture, each as a subject of its own or all as one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.deadlines import current_deadline
from app.domain.errors import FacetError
from app.domain.faces import AnalysisOptions, Face, ImageAnalysis
from app.domain.foreign.labels import FaceLabel, LabelledFace, subject_name
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.domain.texts import clean_text
from app.platform.telemetry import stage
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.new_faces import new_face, require_enrollable
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.announcing import announce_enrolled
from app.services.gallery.image_files import Keep, KeptPictures
from app.services.gallery.unnamed import made_unnamed, subject_called
from app.services.indexing.following import IndexFollower
from app.services.ports import FaceAnalyser, Storage, UnitOfWork

_SAME_PLACE = 1.0
"""Pixels by which the boxes of one face may differ when its picture comes again."""
_LOOKED_AT = 1000
"""Faces of a subject among whom one that came before is looked for."""


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """The subject whose faces a picture shows, and which of them to enroll."""

    external_id: str | None = None
    """Of the subject that gets all faces, found by external id or name, or made; None makes a
    subject for each face."""
    max_faces: int | None = None
    """Largest faces to enroll."""
    min_quality: float | None = None
    """Overrides the service's gate, in [0, 1]."""
    analysis: AnalysisOptions = AnalysisOptions()


@dataclass(frozen=True, slots=True, eq=False)
class TakenFace:
    """A face of the picture, and what it is in the gallery."""

    face: Face
    enrolled: LabelledFace


@dataclass(frozen=True, slots=True, eq=False)
class LeftOutFace:
    """A face that was not enrolled: the error that kept it out, or None for one too many."""

    face: Face
    error: FacetError | None


@dataclass(frozen=True, slots=True, eq=False)
class PictureEnrolment:
    """Every face of a picture, largest first, enrolled or left out."""

    collection: Collection
    analysis: ImageAnalysis
    taken: tuple[TakenFace, ...]
    left_out: tuple[LeftOutFace, ...]


class PictureEnroller:
    """Enrolls all faces of a picture in one transaction."""

    def __init__(
        self,
        storage: Storage,
        pictures: KeptPictures,
        analyser: FaceAnalyser,
        follower: IndexFollower,
        gate: EnrolmentGate,
        review: EnrolmentReview,
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._analyser = analyser
        self._follower = follower
        self._gate = gate
        self._review = review

    @again_when_overtaken
    def enroll(self, collection: str, image: bytes, options: PictureOptions) -> PictureEnrolment:
        """Store the faces that pass the gate.

        The same picture for the same external id is stored once: its faces are those from before.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        wanted = AnalysisOptions(
            encoder=gallery.encoder,
            portraits=gallery.keep_images,
            max_faces=options.analysis.max_faces,
        )
        analysis = self._analyser.analyse(image, wanted)
        accepted, left_out = self._gated(analysis.faces, options)
        accepted, doubted = self._reviewed(gallery, accepted, options)
        left_out += doubted
        taken: list[TakenFace] = []
        if accepted:
            current_deadline().seal()
            kept = self._pictures.taken_back_on_failure()
            with stage("store"), kept as keep, self._storage.write() as uow:
                require_same_encoder(uow, gallery)
                storing = _Storing(uow, keep, gallery, analysis, image, options)
                taken = [TakenFace(face, storing.store(face)) for face in accepted]
                announce_enrolled(uow, gallery, storing.new)
                uow.note_result(PictureEnrolment(gallery, analysis, tuple(taken), tuple(left_out)))
            self._follower.catch_up_after_write()
        return PictureEnrolment(gallery, analysis, tuple(taken), tuple(left_out))

    def _gated(
        self, faces: Sequence[Face], options: PictureOptions
    ) -> tuple[list[Face], list[LeftOutFace]]:
        accepted: list[Face] = []
        left_out: list[LeftOutFace] = []
        for face in faces:
            try:
                self._gate.check(face, options.min_quality)
            except FacetError as error:
                left_out.append(LeftOutFace(face, error))
                continue
            if options.max_faces is not None and len(accepted) >= options.max_faces:
                left_out.append(LeftOutFace(face, None))
            else:
                accepted.append(face)
        return accepted, left_out

    def _reviewed(
        self, gallery: Collection, faces: Sequence[Face], options: PictureOptions
    ) -> tuple[list[Face], list[LeftOutFace]]:
        """The faces to enroll, and those that a strict collection leaves out."""
        if gallery.policy.review_mode != "strict":
            return list(faces), []
        subject = None
        if options.external_id is not None:
            name = clean_text(subject_name(options.external_id), "external_id")
            with self._storage.read() as uow:
                subject = uow.subjects.called(gallery.id, name)
        probes = [face.require_embedding() for face in faces]
        doubts = self._review.doubts(gallery, None if subject is None else subject.id, probes)
        judged = list(zip(faces, doubts, strict=True))
        return (
            [face for face, doubt in judged if doubt is None],
            [LeftOutFace(face, doubt) for face, doubt in judged if doubt is not None],
        )


class _Storing:
    """One picture's faces on their way into the database."""

    def __init__(
        self,
        uow: UnitOfWork,
        keep: Keep,
        gallery: Collection,
        analysis: ImageAnalysis,
        image: bytes,
        options: PictureOptions,
    ) -> None:
        self._uow, self._keep, self._gallery = uow, keep, gallery
        self._label = FaceLabel(analysis.width, analysis.height, options.external_id)
        self._digest = hashlib.sha256(image).hexdigest()
        self._subject: Subject | None = None
        self._before: list[EnrolledFace] = []
        self.new: list[tuple[str, int]] = []
        """Subjects and faces that were stored now."""
        if options.external_id is not None:
            self._subject = subject_called(uow, gallery, options.external_id)
            self._before = self._from_the_same_picture(self._subject.id)

    def store(self, face: Face) -> LabelledFace:
        """The face as it is in the gallery, from now on or since before."""
        subject = self._subject or made_unnamed(self._uow, self._gallery)
        enrolled = next((one for one in self._before if _same_place(one, face)), None)
        if enrolled is None:
            require_enrollable(self._uow, self._gallery, subject.id)
            digest = None
            if face.portrait is not None:
                digest = self._keep(self._uow, subject.id, face.portrait)
            new = new_face(self._gallery, subject.id, face, digest, self._digest)
            enrolled = self._uow.faces.add(new)
            self._uow.labels.add(enrolled.id, self._label)
            self.new.append((subject.id, enrolled.id))
        return self._uow.labels.known([enrolled.id])[enrolled.id].of(subject)

    def _from_the_same_picture(self, subject_id: str) -> list[EnrolledFace]:
        if self._digest not in self._uow.faces.sources(subject_id):
            return []
        faces = self._uow.faces.list(
            self._gallery.id, subject_id=subject_id, after=0, limit=_LOOKED_AT
        )
        return [face for face in faces if face.source_digest == self._digest]


def _same_place(enrolled: EnrolledFace, face: Face) -> bool:
    pairs = (
        (enrolled.box.x, face.box.x),
        (enrolled.box.y, face.box.y),
        (enrolled.box.width, face.box.width),
        (enrolled.box.height, face.box.height),
    )
    return all(abs(one - other) <= _SAME_PLACE for one, other in pairs)
