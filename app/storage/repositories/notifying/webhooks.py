"""Webhooks and deliveries in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, select, update

from app.domain.errors.notifying import UnknownWebhookError
from app.domain.notifying.events import Event, EventFilter
from app.domain.notifying.webhooks import Delivery, Webhook
from app.storage.event_tables import DeliveryRow, WebhookRow
from app.storage.repositories.membership import among
from app.storage.repositories.stored.sealed import SealedCollections

_WEBHOOK = select(WebhookRow.__table__)
_DELIVERY = select(DeliveryRow.__table__)


class SqlWebhooks:
    """Webhooks by id."""

    def __init__(self, connection: Connection, sealed: SealedCollections) -> None:
        self._connection = connection
        self._sealed = sealed

    def add(self, webhook: Webhook) -> None:
        """Keep it."""
        self._connection.execute(
            insert(WebhookRow).values(
                id=webhook.id,
                url=webhook.url,
                kinds=list(webhook.wanted.kinds),
                collection_id=webhook.wanted.collection_id,
                secret=webhook.secret,
                created_at=webhook.created_at,
                position=webhook.position,
                missed=webhook.missed,
            )
        )

    def get(self, webhook_id: str) -> Webhook:
        """Raises UnknownWebhookError."""
        query = _WEBHOOK.where(WebhookRow.id == webhook_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownWebhookError(f"There is no webhook {webhook_id!r}.", webhook=webhook_id)
        return _webhook(row)

    def list(self) -> Sequence[Webhook]:
        """All of them, the oldest first."""
        return [_webhook(row) for row in self._connection.execute(_WEBHOOK.order_by(WebhookRow.id))]

    def remove(self, webhook_id: str) -> int:
        """Remove it with its deliveries; how many rows there were."""
        gone = delete(WebhookRow).where(WebhookRow.id == webhook_id)
        return self._connection.execute(gone).rowcount

    def queue(
        self, webhook: Webhook, events: Sequence[Event], position: int, *, lost: bool
    ) -> bool:
        """Make deliveries of events; False when another process has done so meanwhile."""
        same = and_(WebhookRow.id == webhook.id, WebhookRow.position == webhook.position)
        moved = {"position": position, "missed": WebhookRow.missed + int(lost)}
        if not self._connection.execute(update(WebhookRow).where(same).values(moved)).rowcount:
            return False
        rows = [
            {
                "webhook_id": webhook.id,
                "event_id": one.id,
                "content": {
                    "id": one.id,
                    "at": one.at.isoformat(),
                    "kind": one.kind,
                    "collection": one.collection,
                    "collection_id": one.collection_id,
                    "data": self._sealed.written_event(one.collection_id, one.data),
                },
                "attempts": 0,
                "due_at": one.at,
                "dead": False,
                "error": None,
            }
            for one in events
        ]
        if rows:
            self._connection.execute(insert(DeliveryRow), rows)
        return True

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Numbers of deliveries that wait, and of dead ones, by webhook."""
        dead = func.sum(case((DeliveryRow.dead, 1), else_=0))
        query = select(DeliveryRow.webhook_id, func.count(), dead).group_by(DeliveryRow.webhook_id)
        rows = self._connection.execute(query).all()
        return {row[0]: (row[1] - int(row[2]), int(row[2])) for row in rows}

    def claim(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        """Take those that are due; nobody else gets them before `until`."""
        due = and_(DeliveryRow.dead.is_(False), DeliveryRow.due_at <= now)
        query = _DELIVERY.where(due).order_by(DeliveryRow.due_at, DeliveryRow.id).limit(limit)
        found = [self._delivery(row) for row in self._connection.execute(query)]
        taken = among(DeliveryRow.id, [one.id for one in found])
        self._connection.execute(update(DeliveryRow).where(taken).values(due_at=until))
        return found

    def settle(self, delivery_id: int) -> None:
        """Remove one that has arrived."""
        self._connection.execute(delete(DeliveryRow).where(DeliveryRow.id == delivery_id))

    def postpone(self, delivery: Delivery) -> None:
        """Note when it is due again, whether it is dead, and why."""
        changed = {
            "attempts": delivery.attempts,
            "due_at": delivery.due_at,
            "dead": delivery.dead,
            "error": delivery.error,
        }
        row = update(DeliveryRow).where(DeliveryRow.id == delivery.id)
        self._connection.execute(row.values(changed))

    def dead(self, webhook_id: str, *, after: int, limit: int) -> Sequence[Delivery]:
        """Deliveries that were given up, by id."""
        query = _DELIVERY.where(
            DeliveryRow.webhook_id == webhook_id,
            DeliveryRow.dead.is_(True),
            DeliveryRow.id > after,
        )
        rows = self._connection.execute(query.order_by(DeliveryRow.id).limit(limit))
        return [self._delivery(row) for row in rows]

    def revive(self, webhook_id: str, now: datetime) -> int:
        """Have all that were given up be due again; how many there were."""
        dead = and_(DeliveryRow.webhook_id == webhook_id, DeliveryRow.dead.is_(True))
        again = {"dead": False, "attempts": 0, "due_at": now}
        return self._connection.execute(update(DeliveryRow).where(dead).values(again)).rowcount

    def _delivery(self, row: Row[Any]) -> Delivery:
        content = dict(row.content)
        content["data"] = self._sealed.read_event(content["collection_id"], content["data"])
        return Delivery(
            row.id,
            row.webhook_id,
            row.event_id,
            content,
            row.attempts,
            row.due_at,
            row.dead,
            row.error,
        )


def _webhook(row: Row[Any]) -> Webhook:
    wanted = EventFilter(row.collection_id, tuple(row.kinds))
    return Webhook(
        row.id, row.url, wanted, row.created_at, row.position, row.missed, bytes(row.secret)
    )
