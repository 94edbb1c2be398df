"""Groups of faces that nobody has named: making them, telling them, naming or discarding them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.deciding.policy import permitted_quality
from app.domain.errors.gallery import EncoderMismatchError
from app.domain.errors.requests import InvalidRequestError
from app.domain.errors.sightings import UnknownGroupError
from app.domain.faces import Embedding
from app.domain.gallery import Collection, NewFace, Partition, Subject
from app.domain.notifying.events import NewEvent
from app.domain.people.erasing import ErasedItem
from app.domain.people.sightings import Sighting, SightingFilter
from app.domain.texts import clean_text
from app.services.enrolling.new_faces import require_enrollable
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.announcing import announce_enrolled
from app.services.gallery.identifiers import new_id
from app.services.gallery.image_files import Keep, KeptPictures, delete_released
from app.services.gallery.subjects import CountedSubject, counted
from app.services.gallery.undoing.naming import record_naming
from app.services.indexing.following import IndexFollower
from app.services.people.group_pages import require_group_version
from app.services.people.regrouping import Regrouper
from app.services.ports import EncoderCatalogue, ImageStore, Storage, UnitOfWork

_PAGE = 5_000
MOST_OF_SEEN = 20
"""Faces that are enrolled of those that were seen, the best: more teach the gallery little."""


@dataclass(frozen=True, slots=True)
class Group:
    """Faces that are taken for one person."""

    id: str
    faces: Sequence[Sighting]
    """By id, at least one."""


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Every kept face without a name."""

    groups: Sequence[Group]
    """The largest first."""
    alone: Sequence[Sighting]
    waiting: int
    """Faces, of those alone, that were not compared with the others yet."""


@dataclass(frozen=True, slots=True)
class Named:
    """A subject that was given a group's faces."""

    subject: CountedSubject
    face_ids: Sequence[int]
    left: int
    """Faces that stay unnamed: by another encoder than the collection's, or poorer or more like
    another subject than its policy allows."""
    seen: int = 0
    """Faces that stay sightings, now of the subject: more than `MOST_OF_SEEN` were seen."""
    operation_id: str | None = None
    """Undoes it."""


class Groups:
    """Groups of the faces that were imported without names."""

    def __init__(
        self,
        storage: Storage,
        images: ImageStore,
        pictures: KeptPictures,
        encoders: EncoderCatalogue,
        follower: IndexFollower,
        review: EnrolmentReview,
    ) -> None:
        self._storage = storage
        self._images = images
        self._pictures = pictures
        self._regrouper = Regrouper(storage, encoders)
        self._follower = follower
        self._review = review

    def refresh(self, collection: str) -> int:
        """Compare what is new with the others; how many faces were new.

        Groups keep their ids where they can. One process does it at a time.
        """
        return self._regrouper.take_in(collection)

    def regroup(self, collection_id: str) -> None:
        """Group all faces anew."""
        self._regrouper.run(collection_id)

    def list(self, collection: str) -> Unnamed:
        """Tell all groups, and the faces in none."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            sightings = _all(uow, gallery)
            waiting = uow.sightings.waiting(_partition(gallery))
        members: dict[str, list[Sighting]] = {}
        alone: list[Sighting] = []
        for one in sightings:
            if one.decision == "known":
                continue
            if one.group_id is None:
                alone.append(one)
            else:
                members.setdefault(one.group_id, []).append(one)
        groups = [Group(group_id, faces) for group_id, faces in members.items()]
        groups.sort(key=lambda one: (-len(one.faces), one.id))
        return Unnamed(groups, alone, waiting)

    def assign(
        self,
        collection: str,
        group_id: str,
        *,
        subject_id: str | None = None,
        new_subject: str | None = None,
        if_match: str | None = None,
    ) -> Named:
        """Enroll a group's faces into a subject, one that there is or a new one.

        One transaction, which can be undone. Raises UnknownGroupError, UnknownSubjectError,
        DuplicateSubjectError, ChangedMeanwhileError, or InvalidRequestError unless one is named.
        """
        if (subject_id is None) == (new_subject is None):
            raise InvalidRequestError("Name either a subject that there is, or a new one.")
        doubtful = self._doubtful(collection, group_id, subject_id)
        kept = self._pictures.taken_back_on_failure()
        with kept as keep, self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            faces = _members(uow, gallery, group_id, if_match)
            good, seen = _parted([one for one in faces if _may_be_enrolled(one, gallery, doubtful)])
            if not good:
                raise EncoderMismatchError(
                    "The group's faces are of another encoder than the collection's, or poorer "
                    "or more like another subject than its policy allows.",
                    hint="Import better pictures, or the same ones again; or name who is alike.",
                )
            subject = _target(uow, gallery, subject_id, new_subject)
            require_enrollable(uow, gallery, subject.id)
            enrolled = self._enroll(uow, subject, good, keep)
            announce_enrolled(uow, gallery, [(subject.id, face_id) for face_id in enrolled])
            what = {"group_id": group_id, "subject_id": subject.id, "faces": len(enrolled)}
            uow.events.add([NewEvent("group-named", gallery.id, gallery.name, what)])
            now, made = datetime.now(UTC), new_subject is not None
            (group,) = uow.groups.among([group_id])
            freed = _remove(uow, good)
            also = [one.id for one in seen]
            uow.namings.make_known(also, subject.id, matched_at=now)
            became = dict(zip(enrolled, good, strict=True))
            operation = record_naming(uow, group, subject, became, also, now, made_subject=made)
            whole = counted(uow, [subject])[0]
            left = len(faces) - len(good) - len(seen)
            named = uow.note_result(Named(whole, enrolled, left, len(seen), operation))
        delete_released(self._storage, self._images, freed)
        self._follower.catch_up_after_write()
        return named

    def _doubtful(self, collection: str, group_id: str, subject_id: str | None) -> frozenset[int]:
        """Faces that a strict collection does not enroll, for they resemble somebody else more."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            if gallery.policy.review_mode != "strict":
                return frozenset()
            members = _members(uow, gallery, group_id)
            ids, templates = uow.sightings.templates(
                [one.id for one in members if one.encoder == gallery.encoder]
            )
        doubts = self._review.doubts(gallery, subject_id, list(templates))
        return frozenset(
            one for one, doubt in zip(ids.tolist(), doubts, strict=True) if doubt is not None
        )

    def _enroll(
        self, uow: UnitOfWork, subject: Subject, sightings: Sequence[Sighting], keep: Keep
    ) -> Sequence[int]:
        """Ids of the faces that the sightings become, with pictures under the subject's key."""
        ids, templates = uow.sightings.templates([one.id for one in sightings])
        row = {int(one): place for place, one in enumerate(ids)}
        enrolled = []
        for one in sightings:
            data = None if one.image_digest is None else self._pictures.read(one.image_digest)
            digest = None if data is None else keep(uow, subject.id, data)
            new = _face(one, subject.id, templates[row[one.id]], digest)
            face = uow.faces.add(new)
            seen = ErasedItem("sighting", str(one.id), one.collection_id, one.at, face.created_at)
            uow.ledger.went_into(seen, "face", str(face.id))
            uow.negatives.became(one.id, face.id)
            enrolled.append(face.id)
        return enrolled

    def discard(self, collection: str, group_id: str, *, if_match: str | None = None) -> int:
        """Erase a group's faces with their pictures; how many there were.

        Raises UnknownGroupError, or ChangedMeanwhileError where it is of another version.
        """
        with self._storage.write() as uow:
            gallery = uow.collections.get(collection)
            faces = _members(uow, gallery, group_id, if_match)
            ids = [one.id for one in faces]
            uow.ledger.erase("sighting", gallery.id, ids, datetime.now(UTC))
            freed = _remove(uow, faces)
        delete_released(self._storage, self._images, freed)
        return len(faces)


