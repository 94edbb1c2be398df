"""Questions that are put to the decider, and its answers."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.deciding.identification import Threshold
from app.domain.deciding.terms import SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict, NamedCandidate, SearchVerdict
from app.domain.faces import Embedding, Face
from app.domain.gallery import Collection, Subject
from app.services.deciding.allowances import Withheld
from app.services.ports.repositories import Templates
from models.registry.curve import ThresholdCurve

Meet = Callable[[int, int], bool]
"""Whether one picture shows both of two probes, by number, so that they must be two people."""
Curves = Callable[[str], ThresholdCurve]
"""From an encoder's key to the curve of similarities of probes to enrolled faces."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search on terms that were found to be in order."""

    gallery: Collection
    terms: SearchTerms
    curve: ThresholdCurve
    without: tuple[int, ...] = ()
    """Faces that are passed over: a probe that is enrolled would find itself."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison on terms that were found to be in order."""

    encoder: str
    threshold: Threshold
    curve: ThresholdCurve | None
    """None for an encoder that was never calibrated, at a similarity of the caller's own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody who is said to be a subject of a collection."""

    gallery: Collection
    subject_id: str
    comparison: Comparison
    face_id: int | None = None
    """The only face of the subject that is compared; None for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A face to be decided: its (dimension,) embedding, and those of a track's frames, if any."""

    embedding: Embedding
    frames: Templates | None = None
    """(frames, dimension)."""
    face: Face | None = None
    """Where it was seen, of a track the best one; None for embeddings and what is enrolled."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The verdicts of a search, one for each probe, in their order."""

    threshold: Threshold
    """That was decided at: where the caller named none, the operating one of the collection."""
    enrolled_subjects: int
    """N, the number of subjects the threshold was corrected for."""
    verdicts: tuple[SearchVerdict, ...]
    withheld: Withheld
    """Of whom no number is given."""
    only_matches_named: bool = False
    """Whether nobody else is among the candidates, because the asker may not browse."""


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """The verdict on a claim."""

    verdict: ComparisonVerdict
    subject: Subject | None
    """None when it is not the subject, and the asker may not browse."""
    face_id: int | None
    """The subject's most similar enrolled face; None likewise."""
    withheld: Withheld


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Other subjects that a face could be taken for."""

    named: tuple[NamedCandidate, ...] = ()
    """Best first; none where the asker may not browse."""
    unnamed: int = 0
    """Number of those who are not named."""

    def __bool__(self) -> bool:
        return bool(self.named or self.unnamed)
