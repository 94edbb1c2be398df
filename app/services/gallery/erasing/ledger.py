"""The copy of the ledger outside of the database."""

import structlog

from app.domain.errors import FacetError
from app.services.ports import Storage
from app.services.ports.ledger import LedgerCopy

_HINT = "Name a place for FACET_ERASURE_LEDGERS that can be written; restores need it."
_log = structlog.get_logger("app.erasure")


class LedgerCopies:
    """Brings the copy, if there is to be one, up to date."""

    def __init__(self, storage: Storage, copy: LedgerCopy | None) -> None:
        self._storage = storage
        self._copy = copy

    def follow(self) -> bool:
        """Whether the copy has all that the ledger has now; true where there is to be none."""
        if self._copy is None:
            return True
        try:
            with self._storage.read() as uow:
                name = uow.ledger.installation()
                if not uow.ledger.after(0, limit=1):
                    return True
                self._copy.follow(name, lambda seq, limit: uow.ledger.after(seq, limit=limit))
        except (FacetError, OSError) as error:
            _log.error("erasures-not-copied", why=type(error).__name__, hint=_HINT)
            return False
        return True
