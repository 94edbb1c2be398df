"""Files encrypted to recipients, in the format of age: who writes them cannot read them."""

import io
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.errors.requests import InvalidRequestError
from models.files.writing import replacing

ENDING = ".age"
"""Of the names of encrypted files."""
_SSH = "ssh-"
_KEYS_HINT = "`age-keygen -o key.txt` makes a key, and prints its public half."


def recipients_of(texts: Sequence[str]) -> list[Any]:
    """Public keys as age and SSH write them. Raises InvalidRequestError."""
    import pyrage

    found = []
    for text in texts:
        kind = pyrage.ssh if text.startswith(_SSH) else pyrage.x25519
        try:
            found.append(kind.Recipient.from_str(text))
        except pyrage.RecipientError as error:
            raise InvalidRequestError(
                f"{text!r} is no recipient: a public key such as age1… or ssh-ed25519 ….",
                hint=_KEYS_HINT,
            ) from error
    return found


def identities_in(path: Path) -> list[Any]:
    """Secret keys of a file that `age-keygen` or `ssh-keygen` has made.

    Raises InvalidRequestError.
    """
    import pyrage

    try:
        content = path.read_bytes()
        if content.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = [line.strip() for line in content.decode().splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        found = [pyrage.x25519.Identity.from_str(line) for line in keys]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise InvalidRequestError(f"{path} cannot be read as a secret key.") from error
    if not found:
        raise InvalidRequestError(f"{path} has no secret key in it.", hint=_KEYS_HINT)
    return found


@contextmanager
def encrypting(path: Path, recipients: Sequence[Any]) -> Iterator[BinaryIO]:
    """A stream to write to; the file is there, encrypted, when the block has ended well.

    Nothing is on the disk in the clear. Raises OSError.
    """
    import pyrage

    with replacing(path) as file:
        reading, writing = os.pipe()

        def encrypt() -> None:
            target = _Remembering(file)
            with os.fdopen(reading, "rb") as plain:
                try:
                    pyrage.encrypt_io(plain, target, recipients)
                except pyrage.EncryptError as error:
                    raise target.error or OSError(str(error)) from error

        with _beside(encrypt), io.BufferedWriter(_Counted(writing)) as stream:
            yield stream


@contextmanager
def decrypting(path: Path, identities: Sequence[Any]) -> Iterator[BinaryIO]:
    """A stream of what the file holds, to be read to its end by the block or after it.

    Raises InvalidRequestError where none of the keys opens the file, or it is damaged or cut off.
    """
    import pyrage

    reading, writing = os.pipe()

    def decrypt() -> None:
        with path.open("rb") as sealed, os.fdopen(writing, "wb") as plain:
            try:
                pyrage.decrypt_io(sealed, plain, identities)
            except pyrage.DecryptError as error:
                raise InvalidRequestError(
                    f"{path} cannot be decrypted with this key.",
                    hint="Name the secret key of one of its recipients by --identity.",
                ) from error
            except OSError as error:
                if error.errno is not None:
                    raise
                raise InvalidRequestError(f"{path} is damaged or cut off.") from error

    with _beside(decrypt), os.fdopen(reading, "rb") as stream:
        yield stream
        while stream.read(1 << 20):  # its end says whether all of it was genuine
            pass


def pack(directory: Path, path: Path, recipients: Sequence[Any]) -> None:
    """Encrypt a directory, as a tar archive, into one file."""
    with (
        encrypting(path, recipients) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        archive.add(directory, arcname=".", filter=_nobodys)


def unpack(path: Path, directory: Path, identities: Sequence[Any]) -> None:
    """Put what `pack` has packed into a directory. Raises InvalidRequestError."""
    try:
        with (
            decrypting(path, identities) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            archive.extractall(directory, filter="data")
    except tarfile.TarError as error:
        raise InvalidRequestError(f"{path} holds no backup.") from error


def decrypt(path: Path, target: Path, identities: Sequence[Any]) -> None:
    """Write what the file holds to another one. Raises InvalidRequestError."""
    with replacing(target) as file, decrypting(path, identities) as stream:
        shutil.copyfileobj(stream, file)


class _Remembering:
    """A file to write to that keeps its error, of which the library tells the text alone."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


class _Counted(io.RawIOBase):
    """The end of a pipe that is written to, and knows how much was."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._count = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        done = os.write(self._descriptor, data)
        self._count += done
        return done

    def tell(self) -> int:
        return self._count

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do the work in a thread beside the block, which closes its end of a pipe; both must end well.

    The work's error is the cause: the block's is that the pipe was closed.
    """
    failures: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="encryption", daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        thread.join()
        real = [one for one in failures if not isinstance(one, BrokenPipeError)]
        if real:
            raise real[0] from error
        raise
    thread.join()
    if failures:
        raise failures[0]


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
