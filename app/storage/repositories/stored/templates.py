"""The one place between templates as encoders make them and the bytes of rows."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.errors.protection import MasterKeyMissingError
from app.domain.gallery import Partition
from app.domain.protection import Rotation, Rotations, read_encoder

_NUMBERS = np.dtype("<f4")

Ids = NDArray[np.int64]
Templates = NDArray[np.float32]


class StoredTemplates:
    """Turns templates by the rotations of their collections on their way into rows and back.

    Without rotations nothing new is protected, and what is cannot be read.
    """

    def __init__(self, rotations: Rotations | None = None) -> None:
        self._rotations = rotations

    def rotation_after(self, rotation: Rotation | None) -> Rotation | None:
        """Name the next rotation of a collection, or its first; None where there are none."""
        return None if self._rotations is None else self._rotations.after(rotation)

    def is_current(self, rotation: Rotation | None) -> bool:
        """Whether nothing could be protected better: by a first rotation, or by the key of now."""
        if self._rotations is None:
            return True
        return rotation is not None and self._rotations.is_current(rotation)

    def turned(self, partition: Partition, templates: Templates) -> Templates:
        """(N, dim) templates of an encoder as the partition stores them, or probes to meet them."""
        _, rotation = read_encoder(partition.encoder)
        if rotation is None or not len(templates):
            return templates
        return self._known().rotate(partition.collection_id, rotation, templates)

    def to_bytes(self, partition: Partition, templates: Templates) -> list[bytes]:
        """(N, dim) templates of an encoder as rows of the partition hold them."""
        rows = np.atleast_2d(np.asarray(templates, np.float32))
        turned = np.ascontiguousarray(self.turned(partition, rows), _NUMBERS)
        return [row.tobytes() for row in turned]

    def of_encoder(self, rows: Iterable[Sequence[Any]]) -> tuple[Ids, Templates]:
        """((N,) ids, (N, dim) templates) as the encoder made them, in the order of the rows.

        The rows begin with id, collection, encoder and template, as they are stored. Raises
        EncoderMismatchError when lengths differ.
        """
        found = list(rows)
        ids, templates = as_they_stand([(row[0], row[3]) for row in found])
        places: dict[tuple[str, str], list[int]] = {}
        for place, row in enumerate(found):
            places.setdefault((row[1], row[2]), []).append(place)
        parts = [
            (collection_id, rotation, of_one)
            for (collection_id, encoder), of_one in places.items()
            if (rotation := read_encoder(encoder)[1]) is not None
        ]
        if len(places) == 1 and parts:
            ((collection_id, rotation, _),) = parts
            return ids, self._known().rotate_back(collection_id, rotation, templates)
        if parts:
            templates = templates.copy()
        for collection_id, rotation, of_one in parts:
            templates[of_one] = self._known().rotate_back(
                collection_id, rotation, templates[of_one]
            )
        return ids, templates

    def _known(self) -> Rotations:
        if self._rotations is None:
            raise MasterKeyMissingError(
                "The templates are under a secret rotation, and there is no master key here.",
                hint="Name it by FACET_MASTER_KEY_FILE or FACET_MASTER_KEY_COMMAND.",
            )
        return self._rotations


def as_they_stand(rows: Sequence[tuple[int, bytes]]) -> tuple[Ids, Templates]:
    """((N,) ids, (N, dim) templates) of ids and bytes, under whatever rotation they are.

    Raises EncoderMismatchError when lengths differ.
    """
    ids = np.array([face_id for face_id, _ in rows], dtype=np.int64)
    if len({len(template) for _, template in rows}) > 1:
        raise EncoderMismatchError("Templates of different lengths were asked for together.")
    joined = np.frombuffer(b"".join(template for _, template in rows), dtype=_NUMBERS)
    shape = len(rows), -1 if rows else 0
    return ids, cast(Templates, joined.astype(np.float32, copy=False).reshape(shape))
