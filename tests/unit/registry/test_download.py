"""Downloads against a real server on this machine."""

import errno
import hashlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.files.locking import try_lock
from models.registry.download import DownloadRules, download
from models.registry.errors import (
    ChecksumMismatchError,
    DiskFullError,
    DownloadFailedError,
    PullUnderwayError,
    WeightsTooLargeError,
)

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT under /file; can ignore ranges or break off after some bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = True
        self.break_after: int | None = None
        self.moved_to = "/file"
        self.lengths = True
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", self.server.moved_to)
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
        if self.server.lengths:
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

    monkeypatch.setattr(
        "models.registry.redirects.httpx.HTTPTransport", lambda: httpx.MockTransport(answer)
    )
    monkeypatch.setattr("models.registry.redirects.socket.getaddrinfo", found_at("8.8.8.8"))
    with pytest.raises(DownloadFailedError, match="from https to http"):
        download("https://example.org/", target, checksum=SHA256)
    # The second time by the address that was looked at.
    assert asked == ["https://example.org/", "https://8.8.8.8/moved"]
    assert not target.exists()


def found_at(*addresses: str) -> Callable[..., Any]:
    """Names stand for these addresses."""
    real = socket.getaddrinfo

    def find(host: str, *args: Any, **options: Any) -> Any:
        if not host.endswith(".example"):
            return real(host, *args, **options)
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    return find


PRIVATE = ("127.0.0.2", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "localhost")


@pytest.mark.parametrize("host", [*PRIVATE, "inside.example"])
def test_a_redirect_to_where_only_insiders_get_is_refused(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    if host == "inside.example":  # one of its addresses is public
        monkeypatch.setattr(
            "models.registry.redirects.socket.getaddrinfo", found_at("8.8.8.8", "10.0.0.1")
        )
    server.moved_to = f"http://{host}:{server.server_port}/file"
    with pytest.raises(DownloadFailedError, match="not public") as caught:
        download(server.url.replace("/file", "/moved"), target, checksum=SHA256)
    assert "FACET_DOWNLOAD_NETWORKS" in caught.value.hint
    assert server.asked == [] and not part_of(target).exists()


def test_a_redirect_to_an_allowed_network_is_followed(server: Server, target: Path) -> None:
    server.moved_to = f"http://localhost:{server.server_port}/file"
    rules = DownloadRules(networks=[ip_network("127.0.0.0/8"), ip_network("::1")])
    download(server.url.replace("/file", "/moved"), target, checksum=SHA256, rules=rules)
    assert target.read_bytes() == CONTENT


def test_a_file_larger_than_it_may_be_is_refused(server: Server, target: Path) -> None:
    small = DownloadRules(largest=len(CONTENT) - 1)
    for options in ({"rules": small}, {"size": 1000}):
        with pytest.raises(WeightsTooLargeError):
            download(server.url, target, checksum=SHA256, **options)
    server.lengths = False  # so that it is found out on the way
    with pytest.raises(WeightsTooLargeError) as caught:
        download(server.url, target, checksum=SHA256, rules=small)
    assert caught.value.data["limit"] == len(CONTENT) - 1
    assert not target.exists()


def test_a_file_of_another_size_is_thrown_away(server: Server, target: Path) -> None:
    with pytest.raises(ChecksumMismatchError):
        download(server.url, target, checksum=None, size=len(CONTENT) + 1)
    assert not target.exists() and not part_of(target).exists()


def test_a_full_disk_says_so(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(target.parent.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFullError, match="1024000 bytes are missing, 1000 are free"):
        download(server.url, target, checksum=SHA256)
    monkeypatch.undo()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("models.registry.download.publish", full)
    with pytest.raises(DiskFullError) as caught:
        download(server.url, target, checksum=SHA256)
    assert "FACET_MODEL_CACHE_DIR" in caught.value.hint
    monkeypatch.undo()
    download(server.url, target, checksum=SHA256)
    assert target.read_bytes() == CONTENT


def test_a_server_that_drips_is_given_up(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(step=4000.0)  # an hour and more between two looks
    monkeypatch.setattr("models.registry.download.time.monotonic", lambda: next(clock))
    with pytest.raises(DownloadFailedError, match="bytes a second"):
        download(server.url, target, checksum=SHA256)


def test_two_do_not_fetch_one_file(server: Server, target: Path) -> None:
    target.parent.mkdir()
    held = try_lock(target.with_name(f".{target.name}.lock"))
    assert held is not None
    with pytest.raises(PullUnderwayError):
        download(server.url, target, checksum=SHA256)
    held.release()
    download(server.url, target, checksum=SHA256)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_nothing_secret_of_an_address_is_told(server: Server, target: Path) -> None:
    url = server.url.replace("127.0.0.1", "me:secret@127.0.0.1") + "s?token=secret"
    with pytest.raises(DownloadFailedError) as caught:
        download(url, target, checksum=SHA256)
    assert "secret" not in f"{caught.value} {caught.value.data}"
    assert caught.value.data["url"] == f"{server.url}s"
