"""Recordings: over HTTP against a real server, by the `facet watch` command, and re-encoded."""

import json
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.cli.recognition.videos import marks_at
from app.domain.tracks import AggregatedTrack, Recording, Sampling, Track
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.recordings import RecordingEnrolmentOptions
from app.services.tracks.tracking import TrackOptions
from app.services.use_cases import UseCases
from app.settings import Settings
from app.vision.faces.aggregation import TrackAggregator
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace
from tests.recordings import animation, video, walk
from tests.two_encoders import NEW

EVERY = TrackOptions(Sampling(frames=32, rate=10))


def test_a_server_watches_a_video(starter: Starter, tmp_path: Path, model_cache: Path) -> None:
    """Two people in turn; and what cannot be watched leaves the server as it was."""
    server = Server(starter, tmp_path / "data", model_cache, max_video_seconds="3")
    key = server.create_key()
    with server, server.client(key) as client:
        client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
        path = "/v1/collections/staff"
        made = client.post(f"{path}/subjects", json={"name": "Grace Hopper"}).json()
        shown = video(walk(grace(), 8))
        enrolled = client.post(
            f"{path}/sequences/enroll",
            files={"video": shown},
            data={"subject": made["id"], "rate": "10", "best_frames": "2"},
        )
        assert enrolled.status_code == 201 and enrolled.json()["enrolled"] == 2
        both = video([*walk(grace(), 7), *walk(eileen(), 7, height=220)])
        answer = client.post(
            f"{path}/sequences/recognize", files={"video": both}, data={"rate": "10"}
        ).json()
        found = {track["decision"]: track for track in answer["tracks"]}
        assert set(found) == {"known", "unknown"} and len(answer["tracks"]) == 2
        assert found["known"]["subject"]["name"] == "Grace Hopper"
        assert max(frame["frame"] for frame in found["known"]["frames"]) < 7
        assert min(frame["frame"] for frame in found["unknown"]["frames"]) >= 7
        long = client.post(f"{path}/sequences/recognize", files={"video": video(walk(grace(), 40))})
        assert (long.status_code, long.json()["code"]) == (413, "video-too-long")
        assert client.get(path).json()["faces"] == 2
    assert "internal-error" not in server.log.read_text()


def test_the_watch_command(cases: UseCases, settings: Settings, tmp_path: Path) -> None:
    shown = tmp_path / "walk.mp4"
    shown.write_bytes(video(walk(grace(), 10, away=(4, 5))))
    environment = {
        "FACET_DATA_DIR": str(settings.data_dir),
        "FACET_MODEL_CACHE_DIR": str(settings.model_cache_dir),
    }

    def watch(*arguments: str) -> tuple[int, str]:
        command = ["watch", str(shown), "--collection", "staff", "--rate", "5", *arguments]
        done = CliRunner().invoke(app, command, env=environment)
        return done.exit_code, done.stdout

    drawn = tmp_path / "made" / "annotated.mp4"
    code, text = watch("--output", str(drawn), "--json")
    assert code == 0, text
    (track,) = json.loads(text)["tracks"]
    assert track["subject"]["name"] == "Grace Hopper"
    with av.open(str(drawn)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) == 10 and pictures[0].shape == (240, 320, 3)
    green = [int(((p[..., 1] > 150) & (p[..., 0] < 90)).sum()) for p in pictures]
    assert min(green[0], green[8]) > 100 and green[4] == 0
    code, text = watch()
    assert code == 0 and "known" in text and "Grace" in text and "1 tracks" in text
    code, text = watch("--output", str(tmp_path / "picture.png"), "--json")
    assert (code, json.loads(text)["error"]["code"]) == (2, "invalid-request")
    shown.write_bytes(b"no video")
    code, text = watch("--json")
    assert (code, json.loads(text)["error"]["code"]) == (2, "not-a-video")


def test_boxes_move_between_the_frames_looked_at(cases: UseCases) -> None:
    from app.answers.sequences import SequenceRecognition

    recording = Recording(video=animation(walk(grace(), 9)))
    found = cases.recording_recognizer.recognize(
        "staff", recording, RecognitionOptions(), TrackOptions(Sampling(frames=3, rate=100))
    )
    tracks = SequenceRecognition.of(found).tracks
    lefts = [marks_at(tracks, frame)[0].box.x for frame in range(7)]
    assert lefts == sorted(lefts) and lefts[-1] - lefts[0] > 60
    assert marks_at(tracks, 8) == [], "nobody looked after the last sampled frame"


def test_a_face_enrolled_from_a_recording_survives_a_change_of_encoder(cases: UseCases) -> None:
    subject = cases.subjects.create("staff", "Somebody").subject
    outcome = cases.recording_enroller.enrol(
        "staff",
        subject.id,
        Recording(video=animation(walk(grace(), 6, blurred=(1,)))),
        RecordingEnrolmentOptions(tracks=EVERY, best_frames=2),
    )
    assert [result.error for result in outcome.results] == [None, None]
    plan = cases.reencoder.plan("staff", NEW)
    assert cases.reencoder.run(plan, lambda done, total: None).switched
    found = cases.recognizer.recognize("staff", encoded(grace()), RecognitionOptions())
    named = {candidate.subject.id for candidate in found.faces[0].verdict.candidates}
    assert subject.id in named


def test_frames_that_fail_the_gate_take_no_part_in_the_template(
    cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = cases.subjects.create("staff", "Somebody").subject
    sizes: list[int] = []

    aggregate = TrackAggregator.aggregate

    def counted(aggregator: TrackAggregator, track: Track, encoder: str) -> AggregatedTrack:
        sizes.append(len(track.observations))
        return aggregate(aggregator, track, encoder)

    monkeypatch.setattr(TrackAggregator, "aggregate", counted)
    recording = Recording(video=animation(walk(grace(), 9, blurred=(2, 3))))
    options = RecordingEnrolmentOptions(tracks=EVERY, best_frames=1)
    cases.recording_enroller.enrol("staff", subject.id, recording, options)
    assert sizes and 1 < sizes[-1] <= 7
