"""Import of pictures whose people nobody has named: every good face is kept."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.deciding.policy import permitted_quality
from app.domain.errors import FacetError
from app.domain.errors.pictures import NoFaceError
from app.domain.faces import AnalysisOptions, Face
from app.domain.gallery import Collection
from app.domain.people.sightings import NewSighting, picture_owner
from app.domain.texts import printable
from app.services.deciding.cutover import again_when_overtaken, require_same_encoder
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.in_order import in_order
from app.services.enrolling.new_faces import require_enrollable
from app.services.gallery.image_files import KeptPictures
from app.services.ports import FaceAnalyser, Storage


@dataclass(frozen=True, slots=True)
class UnnamedPicture:
    """A picture of people without names."""

    source: str
    """Path below the imported directory."""
    read: Callable[[], bytes]
    """May raise a FacetError: then the picture is rejected."""


@dataclass(frozen=True, slots=True)
class UnnamedOutcome:
    """Numbers of a picture's faces, or why there are none."""

    picture: UnnamedPicture
    kept: int = 0
    present: bool = False
    """Whether its faces were kept before."""
    refused: tuple[FacetError, ...] = ()
    """A reason for each face that was found and is too small or too poor."""
    error: FacetError | None = None


class UnnamedImporter:
    """Keeps the faces of pictures, each picture once: a broken import is simply run again."""

    def __init__(
        self, storage: Storage, pictures: KeptPictures, analyser: FaceAnalyser, gate: EnrolmentGate
    ) -> None:
        self._storage = storage
        self._pictures = pictures
        self._analyser = analyser
        self._gate = gate

    def run(
        self,
        collection: str,
        pictures: Iterable[UnnamedPicture],
        *,
        workers: int,
        min_quality: float | None = None,
        dry_run: bool = False,
    ) -> Iterator[UnnamedOutcome]:
        """Yield the outcome of every picture, in their order.

        A dry run runs no network and stores nothing: it counts a face of each new picture.
        """

        def import_one(picture: UnnamedPicture) -> UnnamedOutcome:
            return self._import(collection, picture, min_quality, dry_run)

        yield from in_order(import_one, pictures, workers)

    def _import(
        self, collection: str, picture: UnnamedPicture, min_quality: float | None, dry_run: bool
    ) -> UnnamedOutcome:
        try:
            return self._kept(collection, picture, picture.read(), min_quality, dry_run)
        except FacetError as error:
            return UnnamedOutcome(picture, error=error)

    @again_when_overtaken
    def _kept(
        self,
        collection: str,
        picture: UnnamedPicture,
        image: bytes,
        min_quality: float | None,
        dry_run: bool,
    ) -> UnnamedOutcome:
        digest = hashlib.sha256(image).hexdigest()
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            require_enrollable(uow, gallery, None)
            if uow.sightings.sources(gallery.id, [digest]):
                return UnnamedOutcome(picture, present=True)
        if dry_run:
            return UnnamedOutcome(picture, kept=1)
        needed = permitted_quality(gallery.policy, min_quality)
        options = AnalysisOptions(encoder=gallery.encoder, portraits=gallery.keep_images)
        found = self._analyser.analyse(image, options).faces
        if not found:
            raise NoFaceError("No face was found.")
        good, refused = self._gated(found, needed)
        with self._pictures.taken_back_on_failure() as keep, self._storage.write() as uow:
            require_same_encoder(uow, gallery)
            if uow.sightings.sources(gallery.id, [digest]):
                return UnnamedOutcome(picture, present=True)
            for face in good:
                portrait = None
                if face.portrait is not None:
                    portrait = keep(uow, picture_owner(gallery.id), face.portrait)
                uow.sightings.add(
                    _sighting(gallery, face, printable(picture.source), digest, portrait)
                )
        return UnnamedOutcome(picture, len(good), refused=tuple(refused))

    def _gated(
        self, faces: Iterable[Face], min_quality: float | None
    ) -> tuple[list[Face], list[FacetError]]:
        good: list[Face] = []
        refused: list[FacetError] = []
        for face in faces:
            try:
                self._gate.check(face, min_quality)
                good.append(face)
            except FacetError as error:
                refused.append(error)
        if not good:
            raise refused[0]
        return good, refused


def _sighting(
    gallery: Collection, face: Face, source: str, source_digest: str, image_digest: str | None
) -> NewSighting:
    return NewSighting(
        collection_id=gallery.id,
        encoder=gallery.encoder,
        template=face.require_embedding(),
        at=datetime.now(UTC),
        source=source,
        source_digest=source_digest,
        box=face.box,
        landmarks=face.landmarks,
        probability=face.probability,
        pose=face.pose,
        quality=face.quality,
        image_digest=image_digest,
    )
