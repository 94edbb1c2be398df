"""Review of faces before they are enrolled: is one more like another subject than its own?"""

from collections.abc import Sequence

import numpy as np

from app.domain.curves.fusing import fused_similarity
from app.domain.deciding import policy
from app.domain.deciding.identification import Candidate
from app.domain.deciding.terms import ComparisonTerms
from app.domain.errors.people import ResemblesAnotherError
from app.domain.faces import Embedding
from app.domain.gallery import Collection, Subject
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.curves import GalleryCurves
from app.services.deciding.disclosure import may_name_others
from app.services.ports import EncoderCatalogue, Storage

_LOOKED_AT = 4
"""Subjects that are looked at for each face, of whom the face's own may be one."""


class EnrolmentReview:
    """Finds faces that are enrolled for the wrong person, where a collection asks for it."""

    def __init__(
        self, storage: Storage, encoders: EncoderCatalogue, candidates: CandidateSearch
    ) -> None:
        self._storage = storage
        self._encoders = encoders
        self._curves = GalleryCurves(encoders)
        self._candidates = candidates

    def doubts(
        self, gallery: Collection, subject_id: str | None, probes: Sequence[Embedding]
    ) -> Sequence[ResemblesAnotherError | None]:
        """The error of each face that resembles another subject more than its own.

        Others count from the similarity of a claim's threshold on, and for a subject without a
        face (None is one that is about to be made) from that of a search. None for the others, and
        for all where the collection's `review_mode` is `off`.
        """
        if gallery.policy.review_mode == "off" or not probes:
            return [None] * len(probes)
        curve = self._curves.of(gallery)
        with self._storage.read() as uow:
            enrolled = self._candidates.subjects_among(uow, gallery, None)
            ranking = self._candidates.rank(uow, gallery, probes, _LOOKED_AT)
            own = np.full(len(probes), -2.0)
            faces = [] if subject_id is None else sorted(uow.faces.ids_of_subjects([subject_id]))
            _, templates, turned = uow.faces.beside(faces, np.stack(probes))
            if len(templates):
                nearest = (turned @ templates.T).max(axis=1).tolist()
                together = zip(nearest, turned, strict=True)
                power = self._encoders.template_power(gallery.encoder)
                own = np.array(
                    [fused_similarity(n, probe, templates, power) for n, probe in together]
                )
        claim = policy.permitted_comparison(gallery.policy, ComparisonTerms()).threshold(curve)
        search = policy.operating_threshold(gallery.policy, curve, enrolled)
        least = claim.similarity if len(templates) else search.similarity
        doubts: list[ResemblesAnotherError | None] = []
        for candidates, similarity in zip(ranking.per_probe, own.tolist(), strict=True):
            other = next((one for one in candidates if one.subject_id != subject_id), None)
            doubtful = other is not None and other.similarity >= max(least, similarity)
            doubts.append(_doubt(other, ranking.subjects) if other and doubtful else None)
        return doubts


def _doubt(other: Candidate, subjects: dict[str, Subject]) -> ResemblesAnotherError:
    if not may_name_others():
        return ResemblesAnotherError(
            "The face resembles another subject more than this one.",
            hint="Ask somebody with the scope `browse`, who is told of whom.",
        )
    return ResemblesAnotherError(
        f"The face resembles subject {subjects[other.subject_id].name!r} more than this one.",
        hint="Look whether the picture is of the right person; if both are one, merge them.",
        subject_id=other.subject_id,
        face_id=other.face_id,
    )
