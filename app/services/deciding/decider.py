"""The one place where faces are decided, whatever asked: pictures, recordings, claims, formats."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.deciding import policy
from app.domain.deciding.disclosure import bound_of, disclosed, rounded_rate, rounded_similarity
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.deciding.verdicts import ComparisonVerdict, SearchVerdict
from app.domain.errors.gallery import EncoderMismatchError
from app.domain.faces import Embedding
from app.domain.gallery import Collection
from app.domain.metadata import clean_conditions
from app.domain.people.sightings import clean_source
from app.services.deciding.allowances import Withheld
from app.services.deciding.candidates import CandidateSearch, chosen_subjects
from app.services.deciding.comparing import cosine, is_denied, require_matchable, similarity_to
from app.services.deciding.curves import GalleryCurves
from app.services.deciding.cutover import require_same_encoder
from app.services.deciding.disclosure import Disclosure, may_name_others, search_verdict
from app.services.deciding.events import DecisionEvents
from app.services.deciding.questions import (
    Claim,
    ClaimDecided,
    Comparison,
    Curves,
    Identified,
    Lookalikes,
    Meet,
    Probe,
    Search,
)
from app.services.ports import DecisionObserver, EncoderCatalogue, Storage
from app.services.ports.sightings import SightingMemory
from models.registry.curve import ThresholdCurve

_LOOKALIKES = 4
"""Subjects that are looked at for each face, of whom the face's own may be one."""


