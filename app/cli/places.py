"""Places that a command is told to write to, checked before its work begins."""

from collections.abc import Iterable
from pathlib import Path

from app.cli.console import reporting
from app.domain.errors.requests import InvalidRequestError
from models.places import require_directory, require_file

PICTURES = (".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
"""Endings of picture files that can be written."""


def check_file(path: Path | None, as_json: bool, endings: Iterable[str] = ()) -> None:
    """End the command unless the file can be written, and has one of the endings, if any."""
    if path is None:
        return
    with reporting(as_json):
        known = sorted(endings)
        if known and path.suffix.lower() not in known:
            raise InvalidRequestError(
                f"{path.name} names no kind of file that can be written here.",
                hint=f"Known are {', '.join(known)}.",
            )
        require_file(path)


def check_directory(path: Path, as_json: bool) -> None:
    """End the command unless files can be made in the directory, which may be missing."""
    with reporting(as_json):
        require_directory(path)
