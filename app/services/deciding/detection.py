"""Detection and embedding of the faces of one image; nothing is stored."""

from dataclasses import replace

from app.domain.faces import AnalysisOptions, ImageAnalysis
from app.services.ports import EncoderCatalogue, FaceAnalyser


class Detection:
    """Finds faces, and embeds them."""

    def __init__(self, analyser: FaceAnalyser, encoders: EncoderCatalogue) -> None:
        self._analyser = analyser
        self._encoders = encoders

    def detect(self, image: bytes, options: AnalysisOptions) -> ImageAnalysis:
        return self._analyser.analyse(image, replace(options, encoder=None))

    def embed(self, image: bytes, options: AnalysisOptions) -> ImageAnalysis:
        key = self._encoders.resolve(options.encoder)
        return self._analyser.analyse(image, replace(options, encoder=key))
