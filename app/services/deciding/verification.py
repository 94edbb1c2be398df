"""Verification, 1:1: are these the same person, is this who they claim to be?"""

from dataclasses import dataclass, replace

import numpy as np

from app.domain.decisions import Threshold, verification_threshold
from app.domain.errors.gallery import EncoderMismatchError, SubjectWithoutFacesError
from app.domain.faces import AnalysisOptions, Embedding, Face
from app.domain.gallery import Subject
from app.domain.selection import FaceChoice, choose_face
from app.services.deciding.allowances import NOTHING, Withheld
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.deciding.decider import Decider
from app.services.ports import EncoderCatalogue, FaceAnalyser, Storage, UnitOfWork
from models.registry.curve import ThresholdCurve
from models.registry.errors import InvalidManifestError


@dataclass(frozen=True, slots=True)
class VerificationOptions:
    """How to compare; either `fmr` or `similarity_threshold`, or neither for the default."""

    fmr: float | None = None
    similarity_threshold: float | None = None
    face: FaceChoice = "dominant"
    analysis: AnalysisOptions = AnalysisOptions()


@dataclass(frozen=True, slots=True, eq=False)
class ComparedFace:
    """The face of an image that is compared, and how that image was searched."""

    face: Face
    min_face: int
    """Smallest face that was searched for, pixels of the shorter side of its box."""
    truncated: bool
    """Whether faces were left out among which it was chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """The verdict of a 1:1 comparison."""

    match: bool
    similarity: float
    estimated_fmr: float | None
    """FMR of a threshold placed at this very similarity: how often strangers score so high;
    None where the encoder was never calibrated."""
    threshold: Threshold
    encoder: str
    probe: ComparedFace
    reference: ComparedFace | None = None
    """The face of the other image, when there was one."""
    subject: Subject | None = None
    face_id: int | None = None
    """The subject's most similar enrolled face."""
    withheld: Withheld = NOTHING
    """Whether the numbers must not be told."""


class Verifier:
    """Compares a probe with another image or with a claimed subject."""

    def __init__(
        self,
        storage: Storage,
        analyser: FaceAnalyser,
        encoders: EncoderCatalogue,
        decider: Decider,
    ) -> None:
        self._storage = storage
        self._analyser = analyser
        self._encoders = encoders
        self._decider = decider

    def compare(self, reference: bytes, probe: bytes, options: VerificationOptions) -> Verification:
        """Two images: same person?"""
        encoder = self._encoders.resolve(options.analysis.encoder)
        threshold = self._threshold(encoder, options)
        reference_face = self._face(reference, encoder, options)
        probe_face = self._face(probe, encoder, options)
        similarity = cosine(
            reference_face.face.require_embedding(), probe_face.face.require_embedding()
        )
        return self._verdict(
            similarity, threshold, encoder, options, probe=probe_face, reference=reference_face
        )

    @again_when_overtaken
    def claim(
        self, collection: str, subject_id: str, probe: bytes, options: VerificationOptions
    ) -> Verification:
        """An image against the enrolled faces of the subject it is claimed to show."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            uow.subjects.get(gallery.id, subject_id)
        check_encoder(gallery.encoder, options.analysis.encoder, self._encoders)
        threshold = self._threshold(gallery.encoder, options)
        shown = self._face(probe, gallery.encoder, options)
        with self._storage.read() as uow:
            require_same_encoder(uow, gallery)
            subject = uow.subjects.get(gallery.id, subject_id)
            nearest = _nearest(uow, subject_id, shown.face.require_embedding())
        if nearest is None:
            raise SubjectWithoutFacesError(
                f"Subject {subject.name!r} has no enrolled face to compare with.",
                hint="Enrol at least one face of the subject first.",
            )
        similarity, face_id = nearest
        threshold, withheld = self._decider.claim(
            subject_id, similarity, threshold, self._curve(gallery.encoder, options)
        )
        return self._verdict(
            similarity,
            threshold,
            gallery.encoder,
            options,
            probe=shown,
            subject=subject,
            face_id=face_id,
            withheld=withheld,
        )

    def _threshold(self, encoder: str, options: VerificationOptions) -> Threshold:
        return verification_threshold(
            self._curve(encoder, options),
            fmr=options.fmr,
            similarity=options.similarity_threshold,
        )

    def _curve(self, encoder: str, options: VerificationOptions) -> ThresholdCurve | None:
        """A caller who names a similarity needs no curve; there may be one all the same."""
        try:
            return self._encoders.curve(encoder)
        except InvalidManifestError:
            if options.similarity_threshold is None:
                raise
            return None

    def _face(self, image: bytes, encoder: str, options: VerificationOptions) -> ComparedFace:
        analysis = self._analyser.analyse(image, replace(options.analysis, encoder=encoder))
        face = choose_face(analysis.faces, options.face, analysis.min_face)
        return ComparedFace(face, analysis.min_face, analysis.truncated)

    def _verdict(
        self,
        similarity: float,
        threshold: Threshold,
        encoder: str,
        options: VerificationOptions,
        *,
        probe: ComparedFace,
        reference: ComparedFace | None = None,
        subject: Subject | None = None,
        face_id: int | None = None,
        withheld: Withheld = NOTHING,
    ) -> Verification:
        curve = self._curve(encoder, options)
        return Verification(
            match=similarity >= threshold.similarity,
            similarity=similarity,
            estimated_fmr=None if curve is None else curve.fmr(similarity),
            threshold=threshold,
            encoder=encoder,
            probe=probe,
            reference=reference,
            subject=subject,
            face_id=face_id,
            withheld=withheld,
        )


_AT_ONCE = 10_000
"""Templates that are in memory at once."""


def _nearest(uow: UnitOfWork, subject_id: str, probe: Embedding) -> tuple[float, int] | None:
    """(similarity, id) of the subject's face most similar to the probe; None without faces."""
    faces = uow.faces.ids_of_subjects([subject_id])
    nearest: tuple[float, int] | None = None
    for start in range(0, len(faces), _AT_ONCE):
        ids, templates = uow.faces.templates(faces[start : start + _AT_ONCE])
        if not len(ids):
            continue
        similarities = templates @ probe
        best = int(np.argmax(similarities))
        if nearest is None or similarities[best] > nearest[0]:
            nearest = float(similarities[best]), int(ids[best])
    return nearest


def cosine(a: Embedding, b: Embedding) -> float:
    """Similarity of two L2-normalised embeddings, in [-1, 1]."""
    return float(np.clip(a @ b, -1.0, 1.0))


def check_encoder(bound: str, asked: str | None, encoders: EncoderCatalogue) -> None:
    """Raise EncoderMismatchError when a request names another encoder than the collection's."""
    if asked is not None and encoders.resolve(asked) != bound:
        raise EncoderMismatchError(
            f"The collection is bound to encoder {bound}; {asked} cannot be compared with it.",
            hint="Leave the encoder out, or use a collection made with that encoder.",
        )
