"""Searches whose probe is enrolled: faces like a face, and users like a user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict
from app.domain.errors.gallery import SubjectWithoutFacesError, UnknownFaceError
from app.domain.faces import Embedding
from app.domain.gallery import Collection
from app.services.deciding.comparing import require_matchable
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.deciding.decider import Decider
from app.services.deciding.questions import Identified, Probe, Search
from app.services.ports import Storage


@dataclass(frozen=True, slots=True)
class EnrolledSearch:
    """The answer to a search by what is enrolled."""

    collection: Collection
    decided: Identified


class EnrolledSearcher:
    """Looks for those who are like an enrolled face or subject."""

    def __init__(self, storage: Storage, decider: Decider) -> None:
        self._storage = storage
        self._decider = decider

    @again_when_overtaken
    def like_face(
        self, collection: str, face_id: int, terms: SearchTerms, *, itself: bool = False
    ) -> EnrolledSearch:
        """Search by a face, which is found itself only if wanted. Raises UnknownFaceError."""
        search = self._decider.search(collection, terms)
        with self._storage.read() as uow:
            uow.faces.get(search.gallery.id, face_id)
        return self._like(search, [face_id], () if itself else (face_id,))

    @again_when_overtaken
    def like_subject(self, collection: str, subject_id: str, terms: SearchTerms) -> EnrolledSearch:
        """Search by the mean of a subject's templates, among all others.

        Raises UnknownSubjectError and SubjectWithoutFacesError.
        """
        search = self._decider.search(collection, terms)
        with self._storage.read() as uow:
            subject = uow.subjects.get(search.gallery.id, subject_id)
            faces = uow.faces.ids_of_subjects([subject.id])
        if not faces:
            raise SubjectWithoutFacesError(f"Subject {subject.name!r} has no enrolled face.")
        return self._like(search, faces, faces)

    def alike(
        self, collection: str, subject_id: str, face_ids: Sequence[int], terms: ComparisonTerms
    ) -> Mapping[int, ComparisonVerdict]:
        """Decide of each face whether it is like those of the subject, by a claim for each.

        Empty for a subject without faces, which nothing is unlike.
        """
        claim = self._decider.claim(collection, subject_id, terms)
        with self._storage.read() as uow:
            ids, templates = uow.faces.templates(face_ids)
            if not uow.faces.count(claim.gallery.id, subject_id=subject_id):
                return {}
        pairs = zip(ids.tolist(), templates, strict=True)
        return {face: self._decider.verify(claim, template).verdict for face, template in pairs}

    def _like(self, search: Search, faces: Sequence[int], without: Sequence[int]) -> EnrolledSearch:
        probe = self._probe(search.gallery, faces)
        among = replace(search, without=tuple(without))
        decided = self._decider.identify(among, [Probe(probe)])
        return EnrolledSearch(search.gallery, decided)

    def _probe(self, gallery: Collection, faces: Sequence[int]) -> Embedding:
        with self._storage.read() as uow:
            require_same_encoder(uow, gallery)
            require_matchable(uow, uow.faces.subjects_of(faces).values())
            _, templates = uow.faces.templates(faces)
        if not len(templates):
            raise UnknownFaceError(f"There is no face {faces[0]}.", face=faces[0])
        mean = templates.mean(axis=0)
        probe: Embedding = (mean / np.linalg.norm(mean)).astype(np.float32)
        return probe
