"""A face of a picture as a row of the gallery."""

from datetime import UTC, datetime

from app.domain.faces import Face
from app.domain.gallery import Collection, NewFace


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
