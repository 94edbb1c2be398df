"""The documents build as a site without a warning, and what is shown stands in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make docs` does, where a broken link, anchor or picture is an error."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        [*command, "--site-dir", str(target)], cwd=ROOT, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def test_every_page_is_built(site: Path) -> None:
    documents = ROOT / "docs"
    sources = {path.relative_to(documents).with_suffix("") for path in documents.rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert len(sources) > 50 and not sources - built
    assert {Path("project/changelog"), Path("project/security")} <= built


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    loading = re.compile(
        r"<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)=\"?(https?:[^\s\">]+)"
    )
    for page in site.rglob("*.html"):
        found = loading.findall(page.read_text(encoding="utf-8"))
        assert [address for address in found if "rel=canonical" not in address] == [], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?https?:|@import", sheet.read_text(encoding="utf-8")), (
            sheet
        )


def test_no_folder_of_documents_is_crowded() -> None:
    for folder in [ROOT / "docs", *(one for one in (ROOT / "docs").rglob("*") if one.is_dir())]:
        if folder.name != "adr":  # numbered, one per decision
            assert len([one for one in folder.iterdir() if one.is_file()]) <= 20, folder
