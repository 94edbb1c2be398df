"""Names of Amazon Web Services that operators state: regions, accounts, buckets, addresses."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_settings import NoDecode

_BUCKET = re.compile(r"[0-9A-Za-z._-]{3,255}")
_OBJECTS = re.compile(
    r"s3://[0-9a-z][0-9a-z.-]{1,61}[0-9a-z](/[0-9A-Za-z_-][0-9A-Za-z._-]{0,63}){0,8}"
)
_ENDPOINT = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?")


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


def is_objects_url(text: str) -> bool:
    """True for a bucket with a prefix or none, such as s3://pictures/facet."""
    return _OBJECTS.fullmatch(text) is not None


def _objects_url(text: str) -> str:
    url = text.rstrip("/")
    if url and not is_objects_url(url):
        raise ValueError(
            f"{text!r} is not a bucket with a prefix or none, such as s3://pictures/facet."
        )
    return url


def _endpoint(text: str) -> str:
    endpoint = text.rstrip("/")
    if endpoint and not _ENDPOINT.fullmatch(endpoint):
        raise ValueError(f"{text!r} is no address such as https://objects.example:9000.")
    return endpoint


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
ObjectsUrl = Annotated[str, AfterValidator(_objects_url)]
"""A place in object storage, or none."""
Endpoint = Annotated[str, AfterValidator(_endpoint)]
"""The address of a server that speaks S3, or none."""
