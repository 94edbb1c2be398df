"""The place of kept pictures: files of the data directory, or objects of a bucket."""

from functools import partial
from pathlib import Path
from secrets import token_bytes

import structlog

from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.trouble import ImagesRefusedError, ImagesUnavailableError
from app.files.buckets import Bucket, BucketImageStore
from app.files.images import FileImageStore
from app.platform.amazon import is_objects_url
from app.services.gallery.identifiers import new_id
from app.services.ports import ImageStore
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage

FILES = "files"
"""The place that is the data directory's own."""
_log = structlog.get_logger("app.images")


def open_images(settings: Settings, storage: SqlStorage) -> ImageStore:
    """The store that the settings name. The tables have to be current."""
    if settings.images_url:
        _installation(storage)  # later a transaction may be open, in which it cannot be made
    return open_place(settings, storage, settings.images_url or FILES)


def open_place(settings: Settings, storage: SqlStorage, place: str) -> ImageStore:
    """A store by its place: `files`, a directory, or s3://bucket/prefix.

    Raises InvalidRequestError for what is neither.
    """
    if place == FILES:
        return FileImageStore(settings.data_dir / "images")
    if not place.startswith("s3:"):
        return FileImageStore(_directory(place))
    if not is_objects_url(place):
        raise InvalidRequestError(
            f"{place} is no place of pictures.", hint="Say s3://bucket/prefix, or `files`."
        )
    bucket = Bucket(
        place,
        settings.images_endpoint,
        settings.images_region,
        settings.images_access_key,
        settings.images_secret_key.get_secret_value(),
        settings.images_timeout,
    )
    return BucketImageStore(bucket, partial(_installation, storage))


def check_images(images: ImageStore) -> None:
    """Have a server's start fail where the bucket is another's or refuses; one that is away may
    come back. Tells of a bucket that keeps what is deleted.
    """
    if not isinstance(images, BucketImageStore):
        return
    try:
        images.check()
        if images.keeps_versions():
            _log.warning(
                "images-keep-versions",
                why="the bucket keeps older versions, so that erased pictures stay in it",
                hint="Switch versioning off, or let versions expire by a rule of the bucket.",
            )
    except ImagesRefusedError:
        raise
    except ImagesUnavailableError as error:
        _log.warning("images-unavailable", detail=error.message, hint=error.hint)


def try_images(images: ImageStore) -> dict[str, str | bool]:
    """Store, read and delete a few bytes; facts about the place.

    Raises ForeignImagesError, ImagesUnavailableError, StorageFullError or StorageReadOnlyError.
    """
    content = token_bytes(32)
    digest = images.put(content)
    sound = images.get(digest) == content
    images.delete(digest)
    facts: dict[str, str | bool] = {"place": FILES, "sound": sound, "keeps_versions": False}
    if isinstance(images, BucketImageStore):
        facts |= {"place": images.url, "keeps_versions": images.keeps_versions()}
    return facts


def adopt_images(images: ImageStore) -> None:
    """Take a bucket over, whoever's it was."""
    if isinstance(images, BucketImageStore):
        images.adopt()


def _directory(place: str) -> Path:
    directory = Path(place)
    if not directory.is_dir():
        raise InvalidRequestError(
            f"{place} is no place of pictures.",
            hint="Say s3://bucket/prefix, `files`, or a directory that there is.",
        )
    return directory


def _installation(storage: SqlStorage) -> str:
    """The name of this database's installation, made when it is asked for first."""
    with storage.read() as uow:
        name = uow.images.installation()
    if name is None:
        with storage.write() as uow:  # other servers on this database wait here
            name = uow.images.installation()
            if name is None:
                name = new_id()
                uow.images.name_installation(name)
    return name
