"""Webhooks as administrators see them."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors.notifying import TooManyWebhooksError
from app.domain.errors.requests import InvalidRequestError
from app.domain.notifying.events import EventKind
from app.domain.notifying.webhooks import Delivery, Webhook, clean_url
from app.domain.protection import Seal
from app.services.gallery.identifiers import new_id
from app.services.keys import LOCAL
from app.services.notifying.events import Events
from app.services.ports import Storage
from app.services.ports.notifying.webhooks import WebhookCaller

_MOST = 100
_SECRET_BYTES = 32
_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class ListedWebhook:
    """A webhook, and its deliveries in numbers."""

    webhook: Webhook
    waiting: int = 0
    dead: int = 0


class Webhooks:
    """Webhooks by id. Deliveries are signed as Standard Webhooks has it."""

    def __init__(self, storage: Storage, events: Events, seal: Seal, caller: WebhookCaller) -> None:
        self._storage = storage
        self._events = events
        self._seal = seal
        self._caller = caller

    def add(
        self, url: str, *, kinds: Sequence[EventKind] = (), collection: str | None = None
    ) -> tuple[ListedWebhook, str]:
        """The webhook, and its secret, which nobody is told again.

        It is told of what happens from now on. Raises InvalidRequestError for an address that is
        none or may not be called, UnknownCollectionError and TooManyWebhooksError.
        """
        address = clean_url(url)
        wanted = self._events.wanted(LOCAL, collection, kinds)
        if self._caller.is_refused(address):
            raise InvalidRequestError.of_field(
                "url",
                "stands for an address that is not public",
                "Name a public one, or allow its network by FACET_WEBHOOK_NETWORKS.",
            )
        webhook_id, secret = new_id(), secrets.token_bytes(_SECRET_BYTES)
        sealed = self._seal.seal(secret, _context(webhook_id))
        with self._storage.write() as uow:
            if len(uow.webhooks.list()) >= _MOST:
                raise TooManyWebhooksError(f"There are {_MOST} webhooks, as many as there may be.")
            position = uow.events.bounds()[1]
            now = datetime.now(UTC)
            made = Webhook(webhook_id, address, wanted, now, position, secret=sealed)
            uow.webhooks.add(made)
        return ListedWebhook(made), _PREFIX + base64.b64encode(secret).decode()

    def list(self) -> Sequence[ListedWebhook]:
        """All of them, the oldest first."""
        with self._storage.read() as uow:
            counts = uow.webhooks.counts()
            return [ListedWebhook(one, *counts.get(one.id, (0, 0))) for one in uow.webhooks.list()]

    def remove(self, webhook_id: str) -> Webhook:
        """Remove it, and what waits to be delivered to it. Raises UnknownWebhookError."""
        with self._storage.write() as uow:
            found = uow.webhooks.get(webhook_id)
            uow.webhooks.remove(webhook_id)
        return found

    def test(self, webhook_id: str) -> str | None:
        """Call it now with an event `test`; what was wrong, or None. Raises UnknownWebhookError."""
        with self._storage.read() as uow:
            webhook = uow.webhooks.get(webhook_id)
        return self.send(webhook, f"test-{new_id()}", {"kind": "test", "data": {}})

    def dead(self, webhook_id: str, *, after: int = 0, limit: int = 50) -> Sequence[Delivery]:
        """Deliveries that were given up, by id. Raises UnknownWebhookError."""
        with self._storage.read() as uow:
            uow.webhooks.get(webhook_id)
            return uow.webhooks.dead(webhook_id, after=after, limit=limit)

    def resend(self, webhook_id: str) -> int:
        """Send again what was given up; how many there are. Raises UnknownWebhookError."""
        with self._storage.write() as uow:
            uow.webhooks.get(webhook_id)
            return uow.webhooks.revive(webhook_id, datetime.now(UTC))

    def send(self, webhook: Webhook, message_id: str, content: Mapping[str, Any]) -> str | None:
        """Call the address once; what was wrong, or None."""
        body = json.dumps(content, separators=(",", ":")).encode()
        at = str(int(datetime.now(UTC).timestamp()))
        secret = self._seal.open(webhook.secret, _context(webhook.id))
        signed = b".".join((message_id.encode(), at.encode(), body))
        signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{signature}",
        }
        return self._caller.call(webhook.url, body, headers)


def _context(webhook_id: str) -> str:
    return f"webhook/{webhook_id}"
