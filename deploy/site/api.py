"""The pages of the HTTP API and of its objects, from the service's OpenAPI description."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_API = """# HTTP API

```sh
curl --header "Authorization: Bearer $KEY" http://127.0.0.1:8000/v1/collections
```

Every route of the service, made from its own description, which a server also answers at
`/openapi.json` and shows at `/docs`. Bodies with pictures are `multipart/form-data`, or JSON with
base64. [Errors](errors.md) are `application/problem+json`; those of a route are named by their
codes. Any route may answer `overloaded`, `deadline-exceeded` and `internal-error` besides.
"""
_OBJECTS = """# Objects of the HTTP API

What [routes](api.md) take and answer, by name. Made from the service's own description.
"""
_WORDS = {"binary": "file", "byte": "base64", "object": "JSON object"}
_METHODS = ("get", "post", "put", "patch", "delete")
_CODES = re.compile(r"^Problem: (.*)$")
Document = Mapping[str, Any]


def api_page(description: Document) -> str:
    """The page of routes, by tag in the order of the description."""
    by_tag: dict[str, list[tuple[str, str, Document]]] = {}
    for path, operations in description["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                tag = next(iter(operation.get("tags", ())), "server")
                by_tag.setdefault(tag, []).append((method.upper(), path, operation))
    parts = [_API]
    for tag, operations in by_tag.items():
        parts.append(f"\n## {tag.capitalize()}\n")
        for method, path, operation in operations:
            parts += _operation(method, path, operation)
    return "".join(parts)


def objects_page(description: Document) -> str:
    """The page of schemas, by name."""
    schemas = description["components"]["schemas"]
    return _OBJECTS + "".join(
        part for name in sorted(schemas) for part in schema_section(name, schemas[name])
    )


def _operation(method: str, path: str, operation: Document) -> Iterator[str]:
    yield f"\n### {method} {path}\n\n"
    yield f"{_text(operation.get('description') or operation.get('summary', ''))}\n"
    if parameters := operation.get("parameters"):
        yield "\n| parameter | in | type | meaning |\n| --- | --- | --- | --- |\n"
        for one in parameters:
            name = f"`{one['name']}`" + (" (required)" if one.get("required") else "")
            described = _cell(one.get("description") or one["schema"].get("description", ""))
            yield f"| {name} | {one['in']} | {_type(one['schema'])} | {described} |\n"
    if body := operation.get("requestBody"):
        yield from _body(body["content"])
    yield from _answers(operation["responses"])


def _body(content: Document) -> Iterator[str]:
    """The media types and the fields; what a form takes as files is told beside them."""
    schemas = [one.get("schema", {}) for one in content.values()]
    yield f"\nTakes {' or '.join(f'`{media}`' for media in content)}"
    fields = [one for one in schemas if "properties" in one]
    if not fields:
        yield f": {' or '.join(dict.fromkeys(_type(one) for one in schemas))}\n"
        return
    yield "\n\n| field | type | meaning |\n| --- | --- | --- |\n"
    properties = {name: one for schema in fields for name, one in schema["properties"].items()}
    required = {name for schema in fields for name in schema.get("required", ())}
    for name, one in properties.items():
        kinds = dict.fromkeys(
            _type(schema["properties"][name]) for schema in fields if name in schema["properties"]
        )
        shown = f"`{name}`" + (" (required)" if name in required else "")
        yield f"| {shown} | {' or '.join(kinds)} | {_cell(one.get('description', ''))} |\n"


def _answers(responses: Document) -> Iterator[str]:
    yield "\n"
    problems = []
    for status, answer in sorted(responses.items()):
        if codes := _CODES.match(answer.get("description", "")):
            problems += [f"`{code}`" for code in codes[1].split(", ")]
        elif status.startswith("2"):
            kinds = [
                f"`{media}` {_type(content.get('schema', {}))}".strip()
                for media, content in answer.get("content", {}).items()
            ]
            yield f"Answers **{status}** {', or '.join(kinds)}\n\n"
    if problems:
        yield f"Errors: {', '.join(problems)}\n"


def schema_section(name: str, schema: Document) -> Iterator[str]:
    """The section of one JSON schema: its text, and a row for each field."""
    yield f"\n## {_title(name)}\n\n"
    if described := schema.get("description"):
        yield f"{_text(described)}\n\n"
    properties = schema.get("properties")
    if not properties:
        yield f"{_type(schema)}\n"
        return
    required = set(schema.get("required", ()))
    yield "| field | type | meaning |\n| --- | --- | --- |\n"
    for field, one in properties.items():
        shown = f"`{field}`" + (" (required)" if field in required else "")
        yield f"| {shown} | {_type(one)} | {_cell(one.get('description', ''))} |\n"


def _type(schema: Document) -> str:
    """The type in words, with its bounds and default, and a link where it has a name."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{_title(name)}](objects.md#{_anchor(name)})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[several]))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if parts := schema.get("prefixItems"):
        return f"list of {len(parts)}: {' or '.join(dict.fromkeys(_type(one) for one in parts))}"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}{_bounds(schema)}"
    words = str(schema.get("format") or schema.get("type") or "any JSON")
    return _WORDS.get(words, words) + _bounds(schema)


def _bounds(schema: Document) -> str:
    """What limits a value, and its default."""
    names = {
        "minimum": "at least {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
        "minItems": "{} or more",
        "maxItems": "{} at most",
        "maxLength": "{} characters at most",
        "default": "default `{}`",
    }
    described = [
        words.format(_number(schema[name])) for name, words in names.items() if name in schema
    ]
    return f" ({', '.join(described)})" if described else ""


def _number(value: Any) -> str:
    """The value as JSON writes it, without a fraction that says nothing."""
    whole = isinstance(value, float) and value.is_integer()
    return _cell(json.dumps(int(value) if whole else value, ensure_ascii=False))


def _title(name: str) -> str:
    return re.sub(r"[^\w]+", " ", name).strip()


def _anchor(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name).strip("-").lower()


def _text(text: str) -> str:
    return text.strip()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
