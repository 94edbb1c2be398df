"""Schemas of the OpenAPI description as types of TypeScript."""

import json
import re
from collections.abc import Mapping
from typing import Any

from deploy.clients.python import plain_name

Schema = Mapping[str, Any]
PICTURE = "P"
"""The type parameter that stands for the contents of a file."""
_SIMPLE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
_PAGE = re.compile(r"^Page_(\w+)_$")
_REFERENCE = "#/components/schemas/"


def interfaces(description: Schema) -> str:
    """Every schema that is no page, as an interface or a type."""
    schemas = description["components"]["schemas"]
    return "\n".join(
        _declaration(plain_name(name), schema)
        for name, schema in sorted(schemas.items(), key=lambda pair: plain_name(pair[0]))
        if not _PAGE.match(name)
    )


def interface(name: str, schema: Schema, description: str = "") -> str:
    """An object's interface; of the fields those that are required are there."""
    lines = [comment(description), f"export interface {name} {{"]
    required = schema.get("required", ())
    for field, one in schema.get("properties", {}).items():
        lines.append(comment(one.get("description", ""), "  "))
        mark = "" if field in required else "?"
        lines.append(f"  {_field(field)}{mark}: {expression(one)};")
    return "\n".join([line for line in lines if line] + ["}", ""])


def expression(schema: Schema) -> str:
    """The type of a value. Raises ValueError for a schema that it does not know."""
    if "$ref" in schema:
        return _reference(schema["$ref"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " | ".join(dict.fromkeys(expression(one) for one in schema[word]))
    return _of_type(schema)


def page_of(schema: Schema) -> str | None:
    """The type of what is on the page, if the schema is a page's."""
    match = _PAGE.match(str(schema.get("$ref", "")).removeprefix(_REFERENCE))
    return None if match is None else plain_name(match[1])


def comment(text: str, indent: str = "") -> str:
    """Documentation; nothing for no text."""
    if not text:
        return ""
    lines = text.replace("*/", "* /").strip().splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    rest = [f"{indent} * {line}".rstrip() for line in lines]
    return "\n".join([f"{indent}/**", *rest, f"{indent} */"])


def _declaration(name: str, schema: Schema) -> str:
    text = str(schema.get("description", ""))
    if schema.get("type") == "object" and "properties" in schema:
        return interface(name, schema, text)
    return "\n".join(filter(None, [comment(text), f"export type {name} = {expression(schema)};\n"]))


def _of_type(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(expression({**schema, "type": one}) for one in kind)
    if kind == "string" and schema.get("format") == "binary":
        return PICTURE
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind == "array":
        return _array(schema)
    if kind == "object":
        return _object(schema)
    if kind is None and not set(schema) - {"title", "description", "default", "examples"}:
        return "unknown"
    raise ValueError(f"no type of TypeScript is known for {dict(schema)}")


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(expression(one) for one in schema['prefixItems'])}]"
    element = expression(schema.get("items", {}))
    return f"({element})[]" if " | " in element else f"{element}[]"


def _object(schema: Schema) -> str:
    if "properties" in schema:
        required = schema.get("required", ())
        fields = (
            f"{_field(name)}{'' if name in required else '?'}: {expression(one)}"
            for name, one in schema["properties"].items()
        )
        return f"{{ {'; '.join(fields)} }}"
    values = schema.get("additionalProperties", True)
    return f"Record<string, {expression(values if isinstance(values, Mapping) else {})}>"


def _reference(target: str) -> str:
    page = page_of({"$ref": target})
    return f"Page<{page}>" if page else plain_name(target.removeprefix(_REFERENCE))


def _field(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)
