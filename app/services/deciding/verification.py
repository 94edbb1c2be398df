"""Verification, 1:1: are these the same person, is this who they claim to be?"""

from dataclasses import dataclass, replace

from app.domain.deadlines import check_deadline
from app.domain.deciding.selection import FaceChoice, choose_face
from app.domain.deciding.terms import ComparisonTerms
from app.domain.deciding.verdicts import ComparisonVerdict
from app.domain.faces import AnalysisOptions, Face, ImageAnalysis
from app.domain.gallery import Subject
from app.services.deciding.allowances import NOTHING, Withheld
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.ports import FaceAnalyser


@dataclass(frozen=True, slots=True)
class VerificationOptions(ComparisonTerms):
    """Terms of the comparison, and the face that is meant of each image."""

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
    """The answer to a 1:1 comparison."""

    verdict: ComparisonVerdict
    encoder: str
    probe: ComparedFace
    reference: ComparedFace | None = None
    """The face of the other image, when there was one."""
    subject: Subject | None = None
    face_id: int | None = None
    """The subject's most similar enrolled face."""
    withheld: Withheld = NOTHING
    """Whether the numbers are withheld, and until when."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPicture:
    """The faces of a picture, each with the verdict on it."""

    analysis: ImageAnalysis
    verdicts: tuple[ComparisonVerdict, ...]
    """In the order of the faces."""
    reference: ImageAnalysis | None = None
    """The other picture, when there was one."""
    meant: Face | None = None
    """Its face that was compared."""


class Verifier:
    """Compares a probe with another image or with a claimed subject."""

    def __init__(self, analyser: FaceAnalyser, decider: Decider) -> None:
        self._analyser = analyser
        self._decider = decider

    def compare(self, reference: bytes, probe: bytes, options: VerificationOptions) -> Verification:
        """Two images: same person?"""
        comparison = self._decider.comparison(options, encoder=options.analysis.encoder)
        reference_face = self._face(reference, comparison.encoder, options)
        probe_face = self._face(probe, comparison.encoder, options)
        (verdict,) = self._decider.compare(
            comparison,
            reference_face.face.require_embedding(),
            [probe_face.face.require_embedding()],
        )
        return Verification(verdict, comparison.encoder, probe_face, reference_face)

    def compare_with_all(
        self, reference: bytes, probe: bytes, options: VerificationOptions
    ) -> "ComparedPicture":
        """One picture's face, as `options` choose it, against every face of another."""
        comparison = self._decider.comparison(options, encoder=options.analysis.encoder)
        wanted = replace(options.analysis, encoder=comparison.encoder)
        source = self._analyser.analyse(reference, wanted)
        meant = choose_face(source.faces, options.face, source.min_face)
        analysis = self._analyser.analyse(probe, wanted)
        verdicts = self._decider.compare(
            comparison,
            meant.require_embedding(),
            [face.require_embedding() for face in analysis.faces],
        )
        return ComparedPicture(analysis, verdicts, source, meant)

    @again_when_overtaken
    def claim_face(
        self, collection: str, face_id: int, probe: bytes, options: VerificationOptions
    ) -> "ComparedPicture":
        """Every face of a picture against one enrolled face.

        Raises UnknownFaceError, and SubjectWithoutFacesError when it is erased meanwhile.
        """
        claim = self._decider.claim_face(collection, face_id, options)
        wanted = replace(options.analysis, encoder=claim.gallery.encoder)
        analysis = self._analyser.analyse(probe, wanted)
        verdicts = []
        for face in analysis.faces:
            check_deadline()
            verdicts.append(self._decider.verify(claim, face.require_embedding()).verdict)
        return ComparedPicture(analysis, tuple(verdicts))

    @again_when_overtaken
    def claim(
        self, collection: str, subject_id: str, probe: bytes, options: VerificationOptions
    ) -> Verification:
        """An image against the enrolled faces of the subject it is claimed to show."""
        claim = self._decider.claim(
            collection, subject_id, options, encoder=options.analysis.encoder
        )
        shown = self._face(probe, claim.gallery.encoder, options)
        decided = self._decider.verify(claim, shown.face.require_embedding())
        return Verification(
            decided.verdict,
            claim.gallery.encoder,
            shown,
            subject=decided.subject,
            face_id=decided.face_id,
            withheld=decided.withheld,
        )

    def _face(self, image: bytes, encoder: str, options: VerificationOptions) -> ComparedFace:
        analysis = self._analyser.analyse(image, replace(options.analysis, encoder=encoder))
        face = choose_face(analysis.faces, options.face, analysis.min_face)
        return ComparedFace(face, analysis.min_face, analysis.truncated)
