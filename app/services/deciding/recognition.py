"""Identification, 1:N: who in the collection is on this image, or nobody?"""

from dataclasses import dataclass, replace

from app.domain.deciding.selection import FaceChoice, choose_face
from app.domain.deciding.terms import SearchTerms
from app.domain.deciding.verdicts import SearchVerdict
from app.domain.faces import AnalysisOptions, Face, ImageAnalysis
from app.domain.gallery import Collection
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.deciding.questions import Identified, Probe
from app.services.ports import FaceAnalyser


def keeps_pictures(gallery: Collection) -> bool:
    """Whether the collection keeps pictures of faces that it is asked to recognize."""
    return gallery.keep_images and gallery.policy.remember != "nothing"


@dataclass(frozen=True, slots=True)
class RecognitionOptions(SearchTerms):
    """Terms of the search, and the faces of the image that it is for."""

    analysis: AnalysisOptions = AnalysisOptions()
    face: FaceChoice | None = None
    """The one face that is meant; None decides every face."""


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedFace:
    """A face of the image and the verdict on it."""

    face: Face
    verdict: SearchVerdict


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """The faces of an image against a collection."""

    collection: Collection
    analysis: ImageAnalysis
    faces: tuple[RecognisedFace, ...]
    decided: Identified


class Recognizer:
    """Recognises the faces of an image among the subjects of a collection."""

    def __init__(self, analyser: FaceAnalyser, decider: Decider) -> None:
        self._analyser = analyser
        self._decider = decider

    @again_when_overtaken
    def recognize(self, collection: str, image: bytes, options: RecognitionOptions) -> Recognition:
        """Decide every face found, or the one that is meant.

        An image without faces gives an empty answer, unless one is meant: then it raises
        NoFaceError, or SeveralFacesError when it cannot be told which.
        """
        search = self._decider.search(collection, options, encoder=options.analysis.encoder)
        wanted = replace(
            options.analysis,
            encoder=search.gallery.encoder,
            crops=keeps_pictures(search.gallery),
        )
        analysis = self._analyser.analyse(image, wanted)
        faces = analysis.faces
        if options.face is not None:
            faces = (choose_face(faces, options.face, analysis.min_face),)
        probes = [Probe(face.require_embedding(), face=face) for face in faces]
        decided = self._decider.identify(search, probes)
        pairs = zip(faces, decided.verdicts, strict=True)
        return Recognition(
            search.gallery, analysis, tuple(RecognisedFace(*pair) for pair in pairs), decided
        )
