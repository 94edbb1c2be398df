"""Rates of keys: what each may ask for in a time, told in headers.

Headers as in draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` and `RateLimit`.
"""

from math import ceil

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.api.kit.wire_format import Mounted, add_headers
from app.domain.access.limits import Kind
from app.domain.errors.requests import RateExceededError
from app.services.keys import Principal


async def count(request: Request, caller: Principal, kind: Kind, amount: int = 1) -> None:
    """Count what a key with a limit asks for. Raises RateExceededError beyond it."""
    if not amount:
        return
    rates = Mounted.of(request).edge.rates
    for window, limit in caller.limits.windows(kind):
        usage = await run_in_threadpool(rates.count, caller.key_id, window, amount, limit)
        add_headers(
            request.scope,
            {
                "RateLimit-Policy": f'"{kind}";q={limit};w={window.seconds}',
                "RateLimit": f'"{kind}";r={usage.remaining};t={ceil(usage.seconds)}',
            },
        )
        if not usage.granted:
            raise RateExceededError(
                f"This key may ask for {limit} {kind} per {window.name}.",
                hint=f"Send at most {limit} {kind} at once."
                if amount > limit
                else "Try again after the time in Retry-After.",
                limit=limit,
            )
