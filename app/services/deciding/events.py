"""Decisions as events, for whoever counts or records them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.domain.deciding.disclosure import rounded_rate, rounded_similarity
from app.domain.deciding.events import Action, DecisionEvent, Outcome
from app.domain.deciding.identification import Threshold
from app.domain.deciding.verdicts import ComparisonVerdict, NamedCandidate, SearchVerdict
from app.domain.gallery import Collection
from app.platform.request_context import current_request
from app.platform.telemetry import DECISIONS
from app.services.deciding.questions import Probe
from app.services.keys import current_asker
from app.services.ports import DecisionObserver


def _now() -> datetime:
    return datetime.now(UTC)


class DecisionEvents:
    """Makes an event of every decision, and gives those of one request to all observers."""

    def __init__(
        self, observers: Sequence[DecisionObserver], clock: Callable[[], datetime] = _now
    ) -> None:
        self._observers = observers
        self._clock = clock

    def searched(
        self,
        gallery: Collection,
        threshold: Threshold,
        probes: Sequence[Probe],
        verdicts: Sequence[SearchVerdict],
    ) -> None:
        """Observe the verdicts on the probes of a search."""
        self._observe(
            [
                _of_candidate(
                    self._event(
                        "identify" if probe.frames is None else "identify-track",
                        verdict.decision,
                        gallery.encoder,
                        threshold,
                    ),
                    gallery,
                    verdict.nearest,
                )
                for probe, verdict in zip(probes, verdicts, strict=True)
            ]
        )

    def looked_alike(
        self,
        gallery: Collection,
        threshold: Threshold,
        alike: Sequence[Sequence[NamedCandidate]],
    ) -> None:
        """Observe the faces that are about to be enrolled, and who is alike each."""
        self._observe(
            [
                _of_candidate(
                    self._event(
                        "find-duplicates",
                        "duplicate" if others else "no-duplicate",
                        gallery.encoder,
                        threshold,
                    ),
                    gallery,
                    next(iter(others), None),
                )
                for others in alike
            ]
        )

    def claimed(
        self, gallery: Collection, subject_id: str, face_id: int, verdict: ComparisonVerdict
    ) -> None:
        """Observe the verdict on a claim."""
        event = self._compared("claim", gallery.encoder, verdict)
        self._observe(
            [replace(event, collection_id=gallery.id, subject_id=subject_id, face_id=face_id)]
        )

    def compared(self, encoder: str, verdicts: Sequence[ComparisonVerdict]) -> None:
        """Observe the verdicts on two pictures."""
        self._observe([self._compared("compare", encoder, verdict) for verdict in verdicts])

    def _compared(self, action: Action, encoder: str, verdict: ComparisonVerdict) -> DecisionEvent:
        outcome: Outcome = "match" if verdict.match else "no-match"
        event = self._event(action, outcome, encoder, verdict.threshold)
        return replace(event, similarity=verdict.similarity, fmr=verdict.fmr)

    def _event(
        self, action: Action, outcome: Outcome, encoder: str, threshold: Threshold
    ) -> DecisionEvent:
        fmr = threshold.fmr
        return DecisionEvent(
            at=self._clock(),
            key_id=current_asker().key_id,
            request_id=current_request().request_id or None,
            action=action,
            outcome=outcome,
            encoder=encoder,
            threshold=Threshold(
                rounded_similarity(threshold.similarity),
                None if fmr is None else rounded_rate(fmr),
            ),
        )

    def _observe(self, events: Sequence[DecisionEvent]) -> None:
        if events:
            for observer in self._observers:
                observer.observe(events)


class DecisionCounter:
    """Counts decisions for Prometheus."""

    def observe(self, events: Sequence[DecisionEvent]) -> None:
        """One each, by action and outcome."""
        for event in events:
            DECISIONS.labels(event.action, event.outcome).inc()


def _of_candidate(
    event: DecisionEvent, gallery: Collection, candidate: NamedCandidate | None
) -> DecisionEvent:
    if candidate is None:
        return replace(event, collection_id=gallery.id)
    return replace(
        event,
        collection_id=gallery.id,
        subject_id=candidate.subject.id,
        face_id=candidate.face_id,
        similarity=candidate.similarity,
        fmr=candidate.fmr,
    )
