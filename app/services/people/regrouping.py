"""Grouping anew: every face without a name is compared with all others, as if it came now."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from pydantic.dataclasses import dataclass as checked

from app.domain.deciding.identification import identification_threshold
from app.domain.gallery import Collection, Partition
from app.domain.jobs import JobKind
from app.domain.people.grouping import GROUPING_FPIR, group
from app.domain.people.sightings import Unnamed
from app.services.gallery.identifiers import new_id
from app.services.jobs.parameters import KIND
from app.services.people.compared import newest, together
from app.services.people.group_names import group_names, numbered, settled
from app.services.ports import EncoderCatalogue, Storage

REGROUPING = JobKind("regrouping", timeout=6 * 3600, attempts=3, exclusive=True)
MOST_REGROUPED = 100_000
"""Faces that are compared, the newest: what takes a minute for these takes hours for ten times."""
_GROWN = 10
"""Faces are grouped anew when one in so many has come since."""


@checked(frozen=True, config=KIND)
class RegroupingParameters:
    """The collection whose faces are grouped."""

    collection_id: str
    collection: str = ""
    """Its name when the job was made, for people."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Numbers of a regrouping."""

    faces: int
    compared: int
    """Fewer than the faces when there are more than `MOST_REGROUPED`."""
    moved: int
    groups: int
    """There are now, of those compared."""


class Regrouper:
    """Groups a collection's faces anew. Groups made by hand stay; the others keep their ids where
    most of their faces stay together.
    """

    def __init__(self, storage: Storage, encoders: EncoderCatalogue) -> None:
        self._storage = storage
        self._encoders = encoders

    def plan(self, collection: str) -> RegroupingParameters:
        """Raises UnknownCollectionError."""
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
        return RegroupingParameters(collection_id=gallery.id, collection=gallery.name)

    def run(self, collection_id: str, report: Callable[[str], None] = lambda _: None) -> Regrouped:
        """Compare all, then change what has to be changed in one transaction."""
        with self._storage.index_lock(f"groups:{collection_id}"):
            with self._storage.read() as uow:
                gallery = uow.collections.by_ids([collection_id])[collection_id]
                partition = Partition(gallery.id, gallery.encoder)
                faces = uow.sightings.nameless(partition)
                found = newest(uow, partition, MOST_REGROUPED)
                fixed = uow.groups.fixed(gallery.id)
            report(f"comparing {len(found.ids)} of {faces} faces")
            names = _regrouped(found, fixed, self._least(gallery, len(found.ids)))
            moved = {row for row, name in enumerate(names) if name != found.groups[row]}
            self._put(found, names, moved | set(found.new))
        groups = len({name for name in names if name is not None})
        return Regrouped(faces, len(found.ids), len(moved), groups)

    def take_in(self, collection: str) -> int:
        """Put all that waits into groups; how many faces there were.

        Where they are many beside the others all are grouped anew. Raises UnknownCollectionError.
        """
        with self._storage.read() as uow:
            gallery = uow.collections.get(collection)
            partition = Partition(gallery.id, gallery.encoder)
            waiting = uow.sightings.waiting(partition)
            faces = uow.sightings.nameless(partition) if waiting else 0
        if waiting and has_grown(waiting, faces):
            self.run(gallery.id)
        while waiting and self._join(gallery):
            pass
        return waiting

    def _join(self, gallery: Collection) -> int:
        """Compare some of those that wait with the newest others; how many."""
        partition = Partition(gallery.id, gallery.encoder)
        with self._storage.index_lock(f"groups:{gallery.id}"):
            with self._storage.read() as uow:
                new = uow.sightings.new(partition, MOST_REGROUPED // 2)
                if not len(new.ids):
                    return 0
                others = newest(uow, partition, MOST_REGROUPED - len(new.ids), compared=True)
            every = together([others, new])
            before = numbered(every.groups)
            there = settled(before, every.groups)
            free = [row for row in every.new if every.groups[row] is None]
            least = self._least(gallery, len(every.ids))
            labels = group(every.templates, least, before, there, free).tolist()
            names = group_names(labels, before, every.groups)
            moved = {row for row, name in enumerate(names) if name != every.groups[row]}
            self._put(every, names, moved | set(every.new))
        return len(new.ids)

    def _least(self, gallery: Collection, faces: int) -> float:
        curve = self._encoders.curve(gallery.encoder)
        return identification_threshold(curve, faces, fpir=GROUPING_FPIR).similarity

    def _put(self, found: Unnamed, names: Sequence[str | None], rows: Set[int]) -> None:
        was = dict(zip(found.ids.tolist(), found.groups, strict=True))
        changes = {int(found.ids[row]): names[row] for row in sorted(rows)}
        with self._storage.write() as uow:
            uow.sightings.put_into_groups(changes, was)


def has_grown(by: int, faces: int) -> bool:
    """Whether so many faces have come, of those that there are now, that all are grouped anew."""
    return by * _GROWN >= min(faces, MOST_REGROUPED)


def _regrouped(found: Unnamed, fixed: frozenset[str], threshold: float) -> list[str | None]:
    """Names of groups by row."""
    by_hand = [name if name in fixed else None for name in found.groups]
    # Whoever is alone in a group made by hand is alone for good, and is not compared.
    sizes = Counter(by_hand)
    rows = [row for row, name in enumerate(by_hand) if name is None or sizes[name] > 1]
    kept = [by_hand[row] for row in rows]
    before = numbered(kept)
    free = [row for row, name in enumerate(kept) if name is None]
    there = settled(before, kept)
    labels = group(found.templates[rows], threshold, before, there, free).tolist()
    names = _named(labels, [found.groups[row] for row in rows], kept)
    after = list(by_hand)
    for row, name in zip(rows, names, strict=True):
        after[row] = name
    return after


def _named(
    labels: Sequence[int], before: Sequence[str | None], fixed: Sequence[str | None]
) -> list[str | None]:
    """Names by row: those made by hand; else that of before which most of the faces had."""
    names: dict[int, str | None] = {
        label: name for label, name in zip(labels, fixed, strict=True) if name is not None
    }
    sizes = Counter(labels)
    shared = Counter(
        (label, name) for label, name in zip(labels, before, strict=True) if name is not None
    )
    taken = set(names.values())
    for (label, name), _ in shared.most_common():
        if label not in names and name not in taken and sizes[label] > 1:
            names[label] = name
            taken.add(name)
    return [_name(names, label, sizes) for label in labels]


def _name(names: dict[int, str | None], label: int, sizes: Mapping[int, int]) -> str | None:
    if label not in names:
        names[label] = new_id() if sizes[label] > 1 else None
    return names[label]
