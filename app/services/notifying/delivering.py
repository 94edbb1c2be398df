"""Delivery of events to webhooks, in a thread beside the requests."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from app.domain.notifying.webhooks import (
    MOST_ATTEMPTS,
    MOST_WAITING,
    Delivery,
    Webhook,
    pause_after,
)
from app.services.notifying.events import Events
from app.services.notifying.webhooks import Webhooks
from app.services.ports import Storage
from models.errors import ReportedError

_SECONDS = 1.0
_AT_ONCE = 20
_LEASE = timedelta(minutes=10)
"""Time that a process has for what it has taken, before another one may."""
_log = structlog.get_logger("app.webhooks")


class WebhookDelivery:
    """Makes deliveries of events and sends them. Any number of processes may do it; an event is
    delivered at least once, and as a rule in order.
    """

    def __init__(self, storage: Storage, events: Events, webhooks: Webhooks) -> None:
        self._storage = storage
        self._events = events
        self._webhooks = webhooks
        self._stopping = threading.Event()

    def start(self) -> None:
        self._stopping.clear()
        threading.Thread(target=self._work, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        """End after the call that is under way; what is left is taken by the next process."""
        self._stopping.set()

    def run(self) -> int:
        """One round; how many calls arrived."""
        with self._storage.read() as uow:
            webhooks = {one.id: one for one in uow.webhooks.list()}
            counts = uow.webhooks.counts() if webhooks else {}
            newest = uow.events.bounds()[1] if webhooks else 0
        for one in webhooks.values():
            if one.position != newest and counts.get(one.id, (0, 0))[0] < MOST_WAITING:
                self._queue(one)
        return self._send(webhooks) if webhooks else 0

    def _queue(self, webhook: Webhook) -> None:
        news = self._events.since(webhook.position, webhook.wanted)
        if news.position == webhook.position and not news.events:
            return
        with self._storage.write() as uow:
            uow.webhooks.queue(webhook, news.events, news.position, lost=news.lost)

    def _send(self, webhooks: dict[str, Webhook]) -> int:
        now = datetime.now(UTC)
        with self._storage.write() as uow:
            claimed = uow.webhooks.claim(now, now + _LEASE, _AT_ONCE)
        failing: set[str] = set()
        arrived = 0
        for one in claimed:
            webhook = webhooks.get(one.webhook_id)
            if webhook is None or webhook.id in failing or self._stopping.is_set():
                # Its turn comes after the one before it.
                with self._storage.write() as uow:
                    uow.webhooks.postpone(replace(one, due_at=now + pause_after(1)))
                continue
            error = self._webhooks.send(webhook, f"event-{one.event_id}", one.content)
            if error is None:
                arrived += 1
                with self._storage.write() as uow:
                    uow.webhooks.settle(one.id)
            else:
                failing.add(webhook.id)
                self._failed(one, error)
        return arrived

    def _failed(self, delivery: Delivery, error: str) -> None:
        attempts = delivery.attempts + 1
        dead = attempts >= MOST_ATTEMPTS
        due = datetime.now(UTC) + pause_after(attempts)
        with self._storage.write() as uow:
            uow.webhooks.postpone(
                replace(delivery, attempts=attempts, due_at=due, dead=dead, error=error)
            )
        if dead:
            _log.warning("webhook-gave-up", webhook=delivery.webhook_id, number=delivery.event_id)

    def _work(self) -> None:
        while not self._stopping.wait(_SECONDS):
            try:
                while self.run() == _AT_ONCE and not self._stopping.is_set():
                    pass
            except ReportedError as error:
                _log.warning("webhooks-wait", code=error.slug)
            except Exception:  # the next round may be another one
                _log.exception("webhooks-failed")
