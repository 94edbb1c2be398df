"""Fetch one file over HTTP: resumable, checked, bounded, and visible only when complete."""

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from models.files.locking import try_lock
from models.files.writing import publish
from models.public_addresses import Network
from models.registry.errors import (
    ChecksumMismatchError,
    DiskFullError,
    DownloadFailedError,
    PullUnderwayError,
    WeightsTooLargeError,
)
from models.registry.origins import shown_address
from models.registry.redirects import Redirects, transport

Progress = Callable[[int, int | None], None]
"""Called with (bytes so far, total bytes or None)."""

_SLOWEST = 1024
"""Bytes a second that a server has to send on average."""
_GRACE = 60.0
"""Seconds before that is asked of it."""
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class DownloadRules:
    """Bounds of downloads."""

    networks: Sequence[Network] = ()
    """Networks that a redirect may lead to although they are not public."""
    largest: int = 4 * 2**30
    """Bytes of a file whose size no manifest states."""
    timeout: float = 30.0
    """Seconds to connect, and without a byte."""


def download(
    url: str,
    target: Path,
    *,
    checksum: str | None,
    size: int | None = None,
    progress: Progress | None = None,
    rules: DownloadRules | None = None,
) -> Path:
    """Fetch `url` into `target` and return it.

    Bytes collect in `<target>.part`, and the next call goes on from there. The finished file
    is renamed into place only when its checksum (see `file_checksum`) is right, if one is known;
    a wrong one is thrown away, since a resume from wrong bytes can never become right.

    Raises DownloadFailedError (also for a scheme other than http or https, and for a redirect
    that may not be followed), WeightsTooLargeError, DiskFullError, PullUnderwayError while
    another process fetches the same file, and ChecksumMismatchError.
    """
    if httpx.URL(url).scheme not in ("http", "https"):
        raise DownloadFailedError(
            f"{shown_address(url)} is not an http or https address.", url=shown_address(url)
        )
    rules = rules or DownloadRules()
    part = target.with_name(target.name + ".part")
    with _reported(url), _alone(target):
        if checksum is None:
            part.unlink(missing_ok=True)  # nothing would tell that its end came from another file
        redirects = Redirects(url, rules.networks)
        with httpx.Client(
            follow_redirects=True,
            timeout=rules.timeout,
            event_hooks={"response": [redirects.refuse]},
            transport=transport(redirects),
        ) as client:
            _fetch(client, url, part, progress, size or rules.largest)
        _check(url, part, checksum, size)
        publish(part, target)
    return target


def _check(url: str, part: Path, checksum: str | None, size: int | None) -> None:
    """Throw away what is not the expected file. Raises ChecksumMismatchError."""
    actual = file_checksum(part, checksum) if checksum else None
    if actual != checksum or (size is not None and part.stat().st_size != size):
        part.unlink()
        raise ChecksumMismatchError(
            f"{shown_address(url)} is not the expected file.",
            hint="It was thrown away. The publisher may have changed it: do not use it, and look "
            "for a newer manifest.",
            url=shown_address(url),
            expected=checksum,
            actual=actual,
        )


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Inside, no other process fetches the same file. Raises PullUnderwayError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f".{target.name}.lock")
    held = try_lock(path)
    if held is None:
        raise PullUnderwayError(
            f"Another process is fetching {target.name}.",
            hint="Wait for it: see `facet jobs list`, or who else runs `facet models pull`.",
        )
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        held.release()


@contextmanager
def _reported(url: str) -> Iterator[None]:
    """Inside, failures of the network and of the disk become errors for people."""
    shown = shown_address(url)
    try:
        yield
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise DownloadFailedError(
            f"{shown} answered {status}.", url=shown, http_status=status
        ) from error
    except httpx.ConnectError as error:
        raise DownloadFailedError(
            f"{shown} could not be fetched: {error or type(error).__name__}.",
            hint="See whether this machine may reach that address (proxies are taken from "
            "HTTPS_PROXY), then try again: the download goes on where it stopped.",
            url=shown,
        ) from error
    except (httpx.HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            raise _disk_full(shown) from error
        raise DownloadFailedError(
            f"{shown} could not be fetched: {error or type(error).__name__}.",
            hint="Try again; the download goes on where it stopped.",
            url=shown,
        ) from error


def _fetch(
    client: httpx.Client, url: str, part: Path, progress: Progress | None, largest: int
) -> None:
    """Bring `part` up to the whole file, whatever of it is there already."""
    done = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            # The part is complete, or longer than the file; its checksum tells which.
            return
        response.raise_for_status()
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            done = 0  # the server ignored the range and sends everything
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else None
        with part.open("ab" if done else "wb") as file:
            _refuse_too_large(url, total or 0, largest)
            _require_space(url, part, (total or 0) - done)
            started, first = time.monotonic(), done
            for chunk in response.iter_bytes():
                file.write(chunk)
                done += len(chunk)
                _refuse_too_large(url, done, largest)
                _refuse_too_slow(url, done - first, time.monotonic() - started)
                if progress:
                    progress(done, total)


def _refuse_too_large(url: str, size: int, largest: int) -> None:
    if size > largest:
        raise WeightsTooLargeError(
            f"{shown_address(url)} has more than the {largest} bytes that it may have.",
            hint="Look whether the manifest states the right file and its size.",
            url=shown_address(url),
            limit=largest,
        )


def _require_space(url: str, part: Path, missing: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if missing > free:
        raise _disk_full(shown_address(url), missing=missing, free=free)


def _refuse_too_slow(url: str, fetched: int, seconds: float) -> None:
    if seconds > _GRACE and fetched < _SLOWEST * seconds:
        raise DownloadFailedError(
            f"{shown_address(url)} sends fewer than {_SLOWEST} bytes a second.",
            hint="Try again; the download goes on where it stopped.",
            url=shown_address(url),
        )


def _disk_full(url: str, **data: int) -> DiskFullError:
    wanted = f": {data['missing']} bytes are missing, {data['free']} are free" if data else ""
    return DiskFullError(
        f"The disk has no space for {url}{wanted}.",
        hint="Free some, or name another place by FACET_MODEL_CACHE_DIR; the download goes on "
        "where it stopped.",
        url=url,
        **data,
    )


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def algorithm(checksum: str) -> str:
    """`sha256` or `sha384`, by the number of hexadecimal digits."""
    return f"sha{4 * len(checksum)}"


def file_checksum(path: Path, like: str) -> str:
    """Hex digest of a file's bytes, by the algorithm of the checksum `like`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm(like)).hexdigest()
