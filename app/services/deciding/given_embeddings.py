"""Decisions about embeddings that a caller has, instead of pictures."""

from collections.abc import Sequence

import numpy as np

from app.domain.deadlines import check_deadline
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict
from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import Embedding
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.deciding.questions import ClaimDecided, Identified, Probe
from app.services.ports import EncoderCatalogue

Given = Sequence[float]
"""Numbers of an embedding as a caller wrote them, of any length but zero."""


class GivenEmbeddings:
    """Decides embeddings. Whoever may send them chooses the probe: ask for the scope `embed`.

    Every method raises InvalidRequestError for embeddings that are not of the encoder's dimension,
    that hold something else than finite numbers, or nothing but zeros.
    """

    def __init__(self, decider: Decider, encoders: EncoderCatalogue) -> None:
        self._decider = decider
        self._encoders = encoders

    @again_when_overtaken
    def recognize(
        self, collection: str, embeddings: Sequence[Given], terms: SearchTerms
    ) -> Identified:
        """Decide each among the subjects of the collection."""
        search = self._decider.search(collection, terms)
        probes = self._unit(search.gallery.encoder, embeddings)
        return self._decider.identify(search, [Probe(probe) for probe in probes])

    @again_when_overtaken
    def claim_face(
        self, collection: str, face_id: int, embeddings: Sequence[Given], terms: ComparisonTerms
    ) -> Sequence[ClaimDecided]:
        """Compare each with one enrolled face. Raises UnknownFaceError."""
        claim = self._decider.claim_face(collection, face_id, terms)
        decided = []
        for probe in self._unit(claim.gallery.encoder, embeddings):
            check_deadline()
            decided.append(self._decider.verify(claim, probe))
        return decided

    def compare(
        self, encoder: str, reference: Given, probes: Sequence[Given], terms: ComparisonTerms
    ) -> Sequence[ComparisonVerdict]:
        """Compare each with the reference."""
        comparison = self._decider.comparison(terms, encoder=encoder)
        first, *others = self._unit(comparison.encoder, [reference, *probes])
        return self._decider.compare(comparison, first, others)

    def _unit(self, encoder: str, embeddings: Sequence[Given]) -> list[Embedding]:
        """The embeddings with length 1."""
        dimension = self._encoders.dimension(encoder)
        return [_unit(embedding, dimension, encoder) for embedding in embeddings]


def _unit(embedding: Given, dimension: int, encoder: str) -> Embedding:
    vector = np.asarray(embedding, np.float64)
    with np.errstate(over="ignore"):
        length = float(np.linalg.norm(vector)) if vector.shape == (dimension,) else 0.0
    if not 0 < length < np.inf:  # false for NaN, too
        raise InvalidRequestError.of_field(
            "embeddings",
            f"must have {dimension} finite numbers each, not all of them zero",
            f"The collection's encoder is {encoder}; embeddings of another are of no use here.",
        )
    unit: Embedding = (vector / length).astype(np.float32)
    return unit
