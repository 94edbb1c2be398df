"""A server that is launched and does not get ready."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.serving import launching
from app.serving.launching import Child, LaunchedServer, LaunchError


def silent(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
    """A process that answers nothing."""
    return Child(["sleep", "600"], environment, log)


def test_a_server_that_does_not_get_ready_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "_START_SECONDS", 0.1)
    server = LaunchedServer(tmp_path, tmp_path / "log", spawn=silent)
    with pytest.raises(LaunchError, match="does not start"), server:
        pass
    deadline = time.monotonic() + 60
    while server.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.01)
