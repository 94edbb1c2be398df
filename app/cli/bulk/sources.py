"""Sources of `facet import` and `facet enroll`: folders, files, Parquet files of pictures."""

import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from app.cli.bulk.folders import subject_of
from app.domain.base64_text import decode_base64
from app.domain.errors import FacetError
from app.domain.errors.pictures import ImageTooLargeError
from app.domain.errors.requests import InvalidRequestError
from app.files.parquet import CollectionFile
from app.services.enrolling.importing import ImportItem

Read = Callable[[], bytes]


def from_directory(
    pictures: Iterable[Path], root: Path, largest: int, subject: str | None = None
) -> list[ImportItem]:
    """One folder per subject; a picture beside the folders is named by its own name."""
    return [
        ImportItem(
            source=str(file.relative_to(root)),
            subject=subject or subject_of(file, root),
            read=file_reader(file, largest),
        )
        for file in pictures
    ]


def from_parquet(file: CollectionFile, largest: int) -> Iterator[ImportItem]:
    """Rows with the columns `subject` and `image`, the bytes of an image file."""
    if not {"subject", "image"} <= file.columns:
        raise InvalidRequestError(
            f"{file.path} has neither an exported collection nor the columns subject and image."
        )
    number = 0
    for rows in file.records():
        for row in rows:
            yield row_item(f"{file.path.name}:{number}", row, largest)
            number += 1


def row_item(
    source: str, row: dict[str, Any], largest: int, read: Read | None = None
) -> ImportItem:
    """The item of a row with `subject`, `image`, and perhaps `external_id` and `metadata`."""
    name, external_id, metadata = row.get("subject"), row.get("external_id"), row.get("metadata")
    if not isinstance(name, str):
        return rejected_item(source, InvalidRequestError("`subject` has to be a name."))
    if not isinstance(external_id, str | None) or not isinstance(metadata, dict | None):
        refusal = InvalidRequestError("`external_id` is text, `metadata` an object.")
        return rejected_item(source, refusal, name)
    if read is None:
        read = _bytes_reader(row.get("image"), largest)
    return ImportItem(source, name, read, external_id, metadata or {})


def rejected_item(source: str, error: FacetError, subject: str = "") -> ImportItem:
    """An item that is refused when its turn comes, so that rejects stand in order."""
    return ImportItem(source, subject, _refusing(error))


def file_reader(file: Path, largest: int) -> Read:
    """Reads a picture's file; refuses what is no file, and more than `largest` bytes."""

    def read() -> bytes:
        try:
            about = file.stat()
            if not stat.S_ISREG(about.st_mode):
                raise InvalidRequestError("It is no file.")
            if about.st_size > largest:
                raise _too_large(largest)
            return file.read_bytes()
        except OSError as error:
            raise InvalidRequestError(f"The file cannot be read: {error.strerror}.") from error

    return read


def base64_reader(encoded: str, largest: int) -> Read:
    """Decodes a picture's file."""

    def read() -> bytes:
        image = decode_base64(encoded)
        if len(image) > largest:
            raise _too_large(largest)
        return image

    return read


def _bytes_reader(image: object, largest: int) -> Read:
    if not isinstance(image, bytes):
        return _refusing(InvalidRequestError("`image` has to be the bytes of an image file."))
    return _refusing(_too_large(largest)) if len(image) > largest else lambda: image


def _refusing(error: FacetError) -> Read:
    def read() -> bytes:
        raise error

    return read


def _too_large(largest: int) -> ImageTooLargeError:
    return ImageTooLargeError(f"The image has more than {largest} bytes.")
