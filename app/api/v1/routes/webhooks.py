"""Webhooks: addresses that are told of events."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from app.answers.events import (
    DeadDelivery,
    NewWebhook,
    Resent,
    Webhook,
    Webhooks,
    WebhookTest,
)
from app.answers.gallery import Page
from app.api.kit.access import Cases, GlobalAdmin
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after_number, page
from app.api.v1.paths import WebhookInPath
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.webhooks import WebhookToAdd

router = APIRouter(prefix="/webhooks", tags=["events"])
_SEAL_PROBLEMS = ("seal-broken", "wrong-master-key")


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(WebhookToAdd),
    responses=responses(*JSON_PROBLEMS, "unknown-collection", "too-many-webhooks"),
)
def add(
    caller: GlobalAdmin,
    body: Annotated[WebhookToAdd, Depends(json_body(WebhookToAdd))],
    cases: Cases,
) -> NewWebhook:
    """Have an address told of what happens from now on. The secret is told this once."""
    made, secret = cases.webhooks.add(body.url, kinds=body.kinds, collection=body.collection)
    return NewWebhook.made(made, secret)


@router.get("", responses=responses(*COMMON_PROBLEMS))
def list_webhooks(caller: GlobalAdmin, cases: Cases) -> Webhooks:
    """All of them, the oldest first."""
    return Webhooks(items=[Webhook.of(one) for one in cases.webhooks.list()])


@router.delete("/{webhook}", responses=responses(*CHANGE_PROBLEMS, "unknown-webhook"))
def remove(webhook: WebhookInPath, caller: GlobalAdmin, cases: Cases) -> Resent:
    """Remove it, and what waits to be delivered to it."""
    return Resent(webhook_id=cases.webhooks.remove(webhook).id, deliveries=0)


@router.post(
    "/{webhook}/test",
    responses=responses(*CHANGE_PROBLEMS, *_SEAL_PROBLEMS, "unknown-webhook"),
)
def test(webhook: WebhookInPath, caller: GlobalAdmin, cases: Cases) -> WebhookTest:
    """Call it now, with an event of the kind `test`."""
    error = cases.webhooks.test(webhook)
    return WebhookTest(delivered=error is None, error=error)


@router.get(
    "/{webhook}/dead",
    responses=responses(*COMMON_PROBLEMS, "unknown-webhook", "invalid-cursor"),
)
def dead(
    webhook: WebhookInPath,
    caller: GlobalAdmin,
    cases: Cases,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeadDelivery]:
    """Deliveries that were given up, by id."""
    rows = cases.webhooks.dead(webhook, after=after_number(cursor), limit=limit + 1)
    return page(rows, limit, DeadDelivery.of, lambda row: str(row.id))


@router.post("/{webhook}/resend", responses=responses(*CHANGE_PROBLEMS, "unknown-webhook"))
def resend(webhook: WebhookInPath, caller: GlobalAdmin, cases: Cases) -> Resent:
    """Send again what was given up."""
    return Resent(webhook_id=webhook, deliveries=cases.webhooks.resend(webhook))
