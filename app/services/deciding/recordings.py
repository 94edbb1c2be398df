"""Identification of people in recordings: many frames of one face, one verdict."""

from dataclasses import dataclass, replace

from app.domain.deciding.verdicts import SearchVerdict
from app.domain.gallery import Collection
from app.domain.tracks import AggregatedTrack, Recording, RecordingAnalysis, choose_track
from app.platform.progress import Report
from app.services.deciding.cutover import again_when_overtaken
from app.services.deciding.decider import Decider
from app.services.deciding.questions import Identified, Probe
from app.services.deciding.recognition import RecognitionOptions, keeps_pictures
from app.services.tracks.tracking import TrackFinder, TrackOptions


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedTrack:
    """A track and the verdict on it."""

    aggregated: AggregatedTrack
    verdict: SearchVerdict


@dataclass(frozen=True, slots=True, eq=False)
class RecordingRecognition:
    """Every track of a recording against a collection, longest first."""

    collection: Collection
    analysis: RecordingAnalysis
    aggregator: str
    tracks: tuple[RecognisedTrack, ...]
    decided: Identified


class RecordingRecognizer:
    """Recognises the people of a recording among the subjects of a collection."""

    def __init__(self, finder: TrackFinder, decider: Decider) -> None:
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
        """Decide every track, or the one that is meant; a recording without faces gives an empty
        answer, unless one is meant.

        `options.face` chooses by the area of faces summed over their frames, and raises as
        `choose_track` does.
        """
        search = self._decider.search(
            collection, options, encoder=options.analysis.encoder, curves=self._finder.curve
        )
        encoder = search.gallery.encoder
        crops = keeps_pictures(search.gallery)
        wanted = replace(options.analysis, encoder=encoder, crops=crops)
        seen, found = self._finder.find(recording, tracks, wanted, report)
        if options.face is not None:
            found = [choose_track(found, options.face, seen.min_face)]
        made = [self._finder.aggregated(track, encoder) for track in found]
        decided = self._decider.identify(
            search,
            [Probe(one.template, one.track.embeddings, one.best.face) for one in made],
            meet=lambda a, b: found[a].meets(found[b]),
        )
        pairs = zip(made, decided.verdicts, strict=True)
        return RecordingRecognition(
            search.gallery,
            seen,
            self._finder.aggregator(encoder),
            tuple(RecognisedTrack(*pair) for pair in pairs),
            decided,
        )
