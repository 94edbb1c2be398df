"""The console's page and files: careful headers, any prefix, nothing from elsewhere."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.web import console
from app.settings import Settings
from tests.api.conftest import Client, running

PAGE = '<base href="__BASE__"><meta name="n" content="__NONCE__"><script src="./files/a-1.js">'
CAREFUL = ("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files as a build leaves them, and one beside that is none of them."""
    directory = tmp_path_factory.mktemp("built")
    (directory / "files").mkdir()
    (directory / "index.html").write_text(PAGE)
    (directory / "files" / "a-1.js").write_text("let a = 1;\n" * 100)
    (directory / "files" / "a-1.js.map").write_text("{}")
    (directory / "secret.js").write_text("no")
    return directory


@pytest.fixture
def with_files(client: Client, built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(console, "BUILT", built)
    client.headers.pop("Authorization", None)
    yield client


@pytest.mark.parametrize("path", ["", "people", "people/staff/019a", "try?collection=staff"])
def test_every_screen_is_the_one_page(with_files: Client, path: str) -> None:
    answer = with_files.get(f"/console/{path}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert all(part in policy for part in CAREFUL) and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    nonce = re.search(r'content="([\w-]{20,})"', answer.text)
    assert nonce is not None and f"'nonce-{nonce[1]}'" in policy
    assert nonce[1] not in with_files.get(f"/console/{path}").text
    assert '<base href="/console/">' in answer.text


def test_files_are_kept_by_browsers_and_compressed(with_files: Client) -> None:
    plain = with_files.get("/console/files/a-1.js", headers={"Accept-Encoding": "identity"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert "Content-Encoding" not in plain.headers
    with with_files.stream("GET", "/console/files/a-1.js") as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip" and answer.headers["Vary"]
    assert gzip.decompress(raw) == plain.content and len(raw) < len(plain.content) / 5


@pytest.mark.parametrize(
    "name", ["b-1.js", "..%2fsecret.js", "%2e%2e/secret.js", "a-1.js.map", "..%5csecret.js", "%00"]
)
def test_no_other_file_is_given(with_files: Client, name: str) -> None:
    answer = with_files.get(f"/console/files/{name}")
    assert answer.status_code == 404 or PAGE[:6] in answer.text
    assert answer.text != "no"


def test_the_page_works_below_a_prefix(
    settings: Settings, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "BUILT", built)
    with running(settings.model_copy(update={"root_path": "/facet"})) as client:
        for sent in ("/facet/console/", "/console/"):
            assert '<base href="/facet/console/">' in client.get(sent).text
        moved = client.get("/console", follow_redirects=False)
        assert moved.headers["Location"] == "/facet/console/"
        assert client.get("/").json()["console"] == "/facet/console/"


@pytest.mark.parametrize("changes", [{"console": "off"}, {"wire_formats": ("deepstack",)}])
def test_it_can_be_switched_off(settings: Settings, changes: dict[str, object]) -> None:
    with running(settings.model_copy(update=changes)) as client:
        for path in ("/console", "/console/", "/console/files/a-1.js"):
            assert client.get(path).status_code == 404
        assert "console" not in client.get("/").json()


def test_a_checkout_without_it_says_so(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "BUILT", tmp_path)
    answer = client.get("/console/")
    assert answer.status_code == 404 and "make console" in answer.json()["hint"]
    seen = client.get("/console/people", headers={"Accept": "text/html"})
    assert seen.status_code == 404 and seen.headers["Content-Type"].startswith("text/html")
    assert "<pre>make console</pre>" in seen.text and "__" not in seen.text
    assert client.get("/console/files/a-1.js").status_code == 404
    # No start is needed after a build.
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a-1.js").write_text("let a = 1;")
    (tmp_path / "index.html").write_text(PAGE)
    assert client.get("/console/").status_code == 200
    assert client.get("/console/files/a-1.js").text == "let a = 1;"
