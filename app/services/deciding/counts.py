"""Numbers of subjects that searches are among, without counting a million each time."""

from collections.abc import Sequence

from app.domain.gallery import Collection
from app.services.ports import UnitOfWork

_TOLERANCE = 1000
"""A collection is counted again when the change log has grown by that part of its subjects."""
_REMEMBERED = 4096
"""Collections."""


class SubjectCounts:
    """Counts that are exact below a thousand subjects, a thousandth out at most above. Thread-safe.

    The threshold of a search depends on the logarithm of this number, so that a thousandth is
    less than the last digit of a similarity.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}
        """By collection: position of the log and number of erasures, added up; the count."""

    def of(self, uow: UnitOfWork, gallery: Collection, chosen: Sequence[str] | None) -> int:
        """Subjects with faces that a probe is compared with: of the chosen ones, or of all."""
        if chosen is not None:
            return sum(count > 0 for count in uow.faces.counts_of_subjects(chosen).values())
        # Faces that are moved, and merges, leave no line in the log and count as erasures.
        head = uow.changes.head() + uow.changes.erasures()
        counted_at, count = self._known.get(gallery.id, (head + 1, 0))
        if not 0 <= head - counted_at <= count // _TOLERANCE:
            count = uow.subjects.count(gallery.id, with_faces=True)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[gallery.id] = head, count
        return count
