"""Places that a person names to write to: whether they can be written, before any work begins."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from models.errors import ReportedError


class UnwritablePlaceError(ReportedError):
    """A place that cannot be written to."""

    slug = "unwritable-place"

    @classmethod
    def of(cls, path: Path, error: OSError) -> "UnwritablePlaceError":
        """The error for what the system says of a place."""
        return cls(
            f"{path} cannot be written: {error.strerror or 'the system refuses it'}.",
            hint="Name another place, or give this user the right to write there.",
        )


def require_file(path: Path) -> Path:
    """The path, where a file can be made or replaced; folders above it may be missing.

    Raises UnwritablePlaceError. Nothing is left behind, and a file that is there stays as it is.
    """
    try:
        about = _about(path)
        if about is None:
            _require_writable(path.parent)
        elif stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        elif stat.S_ISREG(about.st_mode):
            with path.open("ab"):
                pass
        elif not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise UnwritablePlaceError.of(path, error) from error
    return path


def require_directory(path: Path) -> Path:
    """The path, where a directory is or can be made in which files can be made.

    Raises UnwritablePlaceError. Nothing is left behind.
    """
    try:
        _require_writable(path)
    except OSError as error:
        raise UnwritablePlaceError.of(path, error) from error
    return path


def made_directory(path: Path, hint: str, mode: int = 0o700) -> Path:
    """The directory, made with those above it where it is missing; it may be read-only.

    Raises UnwritablePlaceError, with the hint.
    """
    if path.parts[:1] == ("~",):
        raise UnwritablePlaceError(f"There is no home directory for {path}.", hint=hint)
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise UnwritablePlaceError(f"{path} cannot be made: {said}.", hint=hint) from error
    return path


def _about(path: Path) -> os.stat_result | None:
    """Status of what is there; None when nothing is."""
    if "\0" in str(path):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _require_writable(directory: Path) -> None:
    """Try to make a file in the directory, or in the nearest one above it that exists."""
    while (about := _about(directory)) is None and directory.parent != directory:
        directory = directory.parent
    if about is None or not stat.S_ISDIR(about.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, f"{directory} is no directory")
    # The right to write is tried and not asked for: mounts and the kernel's own directories
    # refuse what their permissions allow.
    descriptor, name = tempfile.mkstemp(prefix=".facet-", dir=directory)
    os.close(descriptor)
    Path(name).unlink()
