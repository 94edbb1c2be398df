"""Identification, 1:N: who in the collection is on this image, or nobody?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.decisions import (
    DEFAULT_FPIR,
    Identification,
    Threshold,
    identification_threshold,
)
from app.domain.faces import AnalysisOptions, Face, ImageAnalysis
from app.domain.gallery import Collection, Scalar, Subject
from app.domain.metadata import clean_conditions
from app.services.deciding.allowances import Withheld
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.deciding.filtering import chosen_subjects
from app.services.deciding.verification import check_encoder
from app.services.ports import EncoderCatalogue, FaceAnalyser, Storage
from models.registry.curve import ThresholdCurve


@dataclass(frozen=True, slots=True)
class RecognitionOptions:
    """How to search; either `fpir` or `similarity_threshold`, or neither for the default."""

    fpir: float | None = None
    similarity_threshold: float | None = None
    candidates: int = 5
    """Ranked subjects to name per face."""
    unique: bool = True
    """Never give one subject to two faces of one image."""
    subjects: tuple[str, ...] = ()
    """Ids of the only subjects to look for; empty is everybody in the collection."""
    where: Mapping[str, Scalar] = field(default_factory=dict)
    """Metadata that subjects have to have to be looked for, all of it; numbers by their value."""
    analysis: AnalysisOptions = AnalysisOptions()

    @property
    def own_threshold(self) -> bool:
        """Whether the caller places the threshold, be it by choosing among whom to search."""
        named = self.similarity_threshold is not None or self.fpir not in (None, DEFAULT_FPIR)
        return named or bool(self.subjects or self.where)


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedFace:
    """A face of the image and the verdict on it; FMRs are those of its candidates, in order."""

    face: Face
    identification: Identification
    candidate_fmrs: tuple[float, ...]
    match_fmr: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """Every face of an image against a collection."""

    collection: Collection
    analysis: ImageAnalysis
    threshold: Threshold
    enrolled_subjects: int
    """N, the number of subjects the threshold was corrected for."""
    faces: tuple[RecognisedFace, ...]
    subjects: Mapping[str, Subject]
    """Those that candidates name, by id."""
    withheld: Withheld
    """Of whom no number is to be told."""


class Recognizer:
    """Recognises the faces of an image among the subjects of a collection."""

    def __init__(
        self,
        storage: Storage,
        analyser: FaceAnalyser,
        encoders: EncoderCatalogue,
        search: CandidateSearch,
        decider: Decider,
    ) -> None:
        self._storage = storage
        self._analyser = analyser
        self._encoders = encoders
        self._search = search
        self._decider = decider

    @again_when_overtaken
    def recognize(self, collection: str, image: bytes, options: RecognitionOptions) -> Recognition:
        """Decide every face found; an image without faces gives an empty answer."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        check_encoder(gallery.encoder, options.analysis.encoder, self._encoders)
        curve = self._encoders.curve(gallery.encoder)
        # What is wrong with a request is told before the costly part.
        search_threshold(curve, 1, options)
        where = clean_conditions(options.where)
        analysis = self._analyser.analyse(image, replace(options.analysis, encoder=gallery.encoder))
        probes = [face.require_embedding() for face in analysis.faces]
        with self._storage.read() as uow:
            chosen = chosen_subjects(uow, gallery, options.subjects, where)
            enrolled = self._search.subjects_among(uow, gallery, chosen)
            ranking = self._search.rank(uow, gallery, probes, max(2, options.candidates), chosen)
        threshold = search_threshold(curve, enrolled, options)
        decided = self._decider.identify(
            ranking.per_probe,
            threshold,
            curve,
            own=options.own_threshold,
            shown=options.candidates,
            unique=options.unique,
        )
        faces = tuple(
            RecognisedFace(
                face,
                verdict,
                tuple(curve.fmr(c.similarity) for c in verdict.candidates),
                curve.fmr(verdict.match.similarity) if verdict.match else None,
            )
            for face, verdict in zip(analysis.faces, decided.verdicts, strict=True)
        )
        return Recognition(
            gallery,
            analysis,
            decided.threshold,
            enrolled,
            faces,
            ranking.subjects,
            decided.withheld,
        )


def search_threshold(
    curve: ThresholdCurve, subjects: int, options: RecognitionOptions
) -> Threshold:
    """The 1:N threshold that the options ask for. Raises InvalidThresholdError."""
    return identification_threshold(
        curve, subjects, fpir=options.fpir, similarity=options.similarity_threshold
    )
