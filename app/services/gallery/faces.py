"""Reading what is enrolled: faces and their kept images."""

from collections.abc import Sequence

from app.domain.errors.gallery import ImageNotKeptError
from app.domain.gallery import EnrolledFace
from app.services.ports import ImageStore, Storage


class EnrolledFaces:
    """The enrolled samples of a collection. Erasure lives in `app.services.gallery.erasure`."""

    def __init__(self, storage: Storage, images: ImageStore) -> None:
        self._storage = storage
        self._images = images

    def get(self, collection: str, face_id: int) -> EnrolledFace:
        with self._storage.read() as uow:
            return uow.faces.get(uow.collections.get(collection).id, face_id)

    def list(
        self, collection: str, *, subject_id: str | None = None, after: int = 0, limit: int = 50
    ) -> Sequence[EnrolledFace]:
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            if subject_id is not None:
                uow.subjects.get(gallery.id, subject_id)
            return uow.faces.list(gallery.id, subject_id=subject_id, after=after, limit=limit)

    def image(self, collection: str, face_id: int) -> bytes:
        """JPEG bytes; raises ImageNotKeptError when the collection keeps no images."""
        digest = self.get(collection, face_id).image_digest
        data = None if digest is None else self._images.get(digest)
        if data is None:
            raise ImageNotKeptError(
                f"No image is kept of face {face_id}.",
                hint="Collections made with keep_images=true keep one for every face.",
            )
        return data
