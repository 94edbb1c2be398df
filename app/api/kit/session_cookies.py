"""Sessions of browsers: the cookie, and proof that a request comes from the server's own page."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from app.api.edge import Edge
from app.api.kit.access import by_bearer
from app.api.kit.errors import ForeignOriginError
from app.domain.errors.requests import InvalidCsrfTokenError
from app.services.keys import Principal
from app.services.sessions import csrf_token_of

COOKIE = "facet_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
"""A page of the service itself, and an address that somebody has typed."""


async def by_key_or_session(edge: Edge, request: Request) -> Principal:
    """Authenticate by a key in `Authorization`, or else by the cookie of a session.

    A request by cookie has to come from a page of the server itself, and one that changes
    something repeats the session's token, which only such a page can read.

    Raises what `Keys.authenticate` raises, SessionEndedError, ForeignOriginError and
    InvalidCsrfTokenError.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is None or "authorization" in request.headers:
        return await by_bearer(edge, request)
    require_own_page(request)
    caller = await run_in_threadpool(edge.use_cases.sessions.authenticate, cookie)
    if request.method not in _SAFE:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), csrf_token_of(cookie).encode()):
            raise InvalidCsrfTokenError(
                f"A request by cookie that changes something needs {CSRF_HEADER}.",
                hint="GET /v1/session tells the token. Programs send a key, and need none.",
            )
    return caller


def require_own_page(request: Request) -> None:
    """Raise ForeignOriginError when a page of another origin causes the request."""
    sites, origins = (request.headers.getlist(name) for name in ("sec-fetch-site", "origin"))
    host = request.headers.get("host", "").lower()
    foreign = any(urlsplit(origin.lower()).netloc != host for origin in origins)
    if foreign or not _OWN_SITES.issuperset(sites):
        raise ForeignOriginError(
            "A session is good for pages of the server itself.",
            hint="Pages of other origins send a key. Behind a proxy let it hand on `Host`.",
        )


def set_cookie(request: Request, response: Response, value: str) -> None:
    """Hand the browser a session, or with an empty value have it forget the one it has."""
    response.set_cookie(
        COOKIE,
        value,
        max_age=None if value else 0,
        path=request.scope.get("root_path", "") + "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
