"""Rates of keys: what each may ask for in a second, told in headers.

Headers as in draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` and `RateLimit`.
"""

from math import ceil
from typing import Literal

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.api.kit.wire_format import Mounted, add_headers
from app.domain.errors.requests import RateExceededError
from app.services.keys import Principal

Kind = Literal["requests", "pictures"]


async def count(request: Request, caller: Principal, kind: Kind, amount: int = 1) -> None:
    """Count what a key with a limit asks for. Raises RateExceededError beyond it."""
    limits = caller.limits
    per_second = {
        "requests": limits.requests_per_second,
        "pictures": limits.pictures_per_second,
    }[kind]
    if per_second is None or not amount:
        return
    rates = Mounted.of(request).edge.rates
    usage = await run_in_threadpool(rates.count, caller.key_id, kind, amount, per_second)
    seconds = ceil(usage.seconds)
    add_headers(
        request.scope,
        {
            "RateLimit-Policy": f'"{kind}";q={per_second};w=1',
            "RateLimit": f'"{kind}";r={usage.remaining};t={seconds}',
        },
    )
    if not usage.granted:
        raise RateExceededError(
            f"This key may ask for {per_second} {kind} a second.",
            hint=f"Send at most {per_second} {kind} at once."
            if amount > per_second
            else "Try again after the time in Retry-After.",
            limit=per_second,
        )
