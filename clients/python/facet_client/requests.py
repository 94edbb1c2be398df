"""Requests and answers, whoever carries them."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from facet_client.failures import FacetError
from facet_client.generated.errors import BY_CODE

Image = bytes | str | os.PathLike[str]
"""The bytes of a file, or its path."""
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that can be sent again and again."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    files: Sequence[tuple[str, bytes]] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    """Whether it may be sent again when nobody knows what became of it."""

    def arguments(self) -> dict[str, Any]:
        """As httpx takes them."""
        given: dict[str, Any] = {
            "method": self.method,
            "url": self.path,
            "params": {n: _text(v) for n, v in self.params.items() if v is not None},
            "headers": dict(self.headers),
        }
        if self.json is not None:
            given["json"] = self.json
        if self.files:
            given["files"] = [
                (name, (name, content, "application/octet-stream")) for name, content in self.files
            ]
            given["data"] = {n: _text(v) for n, v in self.fields.items() if v is not None}
        return given


def address(*parts: str | int) -> str:
    """The path of these parts below /v1, each quoted."""
    return "/v1/" + "/".join(quote(str(part), safe="") for part in parts)


def content_of(image: Image) -> bytes:
    """The bytes of a picture or recording."""
    return image if isinstance(image, bytes) else Path(image).read_bytes()


def parsed(model: type[Model], response: httpx.Response) -> Model:
    """The answer as the model. Raises FacetError for one that is no success."""
    checked(response)
    return model.model_validate_json(response.content)


def checked(response: httpx.Response) -> httpx.Response:
    """The response, which has been read. Raises FacetError, as its code's class."""
    if response.is_success:
        return response
    raise failure(response.status_code, response.content)


def failure(status: int, content: bytes) -> FacetError:
    """The exception for an answer that is no success."""
    try:
        problem = json.loads(content)
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    return BY_CODE.get(str(problem.get("code")), FacetError)(status, problem)


def _text(value: Any) -> Any:
    """As forms and queries have it: objects as JSON, lists as one field for each value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    return str(value)
