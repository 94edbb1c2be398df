"""Origins of a model's weights, as its manifest says them under `[source]`."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sha384 = Annotated[str, Field(pattern=r"^[0-9a-f]{96}$")]
_INSIDE = r"^[\w+-][\w.+-]*(/[\w+-][\w.+-]*)*$"
"""A relative path without `..`."""
Format = Literal["safetensors", "onnx", "torch"]
"""`torch` is a pickled state dict, read without running what a pickle may contain."""


class Part(BaseModel):
    """A part of a manifest: frozen, and without fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageFile(Part):
    """A file of an installed distribution; `path` is relative to its site directory."""

    path: str = Field(pattern=_INSIDE)
    sha256: Sha256

    @property
    def checksum(self) -> str:
        """SHA-256 in hexadecimal."""
        return self.sha256


class PackageSource(Part):
    """Weights that come with an installed distribution, in a format of its own.

    Only the project's own manifests may have it: a checksum is worth what whoever wrote it is.
    """

    kind: Literal["package"]
    distribution: str
    files: tuple[PackageFile, ...] = Field(min_length=1)
    converter: str


class FileSource(Part):
    """A file of weights; `path` is relative to the manifest's directory."""

    kind: Literal["file"]
    path: str
    sha256: Sha256
    format: Format = "safetensors"
    unused: tuple[str, ...] = ()
    """Beginnings of names in the file that the network has no place for."""


class _Digests(Part):
    """One checksum at most: SHA-256, or SHA-384 where the publisher gives that."""

    sha256: Sha256 | None = None
    sha384: Sha384 | None = None

    @property
    def checksum(self) -> str | None:
        """Checksum in hexadecimal, whichever there is; its length tells which."""
        return self.sha256 or self.sha384

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.sha256 and self.sha384:
            raise ValueError("give sha256 or sha384, not both")
        return self


class UrlSource(_Digests):
    """A file of weights on the web, fetched only when a person asks for it."""

    kind: Literal["url"]
    url: str = Field(pattern=r"^https?://")
    """Address; without a checksum, the first file that is fetched is the one that counts."""
    sha256_begins: str = Field(default="", pattern=r"^[0-9a-f]*$")
    """Beginning of the checksum, as much as is published where it is not the whole."""
    size: int | None = Field(default=None, gt=0)
    """Bytes."""
    format: Format = "safetensors"
    unused: tuple[str, ...] = ()
    """Beginnings of names in the file that the network has no place for."""


class Download(_Digests):
    """A file on the web whose checksum is published."""

    url: str = Field(pattern=r"^https?://.*\.\w+$")
    """Address whose ending tells the converter what the file is."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.checksum is None:
            raise ValueError("give the file's sha256 or sha384")
        return self


class DownloadsSource(Part):
    """Weights in a format of its publisher's, in one or more files fetched when asked for.

    Only the project's own manifests may have it, like `PackageSource`.
    """

    kind: Literal["downloads"]
    files: tuple[Download, ...] = Field(min_length=1)
    converter: str


class LearnedSource(Part):
    """No weights: the network learns them from the pictures it is given."""

    kind: Literal["learned"]


Source = Annotated[
    PackageSource | FileSource | UrlSource | DownloadsSource | LearnedSource,
    Field(discriminator="kind"),
]
ConvertedSource = PackageSource | DownloadsSource
"""Sources whose files are converted into one of safetensors."""


def shown_address(url: str) -> str:
    """The address for people to read: without a user, a password and what stands behind a `?`."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
