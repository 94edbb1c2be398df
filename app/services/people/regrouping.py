"""Grouping anew: every face without a name is compared with all others, as if it came now."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic.dataclasses import dataclass as checked

from app.domain.deciding.identification import identification_threshold
from app.domain.gallery import Partition
from app.domain.jobs import JobKind
from app.domain.people.grouping import GROUPING_FPIR, group
from app.domain.people.sightings import Unnamed
from app.services.gallery.identifiers import new_id
from app.services.jobs.parameters import KIND
from app.services.people.group_names import numbered
from app.services.ports import EncoderCatalogue, Storage, UnitOfWork

REGROUPING = JobKind("regrouping", timeout=6 * 3600, attempts=3, exclusive=True)
MOST_REGROUPED = 100_000
"""Faces that are compared, the newest: what takes a minute for these takes hours for ten times."""
_PAGE = 5_000
_LAST = 2**63 - 1


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
                found = _newest(uow, partition)
                fixed = uow.groups.fixed(gallery.id)
            report(f"comparing {len(found.ids)} of {faces} faces")
            curve = self._encoders.curve(gallery.encoder)
            threshold = identification_threshold(curve, len(found.ids), fpir=GROUPING_FPIR)
            names = _regrouped(found, fixed, threshold.similarity)
            was = dict(zip(found.ids.tolist(), found.groups, strict=True))
            changed = {
                one: name
                for (one, old), name in zip(was.items(), names, strict=True)
                if name != old
            }
            with self._storage.write() as uow:
                uow.sightings.put_into_groups(changed, was)
        groups = len({name for name in names if name is not None})
        return Regrouped(faces, len(found.ids), len(changed), groups)


def _newest(uow: UnitOfWork, partition: Partition) -> Unnamed:
    pages: list[Unnamed] = []
    before = _LAST
    while sum(len(page.ids) for page in pages) < MOST_REGROUPED:
        page = uow.sightings.before(partition, before, _PAGE)
        if not len(page.ids):
            break
        before = int(page.ids[0])
        pages.append(page)
    pages.reverse()
    if not pages:
        return Unnamed(np.empty(0, np.int64), np.empty((0, 0), np.float32), [], [])
    return Unnamed(
        np.concatenate([page.ids for page in pages]),
        np.concatenate([page.templates for page in pages]),
        [name for page in pages for name in page.groups],
        [],
    )


def _regrouped(found: Unnamed, fixed: frozenset[str], threshold: float) -> list[str | None]:
    """Names of groups by row."""
    by_hand = [name if name in fixed else None for name in found.groups]
    # Whoever is alone in a group made by hand is alone for good, and is not compared.
    sizes = Counter(by_hand)
    rows = [row for row, name in enumerate(by_hand) if name is None or sizes[name] > 1]
    kept = [by_hand[row] for row in rows]
    labels = group(
        found.templates[rows],
        threshold,
        numbered(kept),
        [row for row, name in enumerate(kept) if name is None],
    ).tolist()
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
