"""Collections of Amazon Rekognition, which hold no pictures: pictures of them from elsewhere."""

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from app.domain.errors.requests import InvalidRequestError
from app.services.enrolling.importing import ImportItem

NO_PICTURES = (
    "A collection of Rekognition holds no pictures and gives its vectors to nobody: it cannot be "
    "copied."
)
_LARGEST = 2**30


def place_of(source: str | None, buckets: Mapping[str, Path]) -> Path:
    """The folder of the originals: one by its path, or a bucket that an operator names.

    Raises InvalidRequestError.
    """
    if source is None:
        raise InvalidRequestError(
            NO_PICTURES,
            hint="Index the originals again: name the folder or bucket where they are, with a "
            "folder or a file name for each ExternalImageId.",
        )
    folder = buckets.get(source, Path(source))
    if not folder.is_dir():
        known = f"; buckets are {', '.join(sorted(buckets))}" if buckets else ""
        raise InvalidRequestError(
            f"{source} is neither a folder nor a bucket of FACET_REKOGNITION_BUCKETS{known}.",
            hint=NO_PICTURES,
        )
    return folder


def external_ids(listed: Path) -> list[str]:
    """The ExternalImageIds that `aws rekognition list-faces` has written. Raises
    InvalidRequestError."""
    try:
        if listed.stat().st_size > _LARGEST:
            raise ValueError("too large")
        faces = json.loads(listed.read_text(encoding="utf-8"))["Faces"]
        ids = [face.get("ExternalImageId") for face in faces]
        return list(dict.fromkeys(str(one) for one in ids if one))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidRequestError(
            f"{listed} is no list of faces.",
            hint="Write it with `aws rekognition list-faces --collection-id ID > faces.json`.",
        ) from error


def without_pictures(ids: Iterable[str], items: Collection[ImportItem]) -> list[str]:
    """The ids of whom there is no picture."""
    there = {item.subject for item in items}
    return [one for one in ids if one not in there]
