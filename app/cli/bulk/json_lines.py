"""Lists of pictures as JSON lines, from whatever program and system they come."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from app.cli.bulk.sources import Read, base64_reader, file_reader, rejected_item, row_item
from app.domain.errors.requests import InvalidRequestError
from app.services.enrolling.importing import ImportItem

_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_SAVE = "Save the file as UTF-8, without a mark at its beginning."
_BESIDE_IMAGE = 2**20
"""Bytes of a line beside the base64 of its picture."""


def from_json_lines(path: Path, largest: int) -> Iterator[ImportItem]:
    """Lines of {"subject", "image" or "image_base64", "external_id"?, "metadata"?}.

    `image` is a path relative to the file, and stays beneath its folder. A line that cannot be
    used is an item that is refused. Raises InvalidRequestError for a file in UTF-16 or UTF-32.
    """
    longest = 2 * largest + _BESIDE_IMAGE
    with path.open("rb") as lines:
        if lines.peek(4)[:4].startswith(_WIDE_MARKS):
            raise InvalidRequestError(f"{path.name} is UTF-16 or UTF-32.", hint=_SAVE)
        for number, line in enumerate(_lines(lines, longest), start=1):
            source = f"{path.name}:{number}"
            if line is None:
                refusal = InvalidRequestError(f"The line has more than {longest:,} bytes.")
                yield rejected_item(source, refusal)
                continue
            line = line.removeprefix(_UTF8_MARK) if number == 1 else line
            if line.strip():
                yield _item(source, path.parent, line, largest)


def count_lines(path: Path) -> int:
    """Lines of a file that are not empty, for the progress bar."""
    with path.open("rb") as lines:
        return sum(1 for line in _lines(lines, _BESIDE_IMAGE) if line is None or line.strip())


def _lines(file: IO[bytes], longest: int) -> Iterator[bytes | None]:
    """The lines; None for one that is longer."""
    while line := file.readline(longest):
        if len(line) < longest or line.endswith(b"\n"):
            yield line
            continue
        while (rest := file.readline(longest)) and not rest.endswith(b"\n"):
            pass
        yield None


def _item(source: str, folder: Path, line: bytes, largest: int) -> ImportItem:
    hint = ""
    try:
        if b"\0" in line:
            hint = _SAVE
            raise ValueError("it holds zero bytes, as UTF-16 does")
        row = json.loads(line.decode("utf-8"))
        if not isinstance(row, dict):
            raise ValueError("it is no object")
        return row_item(source, row, largest, _reader(row, folder, largest))
    except UnicodeDecodeError as error:
        hint, why = _SAVE, f"byte {error.start + 1} is no UTF-8"
    except json.JSONDecodeError as error:
        why = f"it is no JSON ({error.msg}, character {error.pos + 1})"
    except RecursionError:
        why = "it is nested too deeply"
    except OSError as error:
        why = f"the file cannot be read: {error.strerror}"
    except (ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        why = str(error)
    refusal = InvalidRequestError(f"The line cannot be used: {why}.", hint=hint)
    return rejected_item(source, refusal)


def _reader(row: dict[str, Any], folder: Path, largest: int) -> Read:
    image, encoded = row.get("image"), row.get("image_base64")
    if isinstance(image, str):
        if image[:5].lower() == "data:":
            return base64_reader(image, largest)
        return file_reader(_beneath(folder, image), largest)
    if isinstance(encoded, str):
        return base64_reader(encoded, largest)
    raise ValueError("it needs `image` or `image_base64`")


def _beneath(folder: Path, name: str) -> Path:
    """The file, also when the list has Windows' separators or another form of Unicode."""
    if "\0" in name:
        raise ValueError("`image` holds a NUL character")
    top = folder.resolve()
    files = [(folder / written).resolve() for written in _spellings(name)]
    inside = [file for file in files if file.is_relative_to(top)]
    if not inside:
        raise ValueError("`image` leaves the folder of the list")
    file = next((file for file in inside if file.exists()), None)
    if file is not None:
        return file
    if "\\" in name:
        raise ValueError("there is no such file; paths are relative to the list and written with /")
    return inside[0]


def _spellings(name: str) -> list[str]:
    turned = name.replace("\\", "/")
    forms = [name, turned]
    forms += [unicodedata.normalize(form, turned) for form in ("NFC", "NFD")]
    return list(dict.fromkeys(forms))
