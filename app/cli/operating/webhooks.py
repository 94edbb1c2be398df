"""Commands for addresses that are told of events."""

from typing import Annotated

import typer

from app.answers.events import DeadDelivery, NewWebhook, Webhook, WebhookTest
from app.cli.console import AsJson, console, open_cases, print_json, table
from app.domain.notifying.events import EVENT_KINDS

webhooks = typer.Typer(help="Addresses that are told of events.", no_args_is_help=True)


def _known(kinds: list[str] | None) -> list[str] | None:
    for one in kinds or ():
        if one not in EVENT_KINDS:
            raise typer.BadParameter(f"{one!r} is none of {', '.join(EVENT_KINDS)}.")
    return kinds


WebhookId = Annotated[str, typer.Argument(help="The webhook's id.")]


@webhooks.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Of http or https.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only events of this kind; may be repeated.", callback=_known),
    ] = None,
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="Only events of this collection.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Have an address told of what happens from now on."""
    kinds = [one for one in EVENT_KINDS if one in (kind or ())]
    with open_cases(as_json) as cases:
        made, secret = cases.webhooks.add(url, kinds=kinds, collection=collection)
    shown = NewWebhook.made(made, secret)
    if as_json:
        return print_json(shown)
    console.print(f"Webhook {shown.id}. Its secret, which is not shown again:")
    console.print(secret)


@webhooks.command("list")
def list_webhooks(as_json: AsJson = False) -> None:
    """All webhooks, with numbers of their deliveries."""
    with open_cases(as_json) as cases:
        shown = [Webhook.of(one) for one in cases.webhooks.list()]
    if as_json:
        return print_json({"webhooks": [one.model_dump(mode="json") for one in shown]})
    listing = table("Webhooks", "id", "address", "events", "waiting", "given up")
    for one in shown:
        kinds = ", ".join(one.kinds) or "all"
        listing.add_row(one.id, one.url, kinds, str(one.waiting), str(one.dead))
    console.print(listing)


@webhooks.command("remove")
def remove(webhook: WebhookId, as_json: AsJson = False) -> None:
    """Remove a webhook, and what waits to be delivered to it."""
    with open_cases(as_json) as cases:
        removed = cases.webhooks.remove(webhook)
    if as_json:
        return print_json({"removed": removed.id})
    console.print(f"{removed.url} is told nothing any more.")


@webhooks.command("test")
def test(webhook: WebhookId, as_json: AsJson = False) -> None:
    """Call a webhook now. The exit status is 1 when that fails."""
    with open_cases(as_json) as cases:
        error = cases.webhooks.test(webhook)
    if as_json:
        print_json(WebhookTest(delivered=error is None, error=error))
    else:
        console.print(error or "It has arrived.")
    if error is not None:
        raise typer.Exit(1)


@webhooks.command("dead")
def dead(webhook: WebhookId, as_json: AsJson = False) -> None:
    """Deliveries that were given up, the first 200."""
    with open_cases(as_json) as cases:
        shown = [DeadDelivery.of(one) for one in cases.webhooks.dead(webhook, limit=200)]
    if as_json:
        return print_json({"deliveries": [one.model_dump(mode="json") for one in shown]})
    listing = table("Given up", "id", "event", "attempts", "why")
    for one in shown:
        listing.add_row(str(one.id), str(one.event_id), str(one.attempts), one.error or "")
    console.print(listing)


@webhooks.command("resend")
def resend(webhook: WebhookId, as_json: AsJson = False) -> None:
    """Send again what was given up; a running server does it."""
    with open_cases(as_json) as cases:
        count = cases.webhooks.resend(webhook)
    if as_json:
        return print_json({"deliveries": count})
    console.print(f"{count} deliveries are tried again.")
