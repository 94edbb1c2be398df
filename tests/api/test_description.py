"""The OpenAPI description says what routes do, with examples; the glossary has their nouns."""

import json
import re
from typing import Any

import jsonschema

from app.api.kit.access import ACCESS_PROBLEMS
from app.api.kit.body.reading import BODY_PROBLEMS
from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.api.v1.problems import PICTURE_PROBLEMS
from tests.api.conftest import Client
from tests.api.declared import ANYWHERE, declared_codes
from tests.house.sources import ROOT


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


def test_routes_declare_what_access_and_bodies_may_answer(client: Client) -> None:
    for (method, path), declared in declared_codes(client.app).items():
        missing = set(ACCESS_PROBLEMS) - declared
        operation = client.app.openapi()["paths"][path][method.lower()]
        if "requestBody" in operation:
            missing |= set(BODY_PROBLEMS) - declared
            if "multipart/form-data" in operation["requestBody"]["content"]:
                missing |= set(PICTURE_PROBLEMS) - declared
        if "{collection}" in path:
            missing |= {"unknown-collection"} - declared
        assert not missing, (method, path)


def test_every_code_is_declared_by_a_route_or_belongs_to_none(client: Client) -> None:
    declared = {code for codes in declared_codes(client.app).values() for code in codes}
    assert set(PROBLEM_KINDS) - declared - ANYWHERE == {
        # Of connections, before there is a request.
        *("headers-too-large", "invalid-http"),
        # Of commands alone.
        "master-key-missing",
        *("model-exists", "index-in-use", "unwritable-place", "erased"),
        # Of the wire format of Rekognition alone.
        *("invalid-signature", "expired-signature", "replayed-request"),
        *("unknown-target", "unreadable-object"),
    }


def test_every_route_says_what_it_does(client: Client) -> None:
    for name, operation in _operations(client.get("/openapi.json").json()):
        assert operation["summary"] and operation.get("description"), name
        assert operation["tags"], name


def test_nouns_of_urls_stand_in_the_glossary(client: Client) -> None:
    glossary = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1] for row in glossary.splitlines() if row.startswith("| ")]
    words = set(re.findall(r"[a-z]+", " ".join(rows).lower()))
    paths = [path for path in client.get("/openapi.json").json()["paths"] if path[:4] == "/v1/"]
    nouns = {noun for path in paths for noun in path.split("/")[2:] if noun and noun[0] != "{"}
    missing = {noun for noun in nouns if not _known(noun, words)}
    assert len(nouns) > 10 and missing == set()


def _known(noun: str, words: set[str]) -> bool:
    """Whether the glossary has all its words, in the singular or as what is done."""
    stem = noun.removesuffix("e")
    forms = (noun, noun.removesuffix("s"), f"{stem}ing", f"{stem}{stem[-1]}ing")
    return any(set(form.split("-")) <= words for form in forms)
