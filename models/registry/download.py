"""Fetch one file over HTTP: resumable, checked, and visible only when complete."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from models.files.writing import publish
from models.registry.errors import ChecksumMismatchError, DownloadFailedError

Progress = Callable[[int, int | None], None]
"""Called with (bytes so far, total bytes or None)."""

_CHUNK = 1 << 18


def download(
    url: str,
    target: Path,
    *,
    checksum: str | None,
    progress: Progress | None = None,
    timeout: float = 30.0,
) -> Path:
    """Fetch `url` into `target` and return it.

    Bytes collect in `<target>.part`, and the next call goes on from there. The finished file
    is renamed into place only when its checksum (see `file_checksum`) is right, if one is known;
    a wrong one is thrown away, since a resume from wrong bytes can never become right.

    Raises DownloadFailedError (also for a scheme other than http or https, and for a way from
    https to http) and ChecksumMismatchError.
    """
    if httpx.URL(url).scheme not in ("http", "https"):
        raise DownloadFailedError(f"{url} is not an http or https address.", url=url)
    part = target.with_name(target.name + ".part")
    with _reported(url):
        target.parent.mkdir(parents=True, exist_ok=True)
        if checksum is None:
            part.unlink(missing_ok=True)  # nothing would tell that its end came from another file
        with httpx.Client(
            follow_redirects=True,
            timeout=timeout,
            event_hooks={"response": [_refuse_downgrade]},
        ) as client:
            _fetch(client, url, part, progress)
    actual = file_checksum(part, checksum) if checksum else None
    if actual != checksum:
        part.unlink()
        raise ChecksumMismatchError(
            f"{url} is not the expected file.", url=url, expected=checksum, actual=actual
        )
    publish(part, target)
    return target


@contextmanager
def _reported(url: str) -> Iterator[None]:
    """Inside, failures of the network and of the disk become DownloadFailedError."""
    try:
        yield
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise DownloadFailedError(
            f"{url} answered {status}.", url=url, http_status=status
        ) from error
    except (httpx.HTTPError, OSError) as error:
        raise DownloadFailedError(
            f"{url} could not be fetched: {error or type(error).__name__}.",
            hint="Try again; the download goes on where it stopped.",
            url=url,
        ) from error


def _refuse_downgrade(response: httpx.Response) -> None:
    """Refuse to take what was asked for under https from where anybody may change it."""
    if not response.has_redirect_location:
        return
    target = response.url.join(response.headers["Location"])
    if response.url.scheme == "https" and target.scheme != "https":
        raise DownloadFailedError(
            f"{response.url.host} sends on from https to {target.scheme}, which is not followed.",
            hint="Name an address in the manifest that is https to its end.",
            url=str(response.url),
        )


def _fetch(client: httpx.Client, url: str, part: Path, progress: Progress | None) -> None:
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
            for chunk in response.iter_bytes(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                if progress:
                    progress(done, total)


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
