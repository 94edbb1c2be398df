"""Threshold curves of galleries: their own where one is in force, else their encoder's."""

from app.domain.deciding.terms import ComparisonTerms
from app.domain.gallery import Collection
from app.services.deciding.questions import Comparison, Curves
from app.services.ports import EncoderCatalogue
from models.registry.curve import ThresholdCurve
from models.registry.errors import InvalidManifestError


class GalleryCurves:
    """The curve by which a gallery decides."""

    def __init__(self, encoders: EncoderCatalogue) -> None:
        self._encoders = encoders

    def of(self, gallery: Collection, curves: Curves | None = None) -> ThresholdCurve:
        """Similarity to false-match rate among the gallery's people.

        `curves` replace those of the encoders where probes are made otherwise than enrolled
        faces. Raises InvalidManifestError for an encoder that was never calibrated.
        """
        own = gallery.calibration
        if own is None or own.encoder != gallery.encoder:
            return (curves or self._encoders.curve)(gallery.encoder)
        faces = self._encoders.curve(gallery.encoder)
        if curves is None:
            return own.curve_beside(faces)
        return own.curve_of_others(curves(gallery.encoder), faces)

    def comparison(
        self, encoder: str, terms: ComparisonTerms, gallery: Collection | None = None
    ) -> Comparison:
        """A comparison on the terms; a caller who names a similarity needs no curve.

        Raises InvalidManifestError likewise, and InvalidThresholdError.
        """
        curve: ThresholdCurve | None = None
        try:
            curve = self._encoders.curve(encoder) if gallery is None else self.of(gallery)
        except InvalidManifestError:
            if terms.similarity_threshold is None:
                raise
        return Comparison(encoder, terms.threshold(curve), curve)
