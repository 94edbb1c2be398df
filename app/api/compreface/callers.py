"""Callers by `x-api-key`: a key belongs to one collection, which no request names otherwise."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.edge import Edge
from app.api.kit.access import Allow, AtEdge, by_token, principal
from app.domain.access.key_forms import COMPREFACE, is_uuid
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection
from app.services.keys import Principal

HEADER = "x-api-key"

AnyKey = Annotated[Principal, Depends(Allow())]
EraseNamed = Annotated[Principal, Depends(Allow("erase", "browse"))]
RecognizeEmbeddings = Annotated[Principal, Depends(Allow("recognize", "embed"))]
VerifyEmbeddings = Annotated[Principal, Depends(Allow("verify", "embed"))]


async def authenticate(edge: Edge, request: Request) -> Principal:
    """The caller, by the key in the header or, for images, in the path."""
    token = request.path_params.get("api_key") or request.headers.get(HEADER)
    if token and not is_uuid(token):
        raise InvalidRequestError.of_field(HEADER, "is not a UUID", COMPREFACE.hint)
    return await by_token(edge, token, COMPREFACE)


async def gallery(
    request: Request, edge: AtEdge, caller: Annotated[Principal, Depends(principal)]
) -> Collection:
    """The collection of the caller's key, which says it while auth is off, too."""
    found = caller.collection or (await authenticate(edge, request)).collection
    if found is None:
        raise UnknownCollectionError("The key's collection is gone.", hint=COMPREFACE.hint)
    return found


Gallery = Annotated[Collection, Depends(gallery)]
