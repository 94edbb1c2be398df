"""Pictures in buckets: folders of this machine that an operator gives the names of buckets."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.errors.pictures import ImageTooLargeError
from app.domain.errors.requests import UnreadableObjectError

MAX_OBJECT_BYTES = 15 * 2**20


class StoredObjects:
    """Reads objects of the buckets that there are, and of no other place.

    Nothing that a request says is opened as an address: a bucket is looked up in the operator's
    table, and the object has to lie in that folder, wherever links point.
    """

    def __init__(self, buckets: Mapping[str, Path], most: int) -> None:
        self._buckets, self._most = buckets, min(most, MAX_OBJECT_BYTES)

    def read(self, bucket: str, name: str, version: str | None) -> bytes:
        """The object's bytes. Raises UnreadableObjectError and ImageTooLargeError."""
        folder = self._buckets.get(bucket)
        if folder is None:
            raise _unreadable("The bucket is not one that this server may read.")
        if version is not None:
            raise _unreadable("Objects here have no versions.")
        try:
            root = folder.resolve(strict=True)
            path = root.joinpath(*name.split("/")).resolve(strict=True)
            if not path.is_relative_to(root) or not path.is_file():
                raise _unreadable()
            with path.open("rb") as file:
                content = file.read(self._most + 1)
        except (OSError, ValueError, RuntimeError) as error:
            raise _unreadable() from error
        if len(content) > self._most:
            raise ImageTooLargeError(
                f"The object has more than {self._most} bytes.", limit=self._most
            )
        return content


def _unreadable(why: str = "") -> UnreadableObjectError:
    """The error, which does not tell a missing object from a forbidden one."""
    return UnreadableObjectError(
        "Unable to get object metadata from S3. Check object key, region and/or access "
        "permissions.",
        hint=why,
    )
