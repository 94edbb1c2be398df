"""Downloads against a real server on this machine."""

import functools
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from models.registry.download import download
from models.registry.errors import ChecksumMismatchError, DownloadFailedError

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT under /file; can ignore ranges or break off after some bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = True
        self.break_after: int | None = None
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/file")
            self.end_headers()
            return
        if self.path != "/file":
            self.send_error(404)
            return
        wanted = self.headers.get("Range")
        self.server.asked.append(wanted)
        start = 0
        if wanted and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(CONTENT):
                self.send_error(416)
                return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.break_after])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "weights.safetensors"


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def test_whole_file_with_progress(server: Server, target: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    result = download(server.url, target, checksum=SHA256, progress=lambda *p: seen.append(p))
    assert result == target and target.read_bytes() == CONTENT
    assert not part_of(target).exists()
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_redirects_are_followed(server: Server, target: Path) -> None:
    download(server.url.replace("/file", "/moved"), target, checksum=SHA256)
    assert target.read_bytes() == CONTENT


def test_resume_after_a_broken_connection(server: Server, target: Path) -> None:
    server.break_after = 300_000
    with pytest.raises(DownloadFailedError, match="could not be fetched"):
        download(server.url, target, checksum=SHA256)
    assert not target.exists()
    kept = part_of(target).stat().st_size
    assert 0 < kept <= 300_000
    server.break_after = None
    seen: list[tuple[int, int | None]] = []
    download(server.url, target, checksum=SHA256, progress=lambda *p: seen.append(p))
    assert server.asked == [None, f"bytes={kept}-"]
    assert target.read_bytes() == CONTENT
    assert seen[0][0] > kept and seen[-1] == (len(CONTENT), len(CONTENT))


def test_a_server_without_ranges_starts_again(server: Server, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(b"old")
    server.ranges = False
    download(server.url, target, checksum=SHA256)
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_complete_already(server: Server, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(CONTENT)
    download(server.url, target, checksum=SHA256)
    assert target.read_bytes() == CONTENT


def test_wrong_bytes_are_thrown_away(server: Server, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(b"other bytes")
    with pytest.raises(ChecksumMismatchError) as caught:
        download(server.url, target, checksum=SHA256)
    assert caught.value.data["expected"] == SHA256
    assert not target.exists() and not part_of(target).exists()
    download(server.url, target, checksum=SHA256)
    assert target.read_bytes() == CONTENT


def test_not_found(server: Server, target: Path) -> None:
    with pytest.raises(DownloadFailedError, match="404") as caught:
        download(server.url + "s", target, checksum=SHA256)
    assert caught.value.data["http_status"] == 404
    assert not target.exists() and not part_of(target).exists()


def test_nobody_listens(server: Server, target: Path) -> None:
    url = server.url
    server.server_close()
    with pytest.raises(DownloadFailedError, match="could not be fetched"):
        download(url, target, checksum=SHA256)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "weights"])
def test_other_schemes(url: str, target: Path) -> None:
    with pytest.raises(DownloadFailedError, match="not an http"):
        download(url, target, checksum=SHA256)


def test_a_redirect_from_https_to_http_is_refused(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        ways = {"/": "https://mirror.example/moved", "/moved": "http://mirror.example/file"}
        way = ways.get(request.url.path)
        return httpx.Response(302, headers={"Location": way}) if way else httpx.Response(200)

    client = functools.partial(httpx.Client, transport=httpx.MockTransport(answer))
    monkeypatch.setattr("models.registry.download.httpx.Client", client)
    with pytest.raises(DownloadFailedError, match="from https to http"):
        download("https://example.org/", target, checksum=SHA256)
    assert asked == ["https://example.org/", "https://mirror.example/moved"]
    assert not target.exists()