class Decider:
    """Decides who faces are. Thread-safe.

    Every use takes the same way: check the terms, which raises before anything costly is done;
    find the faces; decide them. Thresholds, the rule that nobody is twice in one picture, how
    exact numbers may be and how many a key is given are the same for whoever asks, and every
    decision is counted. Answers hold what may be disclosed alone: wire formats only convert them.

    - Every face of a picture: `search`, then `identify` with a probe for each.
    - One face of a picture: choose it with `choose_face`, and give `identify` that probe alone.
    - A recording: a probe for each track, with its frames, and `meet`.
    - The nearest subjects, whether or not they are found: `candidates` of a verdict, as many as
      `SearchTerms.candidates`; `match` is the one above the threshold. What is behind `match` is
      below it; similarities do not tell, they may be rounded or withheld.
    - At the threshold at which the collection operates: `SearchTerms()`. It rises with the
      number of subjects; the answer holds it as `threshold`.
    - One picture's face against all of another: `comparison`, then `compare`.
    - A claim: `claim`, then `verify`. Before enrolment: `lookalikes`.

    A change of encoder between two steps raises EncoderChangedError: `again_when_overtaken`.
    """

    def __init__(
        self,
        storage: Storage,
        encoders: EncoderCatalogue,
        candidates: CandidateSearch,
        disclosure: Disclosure,
        observers: Sequence[DecisionObserver],
        memory: SightingMemory | None = None,
    ) -> None:
        self._storage = storage
        self._encoders = encoders
        self._curves = GalleryCurves(encoders)
        self._candidates = candidates
        self._disclosure = disclosure
        self._events = DecisionEvents(observers, memory)

    def search(
        self,
        collection: str,
        terms: SearchTerms,
        *,
        encoder: str | None = None,
        curves: Curves | None = None,
    ) -> Search:
        """A search of the collection.

        `encoder` is the one that the caller names, if any; `curves` replace those of the encoders
        where probes are made otherwise than enrolled faces. Raises UnknownCollectionError,
        EncoderMismatchError, InvalidThresholdError, and InvalidRequestError for conditions.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        self.require_encoder(gallery, encoder)
        curve = self._curves.of(gallery, curves)
        terms = policy.permitted_search(gallery.policy, terms)
        terms.threshold(curve, 1)
        where, source = clean_conditions(terms.where), clean_source(terms.source)
        return Search(gallery, replace(terms, where=where, source=source), curve)

    def identify(
        self, search: Search, probes: Sequence[Probe], *, meet: Meet = lambda first, second: True
    ) -> Identified:
        """Decide the probes of one picture or recording; none give an empty answer.

        Raises UnknownSubjectError for a named subject that the collection does not have.
        """
        gallery, terms = search.gallery, search.terms
        with self._storage.read() as uow:
            chosen = chosen_subjects(uow, gallery, terms.subjects, terms.where)
            enrolled = self._candidates.subjects_among(uow, gallery, chosen)
            looked_for, most = [p.embedding for p in probes], max(2, terms.candidates)
            ranking = self._candidates.rank(
                uow, gallery, looked_for, most, chosen, without=search.without
            )
        threshold = terms.threshold(search.curve, enrolled)
        found = self._disclosure.identify(
            ranking.per_probe,
            policy.require_strictness(gallery.policy, threshold, search.curve, enrolled),
            search.curve,
            terms,
            meet=meet,
        )
        verdicts = [
            search_verdict(one, ranking.subjects, search.curve, found.withheld)
            for one in found.verdicts
        ]
        verdicts = self._with_frames(search, probes, verdicts, found.withheld)
        self._events.searched(search, found.threshold, probes, verdicts, ranking.per_probe)
        return Identified(
            found.threshold,
            enrolled,
            tuple(verdicts),
            found.withheld,
            only_matches_named=not may_name_others(),
        )

    def claim(
        self,
        collection: str,
        subject_id: str,
        terms: ComparisonTerms,
        *,
        encoder: str | None = None,
    ) -> Claim:
        """The claim to be a subject. Raises UnknownCollectionError, UnknownSubjectError,
        EncoderMismatchError and InvalidThresholdError.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            require_matchable(uow, [uow.subjects.get(gallery.id, subject_id).id])
        self.require_encoder(gallery, encoder)
        permitted = policy.permitted_comparison(gallery.policy, terms)
        comparison = self._curves.comparison(gallery.encoder, permitted, gallery)
        policy.require_strict_claim(gallery.policy, comparison.threshold, comparison.curve)
        return Claim(gallery, subject_id, comparison)

    def claim_face(self, collection: str, face_id: int, terms: ComparisonTerms) -> Claim:
        """The claim to be on one face, the only one compared. Raises UnknownFaceError, too."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subject_id = uow.faces.get(gallery.id, face_id).subject_id
            require_matchable(uow, [subject_id])
        return Claim(
            gallery, subject_id, self._curves.comparison(gallery.encoder, terms, gallery), face_id
        )

    def verify(self, claim: Claim, probe: Embedding) -> ClaimDecided:
        """Compare a probe with the subject, by all of its enrolled faces; no match where it is
        nearer to a negative. Raises SubjectWithoutFacesError.
        """
        gallery, comparison = claim.gallery, claim.comparison
        with self._storage.read() as uow:
            require_same_encoder(uow, gallery)
            subject = uow.subjects.get(gallery.id, claim.subject_id)
            power = self._encoders.template_power(gallery.encoder)
            similarity, face_id = similarity_to(uow, subject, probe, power, claim.face_id)
            denied = is_denied(uow, gallery, subject, probe)
        curve = comparison.curve
        threshold, withheld = self._disclosure.claim(
            subject.id, similarity, comparison.threshold, curve
        )
        number = fmr = None
        exact = None if curve is None else curve.fmr(similarity)
        if not withheld.subjects:
            number, fmr = disclosed(similarity, exact)
        bound = None if fmr is None else bound_of(exact, curve)
        alike = similarity >= threshold.similarity
        match = alike and not denied
        verdict = ComparisonVerdict(match, threshold, number, fmr, bound, alike and denied)
        self._events.claimed(gallery, subject, face_id, verdict)
        if not verdict.match and not may_name_others():
            return ClaimDecided(verdict, None, None, withheld)
        return ClaimDecided(verdict, subject, face_id, withheld)

    def comparison(self, terms: ComparisonTerms, *, encoder: str | None = None) -> Comparison:
        """A comparison of two pictures by an encoder, the default for None.

        Raises InvalidThresholdError and the registry's errors.
        """
        return self._curves.comparison(self._encoders.resolve(encoder), terms)

    def compare(
        self, comparison: Comparison, reference: Embedding, probes: Sequence[Embedding]
    ) -> tuple[ComparisonVerdict, ...]:
        """Decide of each probe whether it is the reference's person.

        The caller has both pictures and no stored template takes part: numbers are always given.
        """
        threshold, curve = comparison.threshold, comparison.curve
        verdicts = []
        for probe in probes:
            similarity = cosine(reference, probe)
            exact = None if curve is None else curve.fmr(similarity)
            verdicts.append(
                ComparisonVerdict(
                    similarity >= threshold.similarity,
                    threshold,
                    rounded_similarity(similarity),
                    None if exact is None else rounded_rate(exact),
                    bound_of(exact, curve),
                )
            )
        self._events.compared(comparison.encoder, verdicts)
        return tuple(verdicts)

    def lookalikes(
        self, gallery: Collection, subject_id: str, probes: Sequence[Embedding]
    ) -> Sequence[Lookalikes]:
        """Other subjects that each face of the subject could be taken for, best first.

        At the threshold at which the collection operates. All probes of a request are looked up
        together: their number costs no further reading, counting or searching.
        """
        if not probes:
            return []
        curve = self._curves.of(gallery)
        with self._storage.read() as uow:
            enrolled = self._candidates.subjects_among(uow, gallery, None)
            ranking = self._candidates.rank(uow, gallery, probes, _LOOKALIKES)
        threshold = policy.operating_threshold(gallery.policy, curve, enrolled)
        alike = [
            [
                one
                for one in candidates
                if one.subject_id != subject_id and one.similarity >= threshold.similarity
            ]
            for candidates in ranking.per_probe
        ]
        answer = self._disclosure.lookalikes(alike, ranking.subjects, curve)
        self._events.looked_alike(gallery, threshold, answer)
        return answer

    def require_encoder(self, gallery: Collection, encoder: str | None) -> None:
        """Raise EncoderMismatchError when a caller names another encoder than the collection's."""
        if encoder is not None and self._encoders.resolve(encoder) != gallery.encoder:
            raise EncoderMismatchError(
                f"The collection is bound to encoder {gallery.encoder}; {encoder} cannot be "
                "compared with it.",
                hint="Leave the encoder out, or use a collection made with that encoder.",
            )

    def _with_frames(
        self,
        search: Search,
        probes: Sequence[Probe],
        verdicts: Sequence[SearchVerdict],
        withheld: Withheld,
    ) -> list[SearchVerdict]:
        """The verdicts on tracks, with the similarity of every frame to the nearest face."""
        if all(probe.frames is None for probe in probes):
            return list(verdicts)
        nearest = {v.nearest.face_id for v in verdicts if v.nearest is not None}
        with self._storage.read() as uow:
            require_same_encoder(uow, search.gallery)
            ids, templates = uow.faces.templates(sorted(nearest))
        template_of = dict(zip(ids.tolist(), templates, strict=True))
        return [
            replace(verdict, frames=self._of_frames(probe, verdict, template_of, search.curve))
            if verdict.nearest and verdict.nearest.subject.id not in withheld.subjects
            else verdict
            for probe, verdict in zip(probes, verdicts, strict=True)
        ]

    def _of_frames(
        self,
        probe: Probe,
        verdict: SearchVerdict,
        template_of: Mapping[int, Embedding],
        curve: ThresholdCurve,
    ) -> tuple[float | None, ...] | None:
        """None for a picture's face, and when the nearest face was erased meanwhile."""
        nearest = verdict.nearest
        if probe.frames is None or nearest is None or nearest.face_id not in template_of:
            return None
        levels = [cosine(frame, template_of[nearest.face_id]) for frame in probe.frames]
        return self._disclosure.frames(nearest.subject.id, levels, curve)
