"""Names that operators state to clients of Amazon Web Services: regions, accounts, buckets."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_settings import NoDecode

_BUCKET = re.compile(r"[0-9A-Za-z._-]{3,255}")


def _folders(value: object) -> object:
    """Text is `bucket=/folder` with commas between."""
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    return {bucket.strip(): folder.strip() for bucket, _, folder in pairs}


def _bucket(text: str) -> str:
    if not _BUCKET.fullmatch(text):
        raise ValueError(f"{text!r} is not the name of a bucket, as in photos=/srv/photos.")
    return text


def _folder(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("A bucket is a folder by its whole path, as in photos=/srv/photos.")
    return path


Region = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
"""A region, as requests are signed for."""
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
"""An account, as resource names have it."""
Buckets = Annotated[
    dict[Annotated[str, AfterValidator(_bucket)], Annotated[Path, AfterValidator(_folder)]],
    NoDecode,
    BeforeValidator(_folders),
]
"""Folders by the names of buckets that stand for them."""
