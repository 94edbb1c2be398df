"""Folders of pictures, one folder per person."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facet_client.generated.models import EnrolledImage

KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"})


@dataclass(frozen=True, slots=True)
class FolderProgress:
    """What became of one picture of a folder."""

    path: Path
    subject: str
    """The name of its folder."""
    done: int
    total: int
    result: EnrolledImage | None
    """None where the picture could not be sent; then `error` says why."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's folder."""

    name: str
    pictures: list[Path]


def people(folder: Path) -> list[Person]:
    """The people of a folder, those without pictures left out.

    Raises NotADirectoryError, and ValueError for pictures that lie in nobody's folder.
    """
    loose = [one.name for one in sorted(folder.iterdir()) if _is_picture(one)]
    if loose:
        raise ValueError(f"{loose[0]} lies in no folder named after a person")
    found = [
        Person(one.name, sorted(p for p in one.rglob("*") if _is_picture(p)))
        for one in sorted(folder.iterdir())
        if one.is_dir() and not one.name.startswith(".")
    ]
    return [one for one in found if one.pictures]


def batches(pictures: list[Path], most: int) -> Iterator[list[Path]]:
    """The pictures, so many at once."""
    for start in range(0, len(pictures), most):
        yield pictures[start : start + most]


def _is_picture(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in KINDS and not path.name.startswith(".")
