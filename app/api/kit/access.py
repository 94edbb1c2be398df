"""Access to routes: keys, scopes and collections as dependencies.

They are coroutines and go to a thread only to ask the database: every such way costs more than
what most of them do.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool

from app.api.edge import Edge
from app.api.kit.body.intake import Intake
from app.api.kit.errors import ForeignOriginError
from app.api.kit.rates import count
from app.api.kit.wire_format import Mounted
from app.domain.access.key_forms import NATIVE, KeyForm
from app.domain.errors import FacetError
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import (
    ExpiredKeyError,
    InsufficientScopeError,
    InvalidCsrfTokenError,
    InvalidKeyError,
    MissingKeyError,
    SessionEndedError,
)
from app.domain.scopes import Need
from app.platform.request_context import current_request
from app.services.keys import LOCAL, Principal, ask_as
from app.services.use_cases import UseCases

ACCESS_PROBLEMS = (
    "missing-key",
    "invalid-key",
    "expired-key",
    "session-ended",
    "invalid-csrf-token",
    "insufficient-scope",
    "rate-exceeded",
    "database-locked",
    "database-unavailable",
    "audit-unavailable",
)
"""Codes that `Allow` may answer; it asks the database, and what is done is recorded."""

_REFUSALS = (
    MissingKeyError,
    InvalidKeyError,
    ExpiredKeyError,
    SessionEndedError,
    InvalidCsrfTokenError,
    ForeignOriginError,
)
"""Errors that authentication raises; each is recorded."""
_bearer = HTTPBearer(auto_error=False, description="An API key made by `facet keys create`.")


async def at_edge(request: Request) -> Edge:
    return Mounted.of(request).edge


AtEdge = Annotated[Edge, Depends(at_edge)]


async def use_cases(edge: AtEdge) -> UseCases:
    return edge.use_cases


Cases = Annotated[UseCases, Depends(use_cases)]


async def by_bearer(edge: Edge, request: Request) -> Principal:
    """Authenticate by a key in `Authorization: Bearer`; raises what `Keys.authenticate` raises."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    return await by_token(edge, token if scheme.lower() == "bearer" else None)


def by_header(name: str) -> Callable[[Edge, Request], Awaitable[Principal]]:
    """Make the authentication by a key in the header of that name."""

    async def authenticate(edge: Edge, request: Request) -> Principal:
        return await by_token(edge, request.headers.get(name))

    return authenticate


async def by_token(edge: Edge, token: str | None, form: KeyForm = NATIVE) -> Principal:
    """Authenticate by a key of the form; raises what `Keys.authenticate` raises."""
    return await run_in_threadpool(edge.use_cases.keys.authenticate, token, form)


async def principal(
    request: Request,
    edge: AtEdge,
    described: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Principal:
    """The caller; raises MissingKeyError, InvalidKeyError or ExpiredKeyError.

    `described` is for the description of the API alone: each format knows where its key stands.
    """
    caller = LOCAL
    if edge.settings.auth != "off":
        try:
            caller = await Mounted.of(request).wire_format.authenticate(edge, request)
        except _REFUSALS as error:
            await _record_refusal(edge, error)
            raise
    # Dependencies run in the request's own context, and so does what it hands to the executor.
    ask_as(caller)
    return caller


async def _record_refusal(edge: Edge, error: FacetError, key_id: str = "") -> None:
    refused, address = edge.use_cases.audit.refusals.refused, current_request().address
    await run_in_threadpool(refused, error.slug, address, key_id)


class Allow:
    """A dependency that lets callers pass who have every scope that is needed.

    On routes below a collection it also keeps keys that are bound to another one out, whether
    or not the collection exists: a bound key learns nothing about the others. The request's body
    may be read from here on.
    """

    def __init__(self, *needs: Need, everywhere: bool = False) -> None:
        self._needs = needs
        self._everywhere = everywhere

    async def __call__(
        self, request: Request, caller: Annotated[Principal, Depends(principal)], cases: Cases
    ) -> Principal:
        try:
            await self._check(request, caller, cases)
        except InsufficientScopeError as error:
            await _record_refusal(Mounted.of(request).edge, error, caller.key_id)
            raise
        await count(request, caller, "requests")
        Intake.of(request).admitted = True
        return caller

    async def _check(self, request: Request, caller: Principal, cases: UseCases) -> None:
        for need in self._needs:
            caller.require(need)
        if self._everywhere:
            caller.require_unbound()
        name = request.path_params.get("collection")
        bound = caller.collection
        if name is not None and caller.collection_id is not None and name != (bound and bound.name):
            try:
                bound_to = (await run_in_threadpool(cases.collections.get, name)).id
            except UnknownCollectionError as error:
                raise InsufficientScopeError("The key is bound to another collection.") from error
            caller.require_collection(bound_to)


Anybody = Annotated[Principal, Depends(Allow())]
"""Whoever has a key, whatever it may do."""
Detect = Annotated[Principal, Depends(Allow("detect"))]
Embed = Annotated[Principal, Depends(Allow("embed"))]
Verify = Annotated[Principal, Depends(Allow("verify"))]
Recognize = Annotated[Principal, Depends(Allow("recognize"))]
Browse = Annotated[Principal, Depends(Allow("browse"))]
LookAtPictures = Annotated[Principal, Depends(Allow("pictures"))]
Enroll = Annotated[Principal, Depends(Allow("enroll"))]
ChangeSubjects = Annotated[Principal, Depends(Allow("enroll", "browse"))]
MergeSubjects = Annotated[Principal, Depends(Allow("enroll", "erase", "browse"))]
ExportSubject = Annotated[Principal, Depends(Allow("browse", "pictures", "audit"))]
Erase = Annotated[Principal, Depends(Allow("erase"))]
UseJobs = Annotated[Principal, Depends(Allow("jobs"))]
LookAtModels = Annotated[Principal, Depends(Allow("models"))]
ChangeStyles = Annotated[Principal, Depends(Allow("write", everywhere=True))]
ReadAudit = Annotated[Principal, Depends(Allow("audit"))]
Admin = Annotated[Principal, Depends(Allow("admin"))]
GlobalAdmin = Annotated[Principal, Depends(Allow("admin", everywhere=True))]
