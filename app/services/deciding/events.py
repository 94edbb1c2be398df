"""Decisions as events, for whoever counts or records them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.deciding.disclosure import rounded_rate, rounded_similarity
from app.domain.deciding.events import Action, DecisionEvent, Outcome
from app.domain.deciding.identification import Candidate, Threshold
from app.domain.deciding.verdicts import (
    ComparisonVerdict,
    NamedCandidate,
    SearchVerdict,
    stated_rate,
)
from app.domain.gallery import Collection, Subject
from app.domain.people.sightings import Seen
from app.platform.request_context import current_request
from app.platform.telemetry import DECISIONS
from app.services.deciding.questions import Lookalikes, Probe, Search
from app.services.keys import current_asker
from app.services.ports import DecisionObserver
from app.services.ports.sightings import SightingMemory


def _now() -> datetime:
    return datetime.now(UTC)


class DecisionEvents:
    """Makes an event of every decision, and gives those of one request to all observers."""

    def __init__(
        self,
        observers: Sequence[DecisionObserver],
        memory: SightingMemory | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`memory` keeps what was seen, of collections that want it kept."""
        self._observers = observers
        self._memory = memory
        self._clock = clock

    def searched(
        self,
        search: Search,
        threshold: Threshold,
        probes: Sequence[Probe],
        verdicts: Sequence[SearchVerdict],
        ranked: Sequence[Sequence[Candidate]],
    ) -> None:
        """Observe the verdicts on the probes of a search, and have those remembered that were
        seen; `ranked` are whom each is like, before anything is withheld.
        """
        gallery = search.gallery
        request = self._request(gallery.encoder, threshold, gallery)
        self._observe(
            [
                request.decided(
                    "identify" if probe.frames is None else "identify-track",
                    verdict.decision,
                    verdict.nearest,
                )
                for probe, verdict in zip(probes, verdicts, strict=True)
            ]
        )
        if self._memory is not None:
            together = zip(probes, verdicts, ranked, strict=True)
            seen = [_seen(search, request.at, *one) for one in together]
            self._memory.seen([one for one in seen if one is not None])

    def looked_alike(
        self,
        gallery: Collection,
        threshold: Threshold,
        alike: Sequence[Lookalikes],
    ) -> None:
        """Observe the faces that are about to be enrolled, and who is alike each."""
        request = self._request(gallery.encoder, threshold, gallery)
        self._observe(
            [
                request.decided(
                    "find-duplicates",
                    "duplicate" if others else "no-duplicate",
                    next(iter(others.named), None),
                )
                for others in alike
            ]
        )

    def claimed(
        self, gallery: Collection, subject: Subject, face_id: int, verdict: ComparisonVerdict
    ) -> None:
        """Observe the verdict on a claim."""
        nearest = NamedCandidate(
            subject, face_id, verdict.similarity, verdict.curve_fmr, verdict.fmr_bound
        )
        request = self._request(gallery.encoder, verdict.threshold, gallery)
        self._observe([request.decided("claim", _outcome(verdict), nearest)])

    def compared(self, encoder: str, verdicts: Sequence[ComparisonVerdict]) -> None:
        """Observe the verdicts on two pictures."""
        events = []
        for one in verdicts:
            fmr, is_bound = stated_rate(one)
            event = self._request(encoder, one.threshold).decided("compare", _outcome(one))
            numbers = replace(event, similarity=one.similarity, fmr=fmr, fmr_is_bound=is_bound)
            events.append(numbers)
        self._observe(events)

    def _request(
        self, encoder: str, threshold: Threshold, gallery: Collection | None = None
    ) -> "_Request":
        fmr = None if threshold.fmr is None else rounded_rate(threshold.fmr)
        return _Request(
            self._clock(),
            current_asker().key_id,
            current_request().request_id or None,
            encoder,
            Threshold(rounded_similarity(threshold.similarity), fmr),
            None if gallery is None else gallery.id,
        )

    def _observe(self, events: Sequence[DecisionEvent]) -> None:
        if events:
            for observer in self._observers:
                observer.observe(events)


@dataclass(frozen=True, slots=True)
class _Request:
    """Facts that all decisions of a request have in common."""

    at: datetime
    key_id: str
    request_id: str | None
    encoder: str
    threshold: Threshold
    collection_id: str | None

    def decided(
        self, action: Action, outcome: Outcome, nearest: NamedCandidate | None = None
    ) -> DecisionEvent:
        return DecisionEvent(
            self.at,
            self.key_id,
            self.request_id,
            action,
            outcome,
            self.encoder,
            self.threshold,
            self.collection_id,
            nearest.subject.id if nearest else None,
            nearest.face_id if nearest else None,
            nearest.similarity if nearest else None,
            *stated_rate(nearest),
        )


def _seen(
    search: Search,
    at: datetime,
    probe: Probe,
    verdict: SearchVerdict,
    ranked: Sequence[Candidate],
) -> Seen | None:
    if probe.face is None:
        return None
    named = verdict.nearest
    nearest = named.subject.id if named else next((one.subject_id for one in ranked), None)
    return Seen(
        search.gallery,
        at,
        search.terms.source or current_request().source,
        probe.face,
        probe.embedding,
        search.gallery.encoder,
        verdict.decision,
        nearest,
        named.similarity if named else None,
        *stated_rate(named),
    )


def _outcome(verdict: ComparisonVerdict) -> Outcome:
    return "match" if verdict.match else "no-match"


class DecisionCounter:
    """Counts decisions for Prometheus."""

    def observe(self, events: Sequence[DecisionEvent]) -> None:
        """One each, by action and outcome."""
        for event in events:
            DECISIONS.labels(event.action, event.outcome).inc()
