"""Events: what has happened, as it happens."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.api.kit.access import AtEdge, Browse, Cases
from app.api.v1.following import LONGEST, follow
from app.api.v1.problems import COMMON_PROBLEMS, responses
from app.domain.notifying.events import EventFilter, EventKind

router = APIRouter(tags=["events"])


def _wanted(
    caller: Browse,
    cases: Cases,
    collection: Annotated[
        str | None, Query(max_length=63, description="Only those of this collection.")
    ] = None,
    kind: Annotated[list[EventKind], Query(description="Only those of these kinds.")] = [],  # noqa: B006 - a query
) -> EventFilter:
    return cases.events.wanted(caller, collection, kind)


def _place(
    edge: AtEdge, caller: Browse, wanted: Annotated[EventFilter, Depends(_wanted)]
) -> Iterator[EventFilter]:
    """One of the places for followers, held until the answer has ended."""
    edge.streams.take(caller.key_id, caller.limits.streams)
    try:
        yield wanted
    finally:
        edge.streams.leave(caller.key_id)


@router.get(
    "/events",
    response_class=EventSourceResponse,
    responses=responses(*COMMON_PROBLEMS, "unknown-collection", "overloaded"),
)
async def events(
    edge: AtEdge,
    caller: Browse,
    cases: Cases,
    wanted: Annotated[EventFilter, Depends(_place)],
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=LONGEST,
            description="Seconds to follow; 0 tells what there is, and ends.",
            examples=[10],
        ),
    ] = LONGEST,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**63 - 1)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `sighted`, `recognized`, `enrolled`, `erased`, `group-named` and
    `health-changed`; a bound key is told of its collection alone.

    The first event, `position`, says where the stream begins: now, or after `Last-Event-ID`. Its
    `lost` says that events were removed before they could be told. Events are kept for 7 days,
    the newest 100,000 of them.
    """
    async for event in follow(
        lambda: cases.events.begin(last_event_id),
        lambda position: cases.events.since(position, wanted),
        edge.closing.is_set,
        lambda: cases.keys.check(caller),
        wait,
    ):
        yield event
