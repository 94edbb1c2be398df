"""Everything that is kept of one subject, as a zip that is made while it is read."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.auditing.entries import AuditFilter, AuditRecord
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.domain.people.rights import to_json
from app.services.gallery.image_files import KeptPictures
from app.services.ports import Storage

_PAGE = 1_000
_NOTE = "Templates are kept of each face and not handed out: they are of use to this service alone."


class SubjectExporter:
    """Hands out one subject's data, pictures and every line of the audit record about them."""

    def __init__(self, storage: Storage, pictures: KeptPictures) -> None:
        self._storage = storage
        self._pictures = pictures

    def export(self, collection: str, subject_id: str) -> Iterator[bytes]:
        """Give the zip in pieces: `data.json`, `pictures/FACE.jpg`, `audit.jsonl`.

        Raises UnknownCollectionError and UnknownSubjectError before the first piece.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            subject = uow.subjects.get(gallery.id, subject_id)
            faces: list[EnrolledFace] = []
            while page := uow.faces.list(
                gallery.id,
                subject_id=subject.id,
                after=faces[-1].id if faces else 0,
                limit=_PAGE,
            ):
                faces += page
            rights = to_json(uow.rights.get(subject.id))
        return self._pieces(gallery, subject, faces, rights)

    def _pieces(
        self,
        gallery: Collection,
        subject: Subject,
        faces: list[EnrolledFace],
        rights: Mapping[str, Any],
    ) -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
            data = _data(gallery, subject, faces, rights)
            made.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
            yield sink.taken()
            for face in faces:
                if (picture := self._pictures.of_face(face)) is not None:
                    made.writestr(f"pictures/{face.id}.jpg", picture, zipfile.ZIP_STORED)
                    yield sink.taken()
            with made.open("audit.jsonl", "w", force_zip64=True) as lines:
                for text in self._audit(gallery, subject, {face.id for face in faces}):
                    lines.write(text.encode() + b"\n")
                    if sink.waiting > _PIECE:
                        yield sink.taken()
        yield sink.taken()

    def _audit(self, gallery: Collection, subject: Subject, faces: set[int]) -> Iterator[str]:
        """Lines that name the subject, or one of its faces."""
        wanted = AuditFilter(collection_id=gallery.id)
        with self._storage.read() as uow:
            for record in uow.audit.scan(batch=_PAGE, wanted=wanted):
                if _is_about(record, subject.id, faces):
                    yield json.dumps(record.fields(), sort_keys=True)


_PIECE = 64 * 1024


class _Sink(io.RawIOBase):
    """Takes what a zip writes, until somebody takes it away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self.waiting += len(part)
        return len(part)

    def taken(self) -> bytes:
        """Take what has been written since."""
        parts, self._parts, self.waiting = self._parts, [], 0
        return b"".join(parts)


def _is_about(record: AuditRecord, subject_id: str, faces: set[int]) -> bool:
    if subject_id in record.content:
        return True
    try:
        return not faces.isdisjoint(record.fields()["faces"])
    except (ValueError, LookupError, TypeError):
        return False


def _data(
    gallery: Collection, subject: Subject, faces: list[EnrolledFace], rights: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "collection": gallery.name,
        "subject": {
            "id": subject.id,
            "name": subject.name,
            "external_id": subject.external_id,
            "metadata": dict(subject.metadata),
            "created_at": subject.created_at.isoformat(),
            "updated_at": subject.updated_at.isoformat(),
            "unreadable": list(subject.unreadable),
        },
        "rights": dict(rights),
        "faces": [_face(face) for face in faces],
        "templates": _NOTE,
    }


def _face(face: EnrolledFace) -> dict[str, Any]:
    box, quality = face.box, face.quality
    return {
        "id": face.id,
        "encoder": face.encoder,
        "box": [box.x, box.y, box.width, box.height],
        "landmarks": [[float(x), float(y)] for x, y in face.landmarks],
        "probability": face.probability,
        "pose": [face.pose.yaw, face.pose.pitch, face.pose.roll],
        "quality": {"score": quality.score, "reasons": list(quality.reasons)},
        "created_at": face.created_at.isoformat(),
        "source_digest": face.source_digest,
        "picture": None if face.image_digest is None else f"pictures/{face.id}.jpg",
    }
