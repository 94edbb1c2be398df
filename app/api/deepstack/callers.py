"""Callers of DeepStack's routes: where their key stands, and which collection is theirs.

These clients send their key as a field of the form, beside the picture. Facet knows callers before
it reads a body, so the key stands in a header or in the URL. See docs/adr/0022.
"""

import binascii
from base64 import b64decode

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param

from app.api.edge import Edge
from app.api.kit.access import by_token
from app.domain.errors.gallery import UnknownCollectionError
from app.domain.errors.requests import InsufficientScopeError, MissingKeyError
from app.services.keys import Principal


async def authenticate(edge: Edge, request: Request) -> Principal:
    """The caller by a key in a header or the URL, or the one of FACET_DEEPSTACK_KEY.

    Raises what `Keys.authenticate` raises.
    """
    token = _sent(request) or _of_the_network(edge, request)
    if not token:
        raise MissingKeyError(
            "This needs an API key in a header or the URL; one in the form is not looked at.",
            hint="Put it into the address that the client is given: http://facet:KEY@host:port.",
        )
    return await by_token(edge, token)


def collection_of(caller: Principal, otherwise: str) -> str:
    """The name of the collection that the caller's key is bound to, or of the one `otherwise`.

    Raises InsufficientScopeError where there is neither, UnknownCollectionError when it is gone.
    """
    if caller.collection is not None:
        return caller.collection.name
    if caller.collection_id is not None:
        raise UnknownCollectionError("The collection that the key is bound to is gone.")
    if not otherwise:
        raise InsufficientScopeError(
            "The key is bound to no collection, and requests of this kind name none.",
            hint="Make one with `facet keys create --scope write --collection NAME`, or set "
            "FACET_DEEPSTACK_COLLECTION.",
        )
    return otherwise


def _sent(request: Request) -> str | None:
    """The key of `Authorization` (Bearer, or Basic as its password), `X-Api-Key` or `?api_key=`."""
    scheme, given = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() == "bearer":
        return given
    if scheme.lower() == "basic":
        return _password(given)
    return request.headers.get("x-api-key") or request.query_params.get("api_key")


def _password(given: str) -> str | None:
    """The password of Basic credentials; the name, where a client sends the key as that."""
    try:
        name, _, password = b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return given
    return password or name


def _of_the_network(edge: Edge, request: Request) -> str | None:
    """The operator's key for those who send none, programs alone.

    A page of anybody's that a browser in the network shows can send a form as well; browsers say
    so by `Origin` with every POST.
    """
    if request.method != "POST" or "origin" in request.headers:
        return None
    return edge.settings.deepstack_key.get_secret_value()
