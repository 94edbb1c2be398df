"""Callers by signatures of version 4."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.api.edge import Edge
from app.api.rekognition.addresses import signed_paths
from app.domain.access.signatures import SentRequest
from app.services.keys import Principal
from app.services.signed_requests import Signed

SERVICE = "rekognition"
_KEY = "facet.signed"


async def authenticate(edge: Edge, request: Request) -> Principal:
    """The caller; raises what `SignedRequests.authenticate` raises.

    Nothing of the body is read here. JavaScript declares the body's digest in a header, so the
    signature is proven now and `check_body` compares the digest. Python declares none: the digest
    is a part of what is signed, so `check_body` proves the signature. Until then the caller has
    shown to know the name of a good key and no more: enough to have a body read, within its bounds,
    and not enough to have anything done with it.
    """
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    sent = SentRequest(request.method, signed_paths(request.scope), request.url.query, headers)
    attempt = f"{headers.get('amz-sdk-invocation-id', '')} {headers.get('amz-sdk-request', '')}"
    signed = await run_in_threadpool(
        edge.use_cases.signed_requests.authenticate, sent, SERVICE, attempt
    )
    request.scope[_KEY] = signed
    return signed.principal


def check_body(edge: Edge, request: Request, body: bytearray) -> None:
    """Prove that the body is the one that was signed, unless auth is off.

    Raises what `SignedRequests.check_body` raises.
    """
    signed: Signed | None = request.scope.get(_KEY)
    if signed is not None:
        edge.use_cases.signed_requests.check_body(signed, body)
