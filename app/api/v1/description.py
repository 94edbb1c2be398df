"""The OpenAPI description, corrected and completed where the framework's falls short."""

from typing import Any

from fastapi import FastAPI

_PROBLEM = "application/problem+json"
_MADE = {
    "/v1/collections": ("/v1/collections/{collection}", {"collection": "$response.body#/name"}),
    "/v1/collections/{collection}/subjects": (
        "/v1/collections/{collection}/subjects/{subject}",
        {"collection": "$request.path.collection", "subject": "$response.body#/id"},
    ),
    "/v1/collections/{collection}/subjects/{subject}/faces": (
        "/v1/collections/{collection}/faces/{face}",
        {"collection": "$request.path.collection", "face": "$response.body#/results/0/face/id"},
    ),
}
"""What POST makes, where that is found, and what names it there."""


def install(app: FastAPI) -> None:
    """Let the application describe itself as it is."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        fresh = app.openapi_schema is None
        description = generate()
        if fresh:
            for operations in description["paths"].values():
                for operation in operations.values():
                    _name_problems(operation)
            _link(description["paths"])
        return description

    app.openapi = openapi  # type: ignore[method-assign]


def _name_problems(operation: dict[str, Any]) -> None:
    """Problems have a media type of their own; the framework lists all models as plain JSON."""
    for response in operation["responses"].values():
        content = response.get("content", {})
        if _PROBLEM in content and "application/json" in content:
            content[_PROBLEM] = content.pop("application/json")


def _link(paths: dict[str, Any]) -> None:
    """Link what was made to all that can be done with it."""
    for path, (made, parameters) in _MADE.items():
        if path not in paths:
            continue
        paths[path]["post"]["responses"]["201"]["links"] = {
            operation["operationId"]: {
                "operationId": operation["operationId"],
                "parameters": parameters,
            }
            for other, operations in paths.items()
            if _takes_no_more_than(made, other)
            for operation in operations.values()
        }


def _takes_no_more_than(made: str, path: str) -> bool:
    """Whether the path is at or below `made` and needs nothing else; a merge needs another."""
    below = path == made or path.startswith(f"{made}/")
    return below and path.count("{") == made.count("{") and not path.endswith("/merge")
