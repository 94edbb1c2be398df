"""The OpenAPI description shows an example for every route."""

import json
from typing import Any

import jsonschema

from tests.api.conftest import Client


def _resolved(schema: Any, document: dict[str, Any]) -> Any:
    """The schema's text with every reference replaced by what it refers to."""
    if isinstance(schema, dict) and "$ref" in schema:
        return _resolved(document["components"]["schemas"][schema["$ref"].split("/")[-1]], document)
    if isinstance(schema, dict):
        return {key: _resolved(value, document) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_resolved(value, document) for value in schema]
    return schema


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_has_an_example(client: Client) -> None:
    document = client.get("/openapi.json").json()
    operations = _operations(document)
    assert len(operations) >= 25
    for name, operation in operations:
        shown = {
            "parameters": operation.get("parameters", []),
            "body": operation.get("requestBody", {}),
            "answer": [
                answer
                for status, answer in operation["responses"].items()
                if status.startswith("2")
            ],
        }
        assert '"example' in json.dumps(_resolved(shown, document)), name


def test_examples_fit_their_schemas(client: Client) -> None:
    document = client.get("/openapi.json").json()
    checked = 0
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            resolved = _resolved(schema, document)
            jsonschema.validate(example, {k: v for k, v in resolved.items() if k != "examples"})
            checked += 1
            assert name
    assert checked >= 8
