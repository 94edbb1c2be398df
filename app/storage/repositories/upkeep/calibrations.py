"""Calibrations of collections in SQL, as JSON beside the collection."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from app.domain.curves.calibration import CalibratedPoint, Calibration
from app.storage.tables import CollectionRow


class SqlCalibrations:
    """The calibration in force, and the one that is proposed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def proposed(self, collection_id: str) -> Calibration | None:
        """The one that waits for acceptance."""
        query = select(CollectionRow.proposed_calibration).where(CollectionRow.id == collection_id)
        return read_calibration(self._connection.execute(query).scalar_one_or_none())

    def propose(self, collection_id: str, calibration: Calibration | None) -> None:
        """Put it in the place of what was proposed before; None forgets that."""
        self._set(collection_id, proposed_calibration=_written(calibration))

    def put(self, collection_id: str, calibration: Calibration | None) -> None:
        """Put it in force; None goes back to the encoder's curve."""
        self._set(collection_id, calibration=_written(calibration))

    def _set(self, collection_id: str, **values: Any) -> None:
        self._connection.execute(
            update(CollectionRow).where(CollectionRow.id == collection_id).values(**values)
        )


def read_calibration(stored: dict[str, Any] | None) -> Calibration | None:
    """The calibration that a column holds."""
    if stored is None:
        return None
    fields = dict(stored)
    fields["made_at"] = datetime.fromisoformat(fields["made_at"])
    fields["points"] = tuple(CalibratedPoint(*row) for row in fields["points"])
    return Calibration(**fields)


def _written(calibration: Calibration | None) -> dict[str, Any] | None:
    if calibration is None:
        return None
    fields = asdict(calibration)
    fields["made_at"] = calibration.made_at.isoformat()
    fields["points"] = [
        [one.similarity, one.general, one.fmr, one.low, one.high] for one in calibration.points
    ]
    return fields
