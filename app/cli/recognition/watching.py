"""The command that watches a recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.answers.sequences import SequenceRecognition, Track
from app.cli.console import (
    AsJson,
    CollectionName,
    console,
    errors,
    open_cases,
    print_json,
    rate,
    read_settings,
    said,
    table,
    tell_left_out,
)
from app.cli.places import check_file
from app.cli.recognition.images import MaxFaces, MinFace, Source
from app.domain.faces import AnalysisOptions
from app.domain.tracks import Recording, Sampling
from app.platform.progress import Report
from app.services.deciding.recognition import RecognitionOptions
from app.services.tracks.tracking import TrackOptions

_BARS = "▁▂▃▄▅▆▇█"


def watch(
    video: Annotated[
        Path, typer.Argument(help="MP4, WebM, animated GIF or WebP.", exists=True, dir_okay=False)
    ],
    collection: CollectionName,
    fpir: Annotated[
        float | None, typer.Option(help="False-positive identification rate; default 0.01.")
    ] = None,
    candidates: Annotated[int, typer.Option(min=0, max=50, help="Subjects to name.")] = 5,
    max_frames: Annotated[int, typer.Option(min=1, max=128, help="Frames to look at.")] = 64,
    frame_rate: Annotated[
        float, typer.Option("--rate", min=0.01, help="Of these per second, at most.")
    ] = 5.0,
    min_frames: Annotated[
        int, typer.Option(min=1, help="Tracks seen in fewer frames are left out.")
    ] = 2,
    min_face: MinFace = None,
    max_faces: MaxFaces = 100,
    source: Source = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write an annotated .mp4 or .webm.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recognize the people of a collection in a recording, and when they are seen."""
    check_file(output, as_json)
    tracks = TrackOptions(Sampling(max_frames, frame_rate), min_frames)
    with open_cases(as_json) as cases:
        from app.bootstrap.sight import video_limits
        from app.cli.recognition.videos import check_ending, write_annotated_video

        settings = read_settings()
        if output is not None:
            check_ending(output)
        cases.collections.get(collection)
        video_limits(settings).check_bytes(video.stat().st_size)
        data = video.read_bytes()
        with _progress("watching", quiet=as_json) as report:
            found = cases.recording_recognizer.recognize(
                collection,
                Recording(video=data),
                RecognitionOptions(
                    fpir=fpir,
                    source=source,
                    candidates=candidates,
                    analysis=AnalysisOptions(min_face=min_face, max_faces=max_faces),
                ),
                tracks,
                report,
            )
        result = SequenceRecognition.of(found)
        if output is not None:
            with _progress("writing", quiet=as_json) as report:
                write_annotated_video(data, result, output, settings, report)
    if as_json:
        return print_json(result)
    _print(result, video.name)
    if output is not None:
        console.print(f"Video: {output}")


def _print(result: SequenceRecognition, title: str) -> None:
    rows = table(
        f"{title}: {len(result.tracks)} tracks in {len(result.analysed_frames)} of "
        f"{result.total_frames} frames, against {result.subjects} subjects of "
        f"{result.collection} (faces of {result.min_face} pixels and more, similarity needed: "
        f"{result.threshold:.4f}, frames weighed by {result.aggregator})",
        "decision",
        "subject",
        "seen",
        "frames",
        "similarity",
        "strangers reach it",
        "frame by frame",
    )
    for track in result.tracks:
        colour = "green" if track.decision == "known" else "yellow"
        rows.add_row(
            said((track.decision, colour)),
            track.subject.name if track.subject else "–",
            _span(track),
            str(len(track.frames)),
            "–" if track.similarity is None else f"{track.similarity:.3f}",
            rate(track.fmr, is_bound=track.fmr_is_bound),
            _curve(track),
        )
    console.print(rows)
    tell_left_out(result.truncated)


def _span(track: Track) -> str:
    first, last = track.frames[0].seconds, track.frames[-1].seconds
    if first is None or last is None:
        return "–"
    return f"{first:.1f}–{last:.1f} s"


def _curve(track: Track) -> str:
    """The similarity of each frame alone, from 0.8 to 1; a dot where no number is told."""
    top = len(_BARS) - 1
    return "".join(
        "·" if level is None else _BARS[min(top, max(0, round((level - 0.8) / 0.2 * top)))]
        for level in (frame.similarity for frame in track.frames)
    )


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Report]:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=quiet or not errors.is_terminal) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)
