"""Every `facet` command of a how-to does what it is shown for."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli.main import app
from tests.acceptance.conftest import EILEEN, GRACE
from tests.acceptance.documented import ROOT, blocks, facet_lines
from tests.portraits import eileen, encoded, grace
from tests.recordings import video, walk

pytestmark = pytest.mark.long

PAGES = [
    "explain/dates.md",
    "explain/decisions.md",
    "explain/detection.md",
    "explain/erasure.md",
    "explain/search-index.md",
    "how-to/operating/backup.md",
    "how-to/corrections.md",
    "how-to/dates.md",
    "how-to/error-rates.md",
    "how-to/gallery-health.md",
    "how-to/many-pictures.md",
    "how-to/operating/master-key.md",
    "how-to/move.md",
    "how-to/name-a-folder.md",
    "how-to/recordings.md",
    "how-to/rights.md",
    "how-to/unknown-faces.md",
    "how-to/operating/upgrade.md",
]
ELSEWHERE = {
    "how-to/operating/console.md": "tests/integration/console, in a browser",
    "how-to/cameras-and-homes.md": "tests/api/test_deepstack.py, on a server",
    "how-to/calibrate.md": "tests/unit/services/people/test_calibrating.py; it takes ten people",
    "how-to/from-compreface.md": "tests/integration/sdks/test_compreface_sdk.py, before a server",
    "how-to/clients/rekognition.md": "tests/integration/rekognition, on a server",
    "how-to/operating/first-server.md": "tests/acceptance/test_proxies.py, before a server",
    "how-to/events.md": "tests/unit/services/notifying/test_webhooks.py; an address is needed",
    "how-to/train-an-encoder.md": "tests/acceptance/test_publishing.py",
    "how-to/encoders.md": "tests/integration/commands; `pull` downloads",
    "how-to/keys.md": "tests/unit/services/test_lives_of_keys.py; its lines need the id of a key",
    "how-to/operating/object-storage.md": "tests/contracts/images, on a server of objects",
    "how-to/operating/several-servers.md": "tests/contracts/index; another engine is needed",
    "how-to/style-transfer.md": "tests/integration/commands/test_style_command.py; 45 seconds",
}
"""Pages whose commands are tried by other tests, and which."""
SECRET_KEY = "AGE-SECRET-KEY-1WVWE4HJ0DT8EU8EXKZH4G0SA39QYL3J3PKNCSM87QRPPLGM7SQQQG57TFG"
"""Of the recipient whom pages name."""
NEEDS_A_SERVER = ("facet health --ready", "facet move compreface", "facet move insightface-server")
MAKES_STAFF = ("how-to/move.md",)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the pictures that the pages speak of."""
    desk = tmp_path / "desk"
    for folder in ("people", "photos"):
        for name, portrait in ((GRACE, grace()), (EILEEN, eileen())):
            (desk / folder / name).mkdir(parents=True)
            (desk / folder / name / "1.jpg").write_bytes(encoded(portrait))
    (desk / "known").mkdir()
    (desk / "known" / f"{GRACE}.jpg").write_bytes(encoded(grace().rotate(4)))
    (desk / "people.jsonl").write_text(
        f'{{"subject": "{GRACE}", "image": "known/{GRACE}.jpg"}}\n', encoding="utf-8"
    )
    for name in ("passport.jpg", "party.jpg", "door.jpg"):
        (desk / name).write_bytes(encoded(grace()))
    (desk / "key.txt").write_text(f"# made by age-keygen\n{SECRET_KEY}\n", encoding="utf-8")
    (desk / "selfie.jpg").write_bytes(encoded(grace().rotate(-8)))
    (desk / "door.mp4").write_bytes(video(walk(grace(), 6)))
    monkeypatch.chdir(desk)
    return desk


def run(line: str, environment: dict[str, str], desk: Path) -> Result:
    """The line as it stands, but for absolute paths, which lie beside the desk; asked, yes."""
    words = shlex.split(line)
    settings = dict(environment)
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        settings[name] = str(desk.parent) + value if value.startswith("/") else value
    assert words.pop(0) == "facet"
    return CliRunner().invoke(app, words, env=settings, input="y\n")


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_a_page(page: str, desk: Path, model_cache: Path) -> None:
    environment = {
        "FACET_DATA_DIR": str(desk.parent / "data"),
        "FACET_MODEL_CACHE_DIR": str(model_cache),
    }
    if page not in MAKES_STAFF:
        run("facet collections create staff", environment, desk)
        run("facet import people --collection staff", environment, desk)
    for program in blocks(page, "python"):
        subprocess.run([sys.executable, "-c", program], check=True, timeout=600)
    lines = [line for line in facet_lines(page) if not line.startswith(NEEDS_A_SERVER)]
    assert lines
    for line in lines:
        done = run(line, environment, desk)
        assert done.exit_code == 0, (line, done.output, done.exception)


def test_every_how_to_is_tried() -> None:
    with_commands = {
        page
        for path in (ROOT / "docs" / "how-to").rglob("*.md")
        if facet_lines(page := path.relative_to(ROOT / "docs").as_posix())
    }
    assert with_commands - set(PAGES) == set(ELSEWHERE)


def test_commands_that_are_shown_exist() -> None:
    """Also of pages whose commands cannot be run here, and in running text."""
    known = {" ".join(path) for path in _paths()}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if "adr" in path.parts:
            continue
        shown = re.findall(r"(?:`|^)facet ((?:[a-z]+ ?)+)", path.read_text(encoding="utf-8"), re.M)
        for words in shown:
            first = words.split()
            prefixes = {" ".join(first[:count]) for count in (1, 2)}
            assert prefixes & known, f"{path.relative_to(ROOT)}: facet {words}"


def _paths() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    stack: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while stack:
        path, command = stack.pop()
        found.append(path)
        stack += [((*path, word), one) for word, one in getattr(command, "commands", {}).items()]
    return found
