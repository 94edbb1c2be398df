"""Who may call what: keys, scopes and collections as route dependencies.

They are coroutines and go to a thread only to ask the database: every such way costs more than
what most of them do.
"""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from app.api.kit.intake import Intake
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InsufficientScopeError
from app.domain.scopes import Scope
from app.services.keys import LOCAL, Principal, ask_as
from app.services.use_cases import UseCases

_bearer = HTTPBearer(auto_error=False, description="An API key made by `facet keys create`.")


async def use_cases(request: Request) -> UseCases:
    cases: UseCases = request.app.state.use_cases
    return cases


Cases = Annotated[UseCases, Depends(use_cases)]


async def principal(
    request: Request,
    cases: Cases,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Principal:
    """Whoever asks; raises MissingKeyError, InvalidKeyError or ExpiredKeyError."""
    if request.app.state.settings.auth == "off":
        return LOCAL
    token = credentials.credentials if credentials else None
    caller = await run_in_threadpool(cases.keys.authenticate, token)
    # Dependencies run in the request's own context, and so does what it hands to the executor.
    ask_as(caller)
    return caller


Caller = Annotated[Principal, Depends(principal)]


class Allow:
    """A dependency that lets callers with the scope pass.

    On routes below a collection it also keeps keys that are bound to another one out, whether
    or not the collection exists: a bound key learns nothing about the others. The request's body
    may be read from here on.
    """

    def __init__(self, scope: Scope, *, everywhere: bool = False) -> None:
        self._scope: Scope = scope
        self._everywhere = everywhere

    async def __call__(self, request: Request, caller: Caller, cases: Cases) -> Principal:
        caller.require(self._scope)
        if self._everywhere:
            caller.require_unbound()
        name = request.path_params.get("collection")
        if name is not None and caller.collection_id is not None:
            try:
                bound_to = (await run_in_threadpool(cases.collections.get, name)).id
            except UnknownCollectionError as error:
                raise InsufficientScopeError("The key is bound to another collection.") from error
            caller.require_collection(bound_to)
        Intake.of(request).admitted = True
        return caller


Reader = Annotated[Principal, Depends(Allow("read"))]
Embedder = Annotated[Principal, Depends(Allow("embed"))]
Writer = Annotated[Principal, Depends(Allow("write"))]
GlobalWriter = Annotated[Principal, Depends(Allow("write", everywhere=True))]
Admin = Annotated[Principal, Depends(Allow("admin"))]
GlobalAdmin = Annotated[Principal, Depends(Allow("admin", everywhere=True))]
