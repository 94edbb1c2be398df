"""Similarities: of embeddings, of a probe to a subject by all of its faces; and negatives."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from app.domain.curves.fusing import MOST_FACES, fused_similarity
from app.domain.deciding.identification import Candidate
from app.domain.errors.gallery import SubjectWithoutFacesError
from app.domain.faces import Embedding
from app.domain.gallery import Collection, Subject
from app.services.deciding.disclosure import may_name_others
from app.services.ports import UnitOfWork
from app.services.ports.repositories import Templates

_AT_ONCE = 10_000
"""Templates that are in memory at once."""
_NEARER = 1e-6
"""By how much nearer a negative is: an index rounds similarities otherwise."""


def cosine(a: Embedding, b: Embedding) -> float:
    """Similarity of two L2-normalised embeddings, in [-1, 1]."""
    return float(np.clip(a @ b, -1.0, 1.0))


def require_matchable(uow: UnitOfWork, subject_ids: Iterable[str]) -> None:
    """Raise SubjectRestrictedError where one of the subjects must not be compared."""
    for subject_id in sorted(set(subject_ids)):
        uow.rights.get(subject_id).require_matchable(datetime.now(UTC))


def similarity_to(
    uow: UnitOfWork, subject: Subject, probe: Embedding, power: float, only: int | None = None
) -> tuple[float, int]:
    """(similarity, id of the most similar face) of the subject, by all of its faces.

    `power` is that of `fused_similarity`, `only` the one face of it that is compared. Reads the
    ids of all of its faces, and of each its template alone. Raises SubjectWithoutFacesError, and
    SubjectRestrictedError.
    """
    require_matchable(uow, [subject.id])
    faces = sorted(uow.faces.ids_of_subjects([subject.id]))
    if only is not None:
        faces = [face for face in faces if face == only]
    nearest: tuple[float, int] | None = None
    first: list[Templates] = []
    shown_there = probe
    for start in range(0, len(faces), _AT_ONCE):
        ids, templates, (turned,) = uow.faces.beside(faces[start : start + _AT_ONCE], probe[None])
        if not len(ids):
            continue
        if start < MOST_FACES:
            first.append(templates)
        shown_there = turned
        similarities = templates @ turned
        best = int(np.argmax(similarities))
        if nearest is None or similarities[best] > nearest[0]:
            nearest = float(similarities[best]), int(ids[best])
    if nearest is None:
        shown = subject.name if may_name_others() else subject.id
        raise SubjectWithoutFacesError(
            f"Subject {shown!r} has no enrolled face to compare with.",
            hint="Enroll at least one face of the subject first.",
        )
    similarity, face_id = nearest
    return fused_similarity(similarity, shown_there, np.concatenate(first), power), face_id


def heeded(
    uow: UnitOfWork, gallery: Collection, probes: Templates, ranked: Sequence[list[Candidate]]
) -> list[list[Candidate]]:
    """The candidates of each probe, without those to whose negatives it is nearer.

    Asks nothing where the collection never had a negative.
    """
    if not gallery.has_negatives:
        return list(ranked)
    named = sorted({one.subject_id for candidates in ranked for one in candidates})
    negatives = uow.negatives.templates(gallery.encoder, named)
    if not negatives:
        return list(ranked)
    return [
        [
            one
            for one in candidates
            if not _nearer(probe, negatives.get(one.subject_id), one.similarity)
        ]
        for probe, candidates in zip(probes, ranked, strict=True)
    ]


def is_denied(uow: UnitOfWork, gallery: Collection, subject: Subject, probe: Embedding) -> bool:
    """Whether the probe is nearer to a negative of the subject than to any of its faces."""
    if not gallery.has_negatives:
        return False
    negatives = uow.negatives.templates(gallery.encoder, [subject.id]).get(subject.id)
    if negatives is None:
        return False
    faces = uow.faces.ids_of_subjects([subject.id])
    nearest = -1.0
    for start in range(0, len(faces), _AT_ONCE):
        _, templates = uow.faces.templates(faces[start : start + _AT_ONCE])
        if len(templates):
            nearest = max(nearest, float((templates @ probe).max()))
    return _nearer(probe, negatives, nearest)


def _nearer(probe: Embedding, negatives: Templates | None, similarity: float) -> bool:
    return negatives is not None and float((negatives @ probe).max()) > similarity + _NEARER
