"""Everything that is kept of one subject, as a zip that is made while it is read."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.auditing.entries import AuditFilter, AuditRecord
from app.domain.gallery import Collection, EnrolledFace, Subject
from app.domain.people.review import Negative
from app.domain.people.rights import to_json
from app.domain.people.sightings import Sighting, SightingFilter
from app.services.gallery.image_files import KeptPictures
from app.services.ports import Storage, UnitOfWork

_PAGE = 1_000
_MOST_NEGATIVES = 100_000
_NOTE = "Templates are kept of each face and not handed out: they are of use to this service alone."


class SubjectExporter:
    """Hands out one subject's data, pictures and every line of the audit record about them."""

    def __init__(self, storage: Storage, pictures: KeptPictures) -> None:
        self._storage = storage
        self._pictures = pictures

    def export(self, collection: str, subject_id: str) -> Iterator[bytes]:
        """Give the zip in pieces: `data.json`, `pictures/FACE.jpg`, `sightings/SIGHTING.jpg`,
        `audit.jsonl`.

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
            kept = _Kept(
                faces,
                _sightings(uow, gallery, subject),
                to_json(uow.rights.get(subject.id)),
                uow.negatives.list(subject.id, after=None, limit=_MOST_NEGATIVES),
            )
        return self._pieces(gallery, subject, kept)

    def _pieces(self, gallery: Collection, subject: Subject, kept: "_Kept") -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
            data = _data(gallery, subject, kept)
            made.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
            yield sink.taken()
            for name, picture in self._files(kept):
                made.writestr(name, picture, zipfile.ZIP_STORED)
                yield sink.taken()
            with made.open("audit.jsonl", "w", force_zip64=True) as lines:
                for text in self._audit(gallery, subject, {face.id for face in kept.faces}):
                    lines.write(text.encode() + b"\n")
                    if sink.waiting > _PIECE:
                        yield sink.taken()
        yield sink.taken()

    def _files(self, kept: "_Kept") -> Iterator[tuple[str, bytes]]:
        """Pictures, as far as they are kept, under the names that `data.json` gives them."""
        for face in kept.faces:
            if (picture := self._pictures.of_face(face)) is not None:
                yield _face_file(face), picture
        for seen in kept.sightings:
            if seen.image_digest and (picture := self._pictures.read(seen.image_digest)):
                yield _sighting_file(seen), picture

    def _audit(self, gallery: Collection, subject: Subject, faces: set[int]) -> Iterator[str]:
        """Lines that name the subject, or one of its faces."""
        wanted = AuditFilter(collection_id=gallery.id)
        with self._storage.read() as uow:
            for record in uow.audit.scan(batch=_PAGE, wanted=wanted):
                if _is_about(record, subject.id, faces):
                    yield json.dumps(record.fields(), sort_keys=True)


_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    """Everything that there is of a subject, beside the subject itself."""

    faces: Sequence[EnrolledFace]
    sightings: Sequence[Sighting]
    """Those that found it."""
    rights: Mapping[str, Any]
    negatives: Sequence[Negative]


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


def _sightings(uow: UnitOfWork, gallery: Collection, subject: Subject) -> list[Sighting]:
    wanted = SightingFilter(subject_id=subject.id, decision="known")
    found: list[Sighting] = []
    while page := uow.sightings.list(
        gallery.id, wanted, after=found[-1].id if found else 0, limit=_PAGE
    ):
        found += page
    return found


def _face_file(face: EnrolledFace) -> str:
    return f"pictures/{face.id}.jpg"


def _sighting_file(seen: Sighting) -> str:
    return f"sightings/{seen.id}.jpg"


def _data(gallery: Collection, subject: Subject, kept: _Kept) -> dict[str, Any]:
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
        "rights": dict(kept.rights),
        "faces": [_face(face) for face in kept.faces],
        "sightings": [_sighting(seen) for seen in kept.sightings],
        "negatives": [
            {"id": one.id, "at": one.at.isoformat(), "of": "face" if one.face_id else "sighting"}
            for one in kept.negatives
        ],
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
        "picture": None if face.image_digest is None else _face_file(face),
    }


def _sighting(seen: Sighting) -> dict[str, Any]:
    box = seen.box
    return {
        "id": seen.id,
        "at": seen.at.isoformat(),
        "source": seen.source,
        "encoder": seen.encoder,
        "box": [box.x, box.y, box.width, box.height],
        "quality": seen.quality.score,
        "similarity": seen.similarity,
        "fmr": seen.fmr,
        "fmr_is_bound": seen.fmr_is_bound,
        "picture": None if seen.image_digest is None else _sighting_file(seen),
    }
