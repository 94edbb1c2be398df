"""The OpenAPI description, corrected and completed where the framework's falls short."""

from typing import Any

from fastapi import FastAPI

from app.api.v1.problems import SCHEMA, Problem

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
            _add_problem(description)
            _link(description["paths"])
        return description

    app.openapi = openapi  # type: ignore[method-assign]


def _add_problem(description: dict[str, Any]) -> None:
    """Add the schema that the responses of problems name."""
    schemas = description["components"]["schemas"]
    schemas[SCHEMA] = Problem.model_json_schema(mode="serialization")
    description["components"]["schemas"] = dict(sorted(schemas.items()))


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
