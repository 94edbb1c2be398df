"""Terms on which a caller wants something decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.deciding.identification import (
    DEFAULT_FMR,
    DEFAULT_FPIR,
    Threshold,
    identification_threshold,
    verification_threshold,
)
from app.domain.gallery import Scalar
from models.registry.curve import ThresholdCurve


@dataclass(frozen=True, slots=True)
class ComparisonTerms:
    """Certainty of a comparison: `fmr` or `similarity_threshold`; neither is the default."""

    fmr: float | None = None
    similarity_threshold: float | None = None
    operating: float = DEFAULT_FMR
    """The rate where neither is named."""

    def threshold(self, curve: ThresholdCurve | None) -> Threshold:
        """The 1:1 threshold on a curve. Raises InvalidThresholdError."""
        return verification_threshold(
            curve,
            fmr=self.fmr,
            similarity=self.similarity_threshold,
            operating=self.operating,
        )


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Certainty of a search, and among whom: `fpir` or `similarity_threshold`; neither is the
    default, at which collections operate.
    """

    fpir: float | None = None
    similarity_threshold: float | None = None
    candidates: int = 5
    """Ranked subjects to name for each face, those below the threshold too."""
    matches_only: bool = False
    """Name nobody who is below the threshold."""
    unique: bool = True
    """Never give one subject to two faces of one image."""
    subjects: tuple[str, ...] = ()
    """Ids of the only subjects to look for; empty is everybody in the collection."""
    where: Mapping[str, Scalar] = field(default_factory=dict)
    """Metadata that subjects have to have to be looked for, all of it; numbers by their value."""
    operating: float = DEFAULT_FPIR
    """The rate at which the collection operates."""
    source: str = ""
    """Label of the place where the probes were seen, for collections that remember them."""

    @property
    def own_threshold(self) -> bool:
        """Whether the caller places the threshold, be it by choosing among whom to search."""
        named = self.similarity_threshold is not None or self.fpir not in (None, self.operating)
        return named or bool(self.subjects or self.where)

    def threshold(self, curve: ThresholdCurve, subjects: int) -> Threshold:
        """The 1:N threshold among so many subjects. Raises InvalidThresholdError."""
        return identification_threshold(
            curve,
            subjects,
            fpir=self.fpir,
            similarity=self.similarity_threshold,
            operating=self.operating,
        )
