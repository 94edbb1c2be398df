"""Every place that a person names to write to is checked before the work begins."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

from app.cli.main import app
from models.places import (
    UnwritablePlaceError,
    made_directory,
    require_directory,
    require_file,
)
from tests.portraits import encoded, grace
from training.__main__ import app as training

COMMANDS = {
    "detect": ("{picture}", "-o", "{place}.png"),
    "recognize": ("{picture}", "-c", "x", "-o", "{place}.png"),
    "watch": ("{picture}", "-c", "x", "-o", "{place}.mp4"),
    "style": ("{picture}", "{picture}", "-o", "{place}.png"),
    "dates": ("1 May 2000", "-o", "{place}.png"),
    "export": ("x", "-o", "{place}"),
    "import": ("{folder}", "-c", "x", "--rejects", "{place}"),
    "move compreface": ("http://127.0.0.1:9", "--key", "k", "-c", "x", "--rejects", "{place}"),
    "move deepface": ("{folder}", "-c", "x", "--rejects", "{place}"),
    "move insightface-server": ("http://127.0.0.1:9", "-c", "x", "--rejects", "{place}"),
    "move rekognition": ("{folder}", "-c", "x", "--rejects", "{place}"),
    "jobs result": ("x", "-o", "{place}"),
    "subjects export": ("x", "-c", "x", "-o", "{place}"),
    "audit export": ("{place}",),
    "health": ("staff", "--picture", "{place}.png"),
    "backup": ("{place}",),
    "demo": ("--output", "{place}"),
}
"""Commands of the service, and what they are given to write to."""
READ = {
    *(("enroll", "path"), ("serve", "tls_cert"), ("serve", "tls_key")),
    *(("export", "calibration"), ("export", "manifests"), ("fuse", "calibration")),
}
"""Places that are read, and say so themselves where they are not there."""


def paths(cli: typer.Typer, above: str = "") -> Iterator[tuple[str, str, Any]]:
    """(command, parameter, what Typer knows of it) of paths that are not only read."""
    for command in cli.registered_commands:
        assert command.callback is not None
        name = f"{above}{command.name or command.callback.__name__.replace('_', '-')}"
        hints = get_type_hints(command.callback, include_extras=True)
        for parameter, hint in hints.items():
            kind, *known = get_args(hint) if get_origin(hint) is Annotated else (hint,)
            is_path = kind is Path or Path in get_args(kind)
            if not is_path or not known or known[0].exists or known[0].parser:
                continue
            if (name, parameter) not in READ:
                yield name, parameter, known[0]
    for group in cli.registered_groups:
        assert group.typer_instance is not None
        yield from paths(group.typer_instance, f"{above}{group.name} ")


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Path]:
    """A picture, a folder, and a place below a file, which root cannot write to either."""
    (tmp_path / "folder" / "Grace").mkdir(parents=True)
    (tmp_path / "picture.jpg").write_bytes(encoded(grace()))
    return {
        "picture": tmp_path / "picture.jpg",
        "folder": tmp_path / "folder",
        "place": tmp_path / "picture.jpg" / "below" / "place",
    }


def test_every_place_of_the_service_is_known_here() -> None:
    assert {command for command, _, _ in paths(app)} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_refuse_a_place_before_their_work(
    command: str, given: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_nothing(*arguments: object) -> None:
        raise AssertionError("the work has begun")

    monkeypatch.setattr("app.bootstrap.use_cases.open_use_cases", open_nothing)
    monkeypatch.setattr("app.bootstrap.stores.open_backups", open_nothing)
    words = [*command.split(), *(word.format(**given) for word in COMMANDS[command])]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (2, "")
    said = done.stderr.splitlines()
    assert len(said) == 2 and said[0].startswith("error unwritable-place: "), done.stderr
    assert "cannot be written" in said[0]


@pytest.mark.parametrize(
    ("command", "place"),
    [("detect {} -o", "x.heic"), ("recognize {} -c x -o", "x"), ("dates 2000 -o", "x.jpg")],
)
def test_endings_without_an_encoder(
    command: str, place: str, given: dict[str, Path], tmp_path: Path
) -> None:
    words = [*command.format(given["picture"]).split(), str(tmp_path / place)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2 and "Known are " in done.stderr
    assert not (tmp_path / place).exists()


def test_every_place_of_training_is_checked(given: dict[str, Path]) -> None:
    found = [one for one in paths(training) if one[1] not in ("cache", "figures")]
    assert len(found) > 10
    for command, name, known in found:
        assert known.callback is not None, (command, name)
        with pytest.raises(typer.Exit) as ended:
            known.callback(given["place"].with_suffix(".png"))
        assert ended.value.exit_code == 2


def test_places_that_can_be_written_stay_as_they_are(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"content")
    for path in (there, tmp_path / "new", tmp_path / "a" / "b" / "new", Path(os.devnull)):
        assert require_file(path) == path
    assert require_directory(tmp_path / "a" / "b")
    assert there.read_bytes() == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.mark.parametrize("name", ["folder", "file/x", "x" * 300, "a\0b", "y" * 300 + "/x"])
def test_places_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnwritablePlaceError, match="cannot be written"):
        require_file(tmp_path / name)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no /proc on this system")
def test_what_permissions_allow_and_the_system_refuses() -> None:
    with pytest.raises(UnwritablePlaceError):
        require_file(Path("/proc/place"))
    with pytest.raises(UnwritablePlaceError):
        require_directory(Path("/proc/self/place"))


def test_data_directories_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "data", Path("~/facet"), Path("a\0b")):
        with pytest.raises(UnwritablePlaceError) as refused:
            made_directory(path, "Set FACET_DATA_DIR.")
        assert refused.value.hint == "Set FACET_DATA_DIR."
    assert made_directory(tmp_path / "a" / "b", "").is_dir()


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for words in (["collections", "list"], ["backup", str(tmp_path / "copy")], ["index", "stats"]):
        done = CliRunner().invoke(app, words, env={"FACET_DATA_DIR": str(tmp_path / "file")})
        assert done.exit_code == 2, (words, done.output)
        assert done.stderr.startswith("error unwritable-place: "), done.output
        assert "FACET_DATA_DIR" in done.stderr
