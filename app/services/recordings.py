"""Identification of people in recordings: many frames of one face, one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.domain.decisions import Identification, Threshold, identify
from app.domain.disclosure import told_margin, told_of_stored
from app.domain.gallery import Collection, Subject
from app.domain.metadata import clean_conditions
from app.domain.tracks import AggregatedTrack, Recording, RecordingAnalysis
from app.services.candidates import CandidateSearch
from app.services.cutover import again_when_overtaken
from app.services.filtering import chosen_subjects
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork
from app.services.recognition import RecognitionOptions, search_threshold
from app.services.tracking import Report, TrackFinder, TrackOptions
from app.services.verification import check_encoder


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedTrack:
    """A track and the verdict on it; FMRs are those of its candidates, in order."""

    aggregated: AggregatedTrack
    identification: Identification
    candidate_fmrs: tuple[float, ...]
    match_fmr: float | None
    similarities: tuple[float | None, ...] | None
    """Of each frame alone to the face that matched, or to that of the best candidate, as told."""


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


class RecordingRecognizer:
    """Recognises the people of a recording among the subjects of a collection."""

    def __init__(
        self,
        storage: Storage,
        encoders: EncoderCatalogue,
        search: CandidateSearch,
        finder: TrackFinder,
    ) -> None:
        self._storage = storage
        self._encoders = encoders
        self._search = search
        self._finder = finder

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
            threshold = search_threshold(curve, enrolled, options)
            verdicts = identify(
                ranking.per_probe,
                threshold,
                unique=options.unique,
                meet=lambda a, b: found[a].meets(found[b]),
            )
            recognised = tuple(
                self._recognised(uow, one, verdict, gallery, options.candidates)
                for one, verdict in zip(made, verdicts, strict=True)
            )
        return RecordingRecognition(
            gallery,
            seen,
            self._finder.aggregator(gallery.encoder),
            threshold,
            enrolled,
            recognised,
            ranking.subjects,
        )

    def _recognised(
        self,
        uow: UnitOfWork,
        one: AggregatedTrack,
        verdict: Identification,
        gallery: Collection,
        candidates: int,
    ) -> RecognisedTrack:
        curve = self._finder.curve(gallery.encoder)
        nearest = verdict.match or next(iter(verdict.candidates), None)
        similarities = None
        if nearest is not None:
            _, templates = uow.faces.templates([nearest.face_id])
            cosines = np.clip(one.track.embeddings @ templates[0], -1, 1)
            similarities = tuple(
                told_of_stored(level, curve.fmr(level))[0] for level in map(float, cosines)
            )
        named = verdict.candidates[:candidates]
        return RecognisedTrack(
            one,
            replace(verdict, candidates=named, margin=told_margin(verdict, curve)),
            tuple(curve.fmr(c.similarity) for c in named),
            curve.fmr(verdict.match.similarity) if verdict.match else None,
            similarities,
        )
