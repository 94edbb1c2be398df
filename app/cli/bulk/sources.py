"""What `facet import` reads: folders, JSON lines, Parquet files of pictures."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.cli.recognition import IMAGE_SUFFIXES
from app.domain.base64_text import decode_base64
from app.domain.errors.pictures import ImageTooLargeError
from app.domain.errors.requests import InvalidRequestError
from app.services.importing import ImportItem
from app.storage.parquet import CollectionFile


def from_directory(root: Path, largest: int) -> list[ImportItem]:
    """One folder per subject; a picture beside the folders is named by its own name."""
    files = sorted(
        file for file in root.rglob("*") if file.suffix.lower() in IMAGE_SUFFIXES and file.is_file()
    )
    if not files:
        raise InvalidRequestError(
            f"{root} holds no images.", hint="Expected one folder of images per subject."
        )
    return [
        ImportItem(
            source=str(file.relative_to(root)),
            subject=file.stem if file.parent == root else file.relative_to(root).parts[0],
            read=_file_reader(file, largest),
        )
        for file in files
    ]


def from_json_lines(path: Path, largest: int) -> Iterator[ImportItem]:
    """Lines of {"subject", "image" or "image_base64", "external_id"?, "metadata"?}.

    `image` is a path relative to the file, and stays beneath its folder.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _json_item(path, number, line, largest)


def from_parquet(file: CollectionFile, largest: int) -> Iterator[ImportItem]:
    """Rows with the columns `subject` and `image`, the bytes of an image file."""
    if not {"subject", "image"} <= file.columns:
        raise InvalidRequestError(
            f"{file.path} has neither an exported collection nor the columns subject and image."
        )
    number = 0
    for rows in file.records():
        for row in rows:
            yield _row_item(f"{file.path.name}:{number}", row, largest)
            number += 1


def count_lines(path: Path) -> int:
    """Lines of a file that are not empty, for the progress bar."""
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _json_item(path: Path, number: int, line: str, largest: int) -> ImportItem:
    source = f"{path.name}:{number}"
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("it is no object")
        image, encoded = row.get("image"), row.get("image_base64")
        if isinstance(image, str):
            return _row_item(source, row, largest, _beneath(path.parent, image, largest))
        if isinstance(encoded, str):
            return _row_item(source, row, largest, _base64_reader(encoded, largest))
        raise ValueError("it needs `image` or `image_base64`")
    except ValueError as error:
        return ImportItem(source, "", _refusing(f"The line cannot be used: {error}."))


def _row_item(
    source: str, row: dict[str, Any], largest: int, read: Callable[[], bytes] | None = None
) -> ImportItem:
    name, external_id, metadata = row.get("subject"), row.get("external_id"), row.get("metadata")
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        return ImportItem(source, "", _refusing("`subject` has to be a name."))
    if not isinstance(external_id, str | None) or not isinstance(metadata, dict | None):
        return ImportItem(source, name, _refusing("`external_id` is text, `metadata` an object."))
    if read is None:
        read = _bytes_reader(row.get("image"), largest)
    return ImportItem(source, name, read, external_id, metadata or {})


def _file_reader(file: Path, largest: int) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            if file.stat().st_size > largest:
                raise _too_large(largest)
            return file.read_bytes()
        except OSError as error:
            raise InvalidRequestError(f"The file cannot be read: {error.strerror}.") from error

    return read


def _beneath(folder: Path, name: str, largest: int) -> Callable[[], bytes]:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise ValueError("`image` leaves the folder of the list")
    return _file_reader(file, largest)


def _base64_reader(encoded: str, largest: int) -> Callable[[], bytes]:
    def read() -> bytes:
        image = decode_base64(encoded)
        if len(image) > largest:
            raise _too_large(largest)
        return image

    return read


def _bytes_reader(image: object, largest: int) -> Callable[[], bytes]:
    if not isinstance(image, bytes):
        return _refusing("`image` has to be the bytes of an image file.")
    if len(image) > largest:
        error = _too_large(largest)

        def refuse() -> bytes:
            raise error

        return refuse
    return lambda: image


def _refusing(reason: str) -> Callable[[], bytes]:
    def read() -> bytes:
        raise InvalidRequestError(reason)

    return read


def _too_large(largest: int) -> ImageTooLargeError:
    return ImageTooLargeError(f"The image has more than {largest} bytes.")
