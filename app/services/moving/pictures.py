"""Kept pictures moved to another place: from files to object storage, or back."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from app.platform.progress import StageReport
from app.services.ports import ImageStore, Storage

_PAGE = 256
_AT_ONCE = 16


@dataclass(slots=True)
class MovedPictures:
    """The outcome of one run, or the work that a dry run has found."""

    pictures: int = 0
    """Pictures that the database names."""
    copied: int = 0
    """Of them, those that were not there yet."""
    there: int = 0
    missing: int = 0
    """In neither place, or damaged where they were."""
    removed: int = 0
    """From where they were."""


class PictureMover:
    """Copies pictures to the present place; interrupted, it goes on from there."""

    def __init__(
        self, storage: Storage, target: ImageStore, open_place: Callable[[str], ImageStore]
    ) -> None:
        """`open_place` gives another place by its name; raises InvalidRequestError."""
        self._storage = storage
        self._target = target
        self._open_place = open_place

    def plan(self, source: str) -> MovedPictures:
        """Count the pictures, those that are there already, and those that cannot be had."""
        return self._run(partial(_find, self._open_place(source), self._target), _unheard)

    def run(self, source: str, report: StageReport, *, remove: bool = False) -> MovedPictures:
        """Copy from the place of that name, beside running servers.

        With `remove` what is in both is deleted there: only once no server works there any more.
        """
        old = self._open_place(source)
        return self._run(partial(_move, old, self._target, remove), report)

    def _run(self, each: "Callable[[str], MovedPictures]", report: StageReport) -> MovedPictures:
        done = MovedPictures()
        with self._storage.read() as uow:
            total = uow.images.count()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="images") as pool:
            for digests in self._pages():
                for one in pool.map(each, digests):
                    _add(done, one)
                report("Moving pictures", min(done.pictures, total), total)
        return done

    def _pages(self) -> Iterator[Sequence[str]]:
        after = ""
        while True:
            with self._storage.read() as uow:
                digests = uow.images.page(after=after, limit=_PAGE)
            if not digests:
                return
            yield digests
            after = digests[-1]


def _find(source: ImageStore, target: ImageStore, digest: str) -> MovedPictures:
    if target.has(digest):
        return MovedPictures(1, there=1)
    found = source.has(digest)
    return MovedPictures(1, copied=found, missing=not found)


def _move(source: ImageStore, target: ImageStore, remove: bool, digest: str) -> MovedPictures:
    one = MovedPictures(1, there=target.has(digest))
    if not one.there:
        content = source.get(digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            one.missing = 1
            return one
        target.put(content)
        one.copied = 1
    if remove:
        one.removed = source.delete(digest)
    return one


def _add(sum_: MovedPictures, one: MovedPictures) -> None:
    sum_.pictures += one.pictures
    sum_.copied += one.copied
    sum_.there += one.there
    sum_.missing += one.missing
    sum_.removed += one.removed


def _unheard(*_: object) -> None:
    """Do nothing, for callers who want no report."""
