"""Protection of what was kept before there was any, and of what a former master key protects."""

from dataclasses import dataclass
from functools import partial

from app.domain.errors.requests import InvalidRequestError
from app.platform.progress import StageReport
from app.services.duties.receipts import Receipts
from app.services.gallery.image_files import KeptPictures, delete_released
from app.services.moving.renewing import Renewer
from app.services.ports import ImageStore, Storage, UnitOfWork
from app.services.ports.protection import PictureCipher

_PICTURES = 16
"""Pictures per transaction: other writers wait while their files are written."""
_KEYS = 500


@dataclass(slots=True)
class Protection:
    """The outcome of one run, or the work that a dry run has found."""

    pictures: int = 0
    """Kept pictures that were plain."""
    lost: int = 0
    """Of them, those whose file is missing: they stay as they are."""
    keys: int = 0
    """Data keys, keys of sealed collections and of receipts that were under a former master key."""
    collections: int = 0
    """Those whose templates were under no rotation, or under one of a former master key."""
    waiting: int = 0
    """Of them, those that are about to change their encoder: they stay as they are until then."""


class Protector:
    """Encrypts plain pictures, seals data keys anew, turns templates; goes on where it ended."""

    def __init__(
        self,
        storage: Storage,
        files: ImageStore,
        pictures: KeptPictures,
        cipher: PictureCipher,
        receipts: Receipts | None = None,
        renewer: Renewer | None = None,
    ) -> None:
        self._storage = storage
        self._files = files
        self._pictures = pictures
        self._cipher = cipher
        self._receipts = receipts
        self._renewer = renewer

    def plan(self, *, sightings: bool = True) -> Protection:
        """Count the work that there is; without `sightings`, of which there may be very many."""
        found = Protection()
        with self._storage.read() as uow:
            found.pictures = uow.protection.count_plain_images()
            after = ""
            while keys := uow.protection.data_keys(after=after, limit=_KEYS):
                found.keys += sum(not self._cipher.is_current(sealed) for _, sealed in keys)
                after = keys[-1][0]
            found.keys += len(uow.protection.collection_keys_behind())
        if self._receipts is not None:
            found.keys += self._receipts.seal_anew(dry_run=True)
        if self._renewer is not None:
            found.collections = len(self._renewer.behind(sightings=sightings))
        return found

    def run(self, report: StageReport) -> Protection:
        """Do it, beside a running server."""
        planned, done = self.plan(), Protection()
        after = ""
        while digests := self._next_plain(after):
            freed = []
            with self._storage.write() as uow:
                for digest in digests:
                    freed += self._protect(uow, digest, done)
            delete_released(self._storage, self._files, freed)
            after = digests[-1]
            report("Protecting pictures", min(done.pictures, planned.pictures), planned.pictures)
        self._seal_anew(done, planned, report)
        self._rotate(done, report)
        return done

    def _rotate(self, done: Protection, report: StageReport) -> None:
        """Store templates under rotations of the present master key."""
        if self._renewer is None:
            return
        for collection in self._renewer.behind():
            stage = f"Protecting templates of {collection.name}"
            done.collections += 1
            try:
                self._renewer.bring_up(collection, partial(report, stage))
            except InvalidRequestError:
                done.waiting += 1

    def _next_plain(self, after: str) -> list[str]:
        with self._storage.read() as uow:
            return list(uow.protection.plain_images(after=after, limit=_PICTURES))

    def _protect(self, uow: UnitOfWork, digest: str, done: Protection) -> list[str]:
        """Encrypt one picture for each subject that has it; the digests that nobody names now."""
        owners = uow.protection.owners(digest)
        content = self._files.get(digest)
        done.pictures += bool(owners)
        if content is None:
            done.lost += bool(owners)
            return []
        for subject_id in owners:
            kept = self._pictures.keep(uow, subject_id, content)
            uow.protection.rename_image(subject_id, digest, kept)
        return list(uow.images.release([digest]))

    def _seal_anew(self, done: Protection, planned: Protection, report: StageReport) -> None:
        if self._receipts is not None:
            done.keys += self._receipts.seal_anew()
        with self._storage.write() as uow:
            for collection_id in uow.protection.collection_keys_behind():
                uow.protection.renew_collection_key(collection_id)
                done.keys += 1
        after = ""
        while True:
            with self._storage.write() as uow:
                keys = uow.protection.data_keys(after=after, limit=_KEYS)
                for key_id, sealed in keys:
                    if not self._cipher.is_current(sealed):
                        uow.protection.put_data_key(key_id, self._cipher.renewed(key_id, sealed))
                        done.keys += 1
            if not keys:
                return
            after = keys[-1][0]
            report("Sealing keys", min(done.keys, planned.keys), planned.keys)
