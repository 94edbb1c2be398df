"""A whole collection on its way out: subjects, faces, templates and kept images, page by page."""

from collections.abc import Iterator, Sequence

from app.domain.gallery import Collection, EnrolledFace, NewFace
from app.domain.portable import PortableFace
from app.services.deciding.cutover import require_same_encoder
from app.services.gallery.image_files import KeptPictures
from app.services.ports import Storage
from app.services.ports.repositories import Templates

_PAGE = 500


class Exporter:
    """Reads collections while they serve.

    Every page is a snapshot of its own. One snapshot of everything would keep erased rows in the
    write-ahead log for as long as the export takes, and would hand out faces erased meanwhile.
    """

    def __init__(self, storage: Storage, pictures: KeptPictures) -> None:
        self._storage = storage
        self._pictures = pictures

    def pages(self, collection: Collection) -> Iterator[Sequence[PortableFace]]:
        """Faces in the order of their enrolment, then subjects that have none.

        Raises EncoderChangedError when the collection changes its encoder meanwhile.
        """
        after = 0
        while page := self._faces(collection, after):
            yield [one for _, one in page if one is not None]
            after = page[-1][0]
        last: str | None = None
        while ids := self._subjects(collection, last):
            with self._storage.read() as uow:
                subjects = uow.subjects.by_ids(ids)
                counts = uow.faces.counts_of_subjects(ids)
                rights = {one: uow.rights.get(one) for one in ids}
            empty = [subjects[i] for i in ids if i in subjects and not counts[i]]
            if empty:
                yield [PortableFace(one, None, None, rights[one.id]) for one in empty]
            last = ids[-1]

    def _faces(
        self, collection: Collection, after: int
    ) -> Sequence[tuple[int, PortableFace | None]]:
        """Ids and faces; None for a face that was erased while it was being read."""
        with self._storage.read() as uow:
            require_same_encoder(uow, collection)
            faces = uow.faces.list(collection.id, after=after, limit=_PAGE)
            subjects = uow.subjects.by_ids(sorted({face.subject_id for face in faces}))
            ids, templates = uow.faces.templates([face.id for face in faces])
            rights = {one: uow.rights.get(one) for one in subjects}
            denied = uow.negatives.of_faces([face.id for face in faces])
        template_of = dict(zip(ids.tolist(), templates, strict=True))
        page: list[tuple[int, PortableFace | None]] = []
        for face in faces:
            image = self._pictures.of_face(face)
            found = None
            if image is not None or face.image_digest is None:
                new = portable(face, template_of[face.id])
                owner = face.subject_id
                others = denied.get(face.id, ())
                found = PortableFace(subjects[owner], new, image, rights[owner], others)
            page.append((face.id, found))
        return page

    def _subjects(self, collection: Collection, after: str | None) -> list[str]:
        with self._storage.read() as uow:
            return [s.id for s in uow.subjects.list(collection.id, after=after, limit=_PAGE)]


def portable(face: EnrolledFace, template: Templates) -> NewFace:
    """A stored face as it was before it was stored."""
    return NewFace(
        collection_id=face.collection_id,
        subject_id=face.subject_id,
        encoder=face.encoder,
        template=template,
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=face.image_digest,
        created_at=face.created_at,
        source_digest=face.source_digest,
    )
