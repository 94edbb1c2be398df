"""Secrets of keys that sign requests: a signature can be checked by the secret alone."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.access.key_forms import KEY_FORMS
from app.domain.gallery import ApiKey
from app.domain.protection import Seal
from app.services.ports import UnitOfWork


class KeySecrets:
    """Keeps secrets sealed under the master key, each for its key alone."""

    def __init__(self, seal: Seal | None) -> None:
        """Take a seal; without one there are no keys that sign requests."""
        self._seal = seal

    def keep(self, uow: UnitOfWork, key: ApiKey, secret: str) -> None:
        """Keep the secret of a key that signs; those of other keys are not kept at all."""
        if KEY_FORMS[key.form].signs:
            sealed = self._needed().seal(secret.encode(), _context(key.id))
            uow.signatures.keep_secret(key.id, sealed)

    def opened(self, key: ApiKey, sealed: Sequence[bytes]) -> Sequence[str]:
        """The secrets of a key that hold now: the last, and for a while the one before it."""
        held = sealed[: len(set(key.digests(datetime.now(UTC))))]
        return [self._needed().open(one, _context(key.id)).decode() for one in held]

    def _needed(self) -> Seal:
        if self._seal is None:
            raise ValueError("secrets are kept under a seal, and there is none")
        return self._seal


def _context(key_id: str) -> str:
    return f"key-secret/{key_id}"
