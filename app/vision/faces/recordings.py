"""Recordings in, faces of every sampled frame out."""

from collections.abc import Iterable

from app.domain.faces import AnalysisOptions, Face
from app.domain.tracks import AnalysedFrame, Recording, RecordingAnalysis, Sampling
from app.platform.progress import Report
from app.vision.decoding.decode import DecodeLimits
from app.vision.decoding.frames import open_recording
from app.vision.decoding.video_limits import VideoLimits
from app.vision.faces.analyser import FaceAnalyser


class RecordingAnalyser:
    """Decodes frame by frame and finds the faces of each; never holds more than one frame."""

    def __init__(
        self, analyser: FaceAnalyser, limits: VideoLimits, image_limits: DecodeLimits
    ) -> None:
        self._analyser = analyser
        self._limits = limits
        self._image_limits = image_limits

    def analyse(
        self,
        recording: Recording,
        sampling: Sampling,
        options: AnalysisOptions,
        report: Report | None = None,
    ) -> RecordingAnalysis:
        """Raises what `open_recording` and its frames raise, and what the registry raises."""
        footage = open_recording(recording, sampling, self._limits, self._image_limits)
        frames, first = [], None
        smallest, truncated = 0, []
        for frame in footage.frames:
            analysis = self._analyser.analyse_picture(frame.picture, options)
            first = first or analysis
            _make_files(analysis.faces)
            frames.append(AnalysedFrame(frame.index, frame.seconds, analysis.faces))
            smallest = max(smallest, analysis.min_face)
            truncated += [frame.index] if analysis.truncated else []
            if report is not None:
                report(len(frames), len(footage.wanted))
        assert first is not None  # noqa: S101 - no recording without frames is opened
        return RecordingAnalysis(
            tuple(frames),
            footage.total,
            footage.seconds,
            first.width,
            first.height,
            first.detector,
            first.encoder or "",
            smallest,
            tuple(truncated),
        )


def _make_files(faces: Iterable[Face]) -> None:
    """Have cut out faces as files, which are smaller: those of all frames are held at once."""
    for face in faces:
        if face.crop is not None:
            face.crop.jpeg()