def _partition(gallery: Collection) -> Partition:
    return Partition(gallery.id, gallery.encoder)


def _all(uow: UnitOfWork, gallery: Collection, group_id: str | None = None) -> list[Sighting]:
    found: list[Sighting] = []
    wanted = SightingFilter(group_id=group_id)
    while page := uow.sightings.list(
        gallery.id, wanted, after=found[-1].id if found else 0, limit=_PAGE
    ):
        found.extend(page)
    return found


def _members(
    uow: UnitOfWork, gallery: Collection, group_id: str, if_match: str | None = None
) -> list[Sighting]:
    faces = _all(uow, gallery, group_id)
    if not faces:
        raise UnknownGroupError(f"There is no group {group_id!r}.", group=group_id)
    require_group_version(uow.groups.get(gallery.id, group_id), if_match)
    return faces


def _remove(uow: UnitOfWork, sightings: Sequence[Sighting]) -> Sequence[str]:
    """Remove them; the digests of pictures that nothing needs any more."""
    uow.sightings.remove([one.id for one in sightings])
    return uow.images.release(sorted({one.image_digest for one in sightings if one.image_digest}))


def _parted(faces: Sequence[Sighting]) -> tuple[list[Sighting], list[Sighting]]:
    """Faces to enroll, all of those imported, and those that stay sightings."""
    imported = [one for one in faces if one.decision is None]
    seen = [one for one in faces if one.decision is not None]
    seen.sort(key=lambda one: -one.quality.score)
    return imported + seen[:MOST_OF_SEEN], seen[MOST_OF_SEEN:]


def _may_be_enrolled(one: Sighting, gallery: Collection, doubtful: frozenset[int]) -> bool:
    if one.id in doubtful:
        return False
    needed = permitted_quality(gallery.policy, None)
    return one.encoder == gallery.encoder and (needed is None or one.quality.score >= needed)


def _target(
    uow: UnitOfWork, gallery: Collection, subject_id: str | None, new_subject: str | None
) -> Subject:
    now = datetime.now(UTC)
    if subject_id is not None:
        subject = replace(uow.subjects.get(gallery.id, subject_id, hold=True), updated_at=now)
        uow.subjects.update(subject)
        return subject
    name = clean_text(new_subject or "", "new_subject")
    subject = Subject(new_id(), gallery.id, name, None, {}, now, now)
    uow.subjects.add(subject)
    return subject


def _face(one: Sighting, subject_id: str, template: Embedding, image_digest: str | None) -> NewFace:
    return NewFace(
        collection_id=one.collection_id,
        subject_id=subject_id,
        encoder=one.encoder,
        template=template,
        box=one.box,
        landmarks=one.landmarks,
        probability=one.probability,
        pose=one.pose,
        quality=one.quality,
        image_digest=image_digest,
        created_at=datetime.now(UTC),
        source_digest=one.source_digest,
    )
