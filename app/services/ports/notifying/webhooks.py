"""Protocols of webhooks: kept, and called."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.notifying.events import Event
from app.domain.notifying.webhooks import Delivery, Webhook


class WebhookRepository(Protocol):
    """Webhooks, and events on their way to them."""

    def add(self, webhook: Webhook) -> None: ...

    def get(self, webhook_id: str) -> Webhook:
        """Raises UnknownWebhookError."""

    def list(self) -> Sequence[Webhook]: ...

    def remove(self, webhook_id: str) -> int: ...

    def queue(
        self, webhook: Webhook, events: Sequence[Event], position: int, *, lost: bool
    ) -> bool:
        """Make deliveries of events; False when another process has done so meanwhile."""

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Count deliveries that wait, and dead ones, by webhook."""

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        """Take those that are due; nobody else gets them before `until`."""

    def settle(self, delivery_id: int) -> None:
        """Remove one that has arrived."""

    def postpone(self, delivery: Delivery) -> None:
        """Note when it is due again, whether it is dead, and why."""

    def dead(self, webhook_id: str, *, after: int, limit: int) -> Sequence[Delivery]:
        """List those that were given up, by id."""

    def revive(self, webhook_id: str, now: datetime) -> int:
        """Have all that were given up be due again; how many there were."""


class WebhookCaller(Protocol):
    """Calls addresses of others."""

    def call(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Post the body; what was wrong, or None where the answer was a 2xx."""

    def is_refused(self, url: str) -> bool:
        """Whether the address is known to be one that may not be called."""
