"""JSON bodies as a dependency of routes, and the description of any body."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from app.api.kit.body.intake import Intake
from app.api.kit.body.parsing import BodyFormat
from app.api.kit.body.shape import shape_of
from app.api.kit.wire_format import Mounted

Body = TypeVar("Body", bound=BaseModel)


class Bounds(Protocol):
    """The bounds that a format of bodies gives before they are read."""

    @property
    def largest(self) -> int: ...

    def check_type(self, content_type: str) -> None: ...


BODY_PROBLEMS = (
    "invalid-json",
    "invalid-request",
    "request-too-large",
    "request-timeout",
    "unsupported-media-type",
    "overloaded",
)
"""Codes that reading a body may answer."""

_SMALL = 4 * 2**10
"""Bytes of JSON that are parsed in less time than it takes to hand them to a thread."""


def json_body(model: type[Body]) -> Callable[[Request], Awaitable[Body]]:
    """A dependency that reads a JSON body; it stands behind the one that grants access.

    The framework would read a body of its own accord before it asks who sends it.
    """

    async def read(request: Request) -> Body:
        mounted = Mounted.of(request)
        form = BodyFormat(model, mounted.edge.settings, mounted.wire_format.body_limits)
        content_type, content = await received(request, form)
        if len(content) <= _SMALL:
            return form.parse(content_type, content)
        return await run_in_threadpool(form.parse, content_type, content)

    return read


async def received(request: Request, form: Bounds) -> tuple[str, bytearray]:
    """The body's type and content. Raises what `Intake.read` raises, and for unknown types."""
    content_type = request.headers.get("content-type", "")
    intake = Intake.of(request)
    intake.check(form.largest)
    form.check_type(content_type)
    return content_type, await intake.read(form.largest)


def _whole(schema: Any, parts: Mapping[str, Any]) -> Any:
    """The schema with every reference replaced by the part it names.

    The models of bodies are not among the components of the description: nothing else names them.
    """
    if isinstance(schema, list):
        return [_whole(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        part = parts[schema["$ref"].rpartition("/")[2]]
        return _whole(
            part | {name: value for name, value in schema.items() if name != "$ref"}, parts
        )
    return {name: _whole(value, parts) for name, value in schema.items()}


def documented(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI request body of a route that reads `model`."""
    schema = model.model_json_schema()
    schema = _whole(schema, schema.pop("$defs", {}))
    schema.pop("title", None)
    examples = schema.pop("examples", None)
    example = {"example": examples[0]} if examples else {}
    content: dict[str, Any] = {}
    if shape_of(model).files:
        form = json.loads(json.dumps(schema).replace('"format": "byte"', '"format": "binary"'))
        content["multipart/form-data"] = {"schema": form}
    content["application/json"] = {"schema": schema, **example}
    return {"requestBody": {"required": True, "content": content}}
