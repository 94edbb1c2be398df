"""A face of a picture as a row of the gallery, and who may be given any."""

from datetime import UTC, datetime

from app.domain.faces import Face
from app.domain.gallery import Collection, NewFace
from app.domain.people.rights import Rights
from app.services.ports import UnitOfWork


def require_enrollable(uow: UnitOfWork, gallery: Collection, subject_id: str | None) -> None:
    """Raise ConsentRequiredError or SubjectRestrictedError unless the subject may get faces.

    None is nobody yet, of whom no consent can be on record.
    """
    rights = Rights() if subject_id is None else uow.rights.get(subject_id)
    needed = gallery.policy.require_consent
    rights.require_enrollable(datetime.now(UTC), consent=needed)


def new_face(
    gallery: Collection,
    subject_id: str,
    face: Face,
    image_digest: str | None,
    source_digest: str | None,
) -> NewFace:
    """The face of the subject, enrolled now; the digests are SHA-256 of its kept portrait and of
    the file that it was found in. The face needs an embedding."""
    return NewFace(
        collection_id=gallery.id,
        subject_id=subject_id,
        encoder=gallery.encoder,
        template=face.require_embedding(),
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=image_digest,
        created_at=datetime.now(UTC),
        source_digest=source_digest,
    )
