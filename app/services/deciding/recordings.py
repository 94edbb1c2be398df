"""Identification of people in recordings: many frames of one face, one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.domain.decisions import Identification, Threshold
from app.domain.disclosure import told_of_stored
from app.domain.gallery import Collection, Subject
from app.domain.metadata import clean_conditions
from app.domain.tracks import AggregatedTrack, Recording, RecordingAnalysis
from app.services.deciding.allowances import Withheld
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.deciding.filtering import chosen_subjects
from app.services.deciding.recognition import RecognitionOptions, search_threshold
from app.services.deciding.verification import check_encoder
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from app.services.tracks.tracking import Report, TrackFinder, TrackOptions


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedTrack:
    """A track and the verdict on it; FMRs are those of its candidates, in order."""

    aggregated: AggregatedTrack
    identification: Identification
    candidate_fmrs: tuple[float, ...]
    match_fmr: float | None
    similarities: tuple[float | None, ...] | None
    """Of each frame alone to the face that matched, or to that of the best candidate, as told.

    None when there is nobody, or when they are more than may still be told of the subject.
    """


@dataclass(frozen=True, slots=True, eq=False)
class RecordingRecognition:
    """Every track of a recording against a collection, longest first."""

    collection: Collection
    analysis: RecordingAnalysis
    aggregator: str
    threshold: Threshold
    enrolled_subjects: int
    """N, the number of subjects the threshold was corrected for."""
    tracks: tuple[RecognisedTrack, ...]
    subjects: Mapping[str, Subject]
    """Those that candidates name, by id."""
    withheld: Withheld
    """Of whom no number is to be told."""


class RecordingRecognizer:
    """Recognises the people of a recording among the subjects of a collection."""

    def __init__(
        self,
        storage: Storage,
        encoders: EncoderCatalogue,
        search: CandidateSearch,
        finder: TrackFinder,
        decider: Decider,
    ) -> None:
        self._storage = storage
        self._encoders = encoders
        self._search = search
        self._finder = finder
        self._decider = decider

    @again_when_overtaken
    def recognize(
        self,
        collection: str,
        recording: Recording,
        options: RecognitionOptions,
        tracks: TrackOptions,
        report: Report | None = None,
    ) -> RecordingRecognition:
        """Decide every track; a recording without faces gives an empty answer."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        check_encoder(gallery.encoder, options.analysis.encoder, self._encoders)
        curve = self._finder.curve(gallery.encoder)
        # What is wrong with a request is told before the costly part.
        search_threshold(curve, 1, options)
        where = clean_conditions(options.where)
        wanted = replace(options.analysis, encoder=gallery.encoder)
        seen, found = self._finder.find(recording, tracks, wanted, report)
        made = [self._finder.aggregated(track, gallery.encoder) for track in found]
        with self._storage.read() as uow:
            chosen = chosen_subjects(uow, gallery, options.subjects, where)
            enrolled = self._search.subjects_among(uow, gallery, chosen)
            probes = [one.template for one in made]
            ranking = self._search.rank(uow, gallery, probes, max(2, options.candidates), chosen)
            decided = self._decider.identify(
                ranking.per_probe,
                search_threshold(curve, enrolled, options),
                curve,
                own=options.own_threshold,
                shown=options.candidates,
                unique=options.unique,
                meet=lambda a, b: found[a].meets(found[b]),
            )
            recognised = tuple(
                self._recognised(uow, one, verdict, gallery, decided.withheld)
                for one, verdict in zip(made, decided.verdicts, strict=True)
            )
        return RecordingRecognition(
            gallery,
            seen,
            self._finder.aggregator(gallery.encoder),
            decided.threshold,
            enrolled,
            recognised,
            ranking.subjects,
            decided.withheld,
        )

    def _recognised(
        self,
        uow: UnitOfWork,
        one: AggregatedTrack,
        verdict: Identification,
        gallery: Collection,
        withheld: Withheld,
    ) -> RecognisedTrack:
        curve = self._finder.curve(gallery.encoder)
        nearest = verdict.match or next(iter(verdict.candidates), None)
        similarities = None
        if nearest is not None:
            _, templates = uow.faces.templates([nearest.face_id])
            cosines = np.clip(one.track.embeddings @ templates[0], -1, 1)
            levels = [float(cosine) for cosine in cosines]
            who = nearest.subject_id
            if who not in withheld.subjects and self._decider.several(who, levels, curve):
                similarities = tuple(told_of_stored(one, curve.fmr(one))[0] for one in levels)
        return RecognisedTrack(
            one,
            verdict,
            tuple(curve.fmr(c.similarity) for c in verdict.candidates),
            curve.fmr(verdict.match.similarity) if verdict.match else None,
            similarities,
        )
