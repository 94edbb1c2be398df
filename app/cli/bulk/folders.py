"""Folders of pictures as commands read them, and what they tell of what they pass over."""

from pathlib import Path

from app.domain.errors.requests import InvalidRequestError
from app.vision.decoding.unknown_formats import FORMATS, heic_is_read
from models.folders.walk import Folder, PassedOver, Reason, walk

PASSED_OVER = "passed-over"
"""The code of a line about a file that is not read; `reason` says why."""
_CONVERT = "Convert it to JPEG or PNG."
_PHONES = (
    'Convert it to JPEG, set the phone\'s camera to "Most compatible", or add what reads it with '
    '`pip install "facet[heic]"`.'
)
_HINTS: dict[Reason, str] = {
    "unsupported": "",
    "empty": "Copy it again.",
    "unreadable": "Give this user the right to read it, or give it a shorter name.",
    "link": "Put the files themselves into the folder, or import their folder.",
    "hidden": "Give it a name that does not begin with a dot if it is somebody's picture.",
    "litter": "",
}


def read_folder(root: Path) -> Folder:
    """The folder's pictures and the rest. Raises InvalidRequestError when it cannot be read."""
    try:
        return walk(root, (*FORMATS, "HEIC") if heic_is_read() else FORMATS)
    except OSError as error:
        raise InvalidRequestError(f"{root} cannot be read: {error.strerror}.") from error


def require_pictures(root: Path, folder: Folder) -> None:
    """Raise InvalidRequestError for a folder in which nothing is anybody's picture."""
    if not folder.pictures and not folder.left_out:
        raise InvalidRequestError(
            f"{root} holds no images.", hint="Expected one folder of images per subject."
        )


def subject_of(picture: Path, root: Path) -> str:
    """Whom a picture shows: the first folder's name, or its own beside the folders."""
    return picture.stem if picture.parent == root else picture.relative_to(root).parts[0]


def detail_of(one: PassedOver) -> str:
    """The reason why it is not read, as a sentence."""
    if one.reason == "unsupported":
        return f"Not an image that is read here: {one.what}."
    if one.reason == one.what:
        return f"Passed over: {one.reason}."
    return f"Passed over: {one.reason}, {one.what}."


def hint_of(one: PassedOver) -> str:
    """Advice; empty where nothing has to be done."""
    if one.reason != "unsupported" or not one.left_out:
        return _HINTS[one.reason]
    return _PHONES if one.what == "HEIC" else _CONVERT
