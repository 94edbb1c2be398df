"""The protocol of templates that wait for a change of encoder."""

from collections.abc import Sequence
from typing import Protocol

from app.domain.portraits import LeftOutCounts
from app.services.ports.repositories import Templates


class StagedTemplateRepository(Protocol):
    """Templates of the encoder that a collection is about to change to; nothing searches them."""

    def put(self, encoder: str, ids: Sequence[int], templates: Templates) -> None:
        """Add or replace by face id; faces erased meanwhile are passed over."""

    def missing(
        self, collection_id: str, encoder: str, *, after: int = 0, limit: int
    ) -> Sequence[int]:
        """Ids of the collection's faces that have no template of `encoder` yet, ascending."""

    def count(self, collection_id: str, encoder: str) -> int: ...

    def pictured(
        self, collection_id: str, encoder: str, *, after: int = 0, limit: int
    ) -> Sequence[tuple[int, str]]:
        """Ids of faces that have no template of `encoder` yet, with their pictures' digests."""

    def count_pictured(self, collection_id: str, encoder: str) -> int: ...

    def left_out(
        self, collection_id: str, encoder: str, unpictured: Sequence[int], *, named: int
    ) -> LeftOutCounts:
        """Faces that have neither a template of `encoder` nor a picture, and whose they are.

        `unpictured` are faces whose pictures are lost, `named` subjects that are named at most.
        """

    def discard(self, collection_id: str, encoder: str | None = None) -> int:
        """Remove what waits for the collection, of one encoder or of all; how much it was."""

    def remove_of_faces(self, face_ids: Sequence[int]) -> int:
        """Remove what waits for the faces, of every encoder; how much it was."""

    def promote(self, collection_id: str, encoder: str) -> int:
        """Bind the collection to `encoder` with the templates that wait, and log the change.

        Raises EncoderMismatchError when a face would be left with its old template.
        """
