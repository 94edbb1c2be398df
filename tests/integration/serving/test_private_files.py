"""What commands write is for their user alone, whatever mask they were started with."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap.privacy import tell_what_others_may_read
from app.settings import Settings
from tests.integration.server import ROOT


class Shell:
    """A shell of somebody with the usual mask, in a directory of its own."""

    def __init__(self, directory: Path, model_cache: Path) -> None:
        self.data = directory / "data"
        self._directory = directory
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("FACET_")}
        self._environment = inherited | {
            "FACET_DATA_DIR": str(self.data),
            "FACET_MODEL_CACHE_DIR": str(model_cache),
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=self._directory,
            env=self._environment,
            umask=0o022,
            check=True,
            capture_output=True,
        )


@pytest.fixture
def facet(tmp_path: Path, model_cache: Path) -> Shell:
    return Shell(tmp_path, model_cache)


def _open_to_others(directory: Path) -> list[str]:
    """Names and modes of what group or others may do something with."""
    paths = [directory, *directory.rglob("*")]
    return [
        f"{path.name} {stat.S_IMODE(path.stat().st_mode):o}"
        for path in paths
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def test_what_commands_write_is_for_their_user_alone(facet: Shell, tmp_path: Path) -> None:
    facet("collections", "create", "staff")
    facet("export", "staff", "--output", "staff.parquet")
    facet("backup", "copy")
    assert _open_to_others(facet.data) == []
    assert _open_to_others(tmp_path / "staff.parquet") == []
    assert _open_to_others(tmp_path / "copy") == []
    assert (tmp_path / "copy" / "facet.db").exists()


def test_an_older_database_is_closed_to_others(facet: Shell) -> None:
    facet("collections", "create", "staff")
    database = facet.data / "facet.db"
    database.chmod(0o664)
    facet("collections", "list")
    assert stat.S_IMODE(database.stat().st_mode) == 0o660


@pytest.mark.parametrize(("mode", "reported"), [(0o755, True), (0o711, True), (0o770, False)])
def test_an_open_data_directory_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, reported: bool
) -> None:
    directory = tmp_path / "data"
    directory.mkdir()
    directory.chmod(mode)
    tell_what_others_may_read(Settings(data_dir=directory))
    captured = capsys.readouterr()
    assert ("data-open-to-others" in captured.out + captured.err) is reported
