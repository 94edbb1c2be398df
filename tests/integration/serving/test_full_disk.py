"""Commands that run out of room say so, and leave nothing half done behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.domain.gallery import Subject
from app.storage.unit_of_work import SqlStorage
from tests.integration.server import ROOT

LARGEST = 300_000
"""Bytes that a file may have: less than the gallery, more than an empty one."""
_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Limits itself: what a process with threads of gRPC runs in its forks may fail."""


@pytest.fixture
def environment(tmp_path: Path, model_cache: Path) -> dict[str, str]:
    """Of an installation with a collection of two thousand people."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("FACET_")}
    made = inherited | {
        "FACET_DATA_DIR": str(tmp_path / "data"),
        "FACET_MODEL_CACHE_DIR": str(model_cache),
    }
    _facet(made, "collections", "create", "staff")
    storage = SqlStorage.open(f"sqlite:///{tmp_path / 'data' / 'facet.db'}")
    with storage.write() as uow:
        collection = uow.collections.get("staff")
        now = collection.created_at
        for number in range(2000):
            name = f"somebody {number}"
            note = {"note": "x" * 500}
            uow.subjects.add(Subject(f"{number:032}", collection.id, name, None, note, now, now))
    storage.close()
    return made


def _facet(
    environment: dict[str, str], *arguments: str, full: bool = False
) -> tuple[int, dict[str, Any]]:
    """Exit status and answer; `full`: no file may become larger than LARGEST."""
    command = [sys.executable, "-m", "app.cli", *arguments, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(LARGEST), *command] if full else command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout and "Traceback" not in done.stderr, (done.returncode, done.stderr)
    return done.returncode, json.loads(done.stdout)


def test_backups_say_that_there_is_no_room(environment: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "copy"
    status, answer = _facet(environment, "backup", str(target), full=True)
    assert (status, answer["error"]["code"]) == (2, "storage-full")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert _facet(environment, "backup", str(target))[0] == 0
    empty = environment | {"FACET_DATA_DIR": str(tmp_path / "new")}
    status, answer = _facet(empty, "restore", str(target), full=True)
    assert (status, answer["error"]["code"]) == (2, "storage-full")
    # What is restored is never copied to a directory that others share, and nothing is left of it.
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["facet.db", "images"]
    assert _facet(empty, "restore", str(target))[0] == 0
