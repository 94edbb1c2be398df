"""Reading what is enrolled: faces and their kept images."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors.gallery import ImageNotKeptError
from app.domain.gallery import EnrolledFace
from app.domain.texts import composed
from app.services.gallery.image_files import KeptPictures
from app.services.ports import Storage, UnitOfWork


@dataclass(frozen=True, slots=True, eq=False)
class NamedFace:
    """An enrolled face and whose it is."""

    face: EnrolledFace
    subject: str
    """The subject's name."""


@dataclass(frozen=True, slots=True, eq=False)
class FacesPage:
    """Some of the faces that were asked for, and how many there are."""

    faces: Sequence[NamedFace]
    total: int


class EnrolledFaces:
    """The enrolled samples of a collection. Erasure lives in `app.services.gallery.erasure`."""

    def __init__(self, storage: Storage, pictures: KeptPictures) -> None:
        self._storage = storage
        self._pictures = pictures

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

    def page(
        self, collection: str, *, subject: str | None = None, first: int, limit: int
    ) -> "FacesPage":
        """Faces by number, oldest first, from the one with `first` others before it.

        `subject` is the name of the only one whose faces are wanted; somebody who is not there
        has none.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            chosen = None if subject is None else uow.subjects.find(gallery.id, composed(subject))
            if subject is not None and chosen is None:
                return FacesPage((), 0)
            of = None if chosen is None else chosen.id
            faces = uow.faces.list(gallery.id, subject_id=of, skip=first, limit=limit)
            total = uow.faces.count(gallery.id, subject_id=of)
            return FacesPage(_named(uow, faces), total)

    def named(self, collection: str, face_ids: Sequence[int]) -> Sequence["NamedFace"]:
        """The faces of these ids that the collection has, with their subjects' names."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            found = uow.faces.by_ids(face_ids)
            mine = (found[i] for i in dict.fromkeys(face_ids) if i in found)
            return _named(uow, [face for face in mine if face.collection_id == gallery.id])

    def image(self, collection: str, face_id: int) -> bytes:
        """JPEG bytes; raises ImageNotKeptError when the collection keeps no images, and
        SealBrokenError when the file is not what was kept.
        """
        data = self._pictures.of_face(self.get(collection, face_id))
        if data is None:
            raise ImageNotKeptError(
                f"No image is kept of face {face_id}.",
                hint="Collections made with keep_images=true keep one for every face.",
            )
        return data


def _named(uow: UnitOfWork, faces: Sequence[EnrolledFace]) -> Sequence[NamedFace]:
    subjects = uow.subjects.by_ids(sorted({face.subject_id for face in faces}))
    return [NamedFace(face, subjects[face.subject_id].name) for face in faces]
