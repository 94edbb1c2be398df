"""The one route of the format, and the way of a request to its operation."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

from app.api.edge import Edge
from app.api.kit.access import principal
from app.api.kit.admission import Admission
from app.api.kit.body.intake import Intake
from app.api.kit.errors import MethodNotAllowedError, UnsupportedMediaTypeError
from app.api.kit.problems import invalid_fields
from app.api.kit.rates import count
from app.api.rekognition.addresses import TARGET, takes
from app.api.rekognition.authentication import check_body
from app.api.rekognition.call import Call
from app.api.rekognition.faces import Answer
from app.api.rekognition.images import StoredObjects
from app.api.rekognition.operations.table import OPERATIONS, Operation
from app.api.rekognition.problems import MEDIA_TYPE, respond
from app.api.rekognition.requests import MAX_IMAGE_BYTES
from app.domain.errors.gallery import DuplicateCollectionError, UnknownCollectionError
from app.domain.errors.requests import InvalidJsonError, UnknownTargetError
from app.services.keys import Principal

_PREFIX = "rekognitionservice."
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_JSON_BYTES = 512 * 2**10
"""Room for everything but pictures: 4096 ids of faces take a third of it."""
_ENCODED = 1.4
"""Base64 takes 4/3, with line breaks a little more."""
_MOST_VALUES = 20_000
_HEAVY_BYTES = 4 * 2**20


class _OwnRoute(APIRoute):
    """A route that answers the requests of this format alone, at an address with others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or not takes(scope):
            return Match.NONE, {}
        return super().matches(scope)


def router(edge: Edge) -> APIRouter:
    """The format's route, over the edge."""
    made = APIRouter(route_class=_OwnRoute)
    settings = edge.settings
    objects = StoredObjects(settings.rekognition_buckets, settings.max_image_bytes)

    async def perform(
        request: Request, caller: Annotated[Principal, Depends(principal)]
    ) -> Response:
        if request.method != "POST":
            raise MethodNotAllowedError("Operations are asked for by POST.")
        operation = _operation(request)
        for need in operation.needs:
            caller.require(need)
        if operation.everywhere:
            caller.require_unbound()
        Intake.of(request).admitted = True
        return respond(await _performed(request, Call(edge, caller, objects), operation))

    made.add_api_route("/", perform, methods=_METHODS)
    return made


async def _performed(request: Request, call: Call, operation: Operation) -> Any:
    """Read the body, prove that it is the one that was signed, and do what it says."""
    settings = call.edge.settings
    most = _JSON_BYTES + int(operation.images * _ENCODED * MAX_IMAGE_BYTES)
    body = await Intake.of(request).read(min(most, settings.max_request_bytes))
    parse = partial(_parsed, request, call, operation, body)
    if not operation.images:
        asked, _ = await run_in_threadpool(parse)
        await count(request, call.caller, "requests")
        return await run_in_threadpool(_answered, operation, call, asked)
    reading = Admission(request, heavy=len(body) > _HEAVY_BYTES)
    asked, heavy = await reading.run(parse)
    # Counted when the signature is proven: nobody else uses up what a key may ask for.
    await count(request, call.caller, "requests")
    await count(request, call.caller, "pictures", operation.images)
    admission = Admission(request, heavy=heavy, after=reading)
    return await admission.run(_answered, operation, call, asked)


def _answered(operation: Operation, call: Call, asked: Any) -> Answer:
    """The operation's answer; errors about the collection name it as the client does."""
    try:
        return operation.perform(call, asked)
    except (UnknownCollectionError, DuplicateCollectionError) as error:
        named = getattr(asked, "collection_id", None) or error.data.get("collection")
        raise type(error)(error.message, hint=error.hint, collection=named) from error


def _parsed(
    request: Request, call: Call, operation: Operation, body: bytearray
) -> tuple[Any, bool]:
    """The request as its model, and whether its pictures are large ones."""
    if call.edge.settings.auth != "off":
        check_body(call.edge, request, body)
    fields = _json(body)
    body.clear()
    try:
        asked = operation.takes.model_validate(fields)
    except ValidationError as error:
        raise invalid_fields(error) from None
    pixels = sum(call.edge.count_pixels(content) for content in _pictures(asked))
    return asked, pixels > call.edge.settings.heavy_pixels


def _json(body: bytearray) -> Any:
    """The body's object. Raises InvalidJsonError."""
    if len(body) - len(body.translate(None, b",[{")) > _MOST_VALUES:
        raise InvalidJsonError(f"The body has more than {_MOST_VALUES} values.")
    try:
        fields = from_json(body or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJsonError("The body is not valid JSON.") from error
    if not isinstance(fields, dict):
        raise InvalidJsonError("The body must be a JSON object.")
    return fields


def _pictures(asked: Any) -> Iterator[bytes]:
    for name in ("image", "source_image", "target_image"):
        content = getattr(getattr(asked, name, None), "content", None)
        if content is not None:
            yield content


def _operation(request: Request) -> Operation:
    """The operation that the headers name. Raises UnknownTargetError and
    UnsupportedMediaTypeError."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != MEDIA_TYPE:
        raise UnsupportedMediaTypeError(
            f"Bodies of type {kind[:80] or 'nothing'} are not understood.",
            hint=f"Send {MEDIA_TYPE}, as SDKs do.",
        )
    target = request.headers.get(TARGET, "")
    name = target[len(_PREFIX) :] if target.lower().startswith(_PREFIX) else ""
    found = OPERATIONS.get(name) or _BY_SMALL_LETTERS.get(name.lower())
    if found is None:
        raise UnknownTargetError(
            f"There is no operation {json.dumps(target[:100])}.",
            hint=f"There are {', '.join(OPERATIONS)}.",
        )
    return found


_BY_SMALL_LETTERS = {name.lower(): operation for name, operation in OPERATIONS.items()}
"""Some clients send the whole header in small letters."""
