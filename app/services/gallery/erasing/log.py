"""The log beside the database, where what was erased may still stand."""

import structlog

from app.domain.errors import FacetError
from app.services.ports import Storage

_log = structlog.get_logger("app.erasure")


class DatabaseLog:
    """Empties the log once after each erasure, by whichever process that was."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._emptied_of: int | None = None
        """How many erasures the log was last emptied of."""
        self._in_use = False

    def empty(self) -> bool | None:
        """False while a reader keeps it in use; None where there is no such log."""
        try:
            with self._storage.read() as uow:
                erasures = uow.changes.erasures()
            if erasures == self._emptied_of:
                return True
            emptied = self._storage.checkpoint()
        except FacetError:
            emptied = False
        if emptied:
            self._emptied_of = erasures
        self._note(in_use=emptied is False)
        return emptied

    def _note(self, *, in_use: bool) -> None:
        if in_use != self._in_use:
            self._in_use = in_use
            if in_use:
                _log.warning("erased-bytes-stay-in-log", why="a reader keeps the log in use")
            else:
                _log.info("erased-bytes-left-log")
