"""The made part of `clients/python`: `python -m deploy.clients.python`.

Models and options come from the OpenAPI description, exceptions from the table of errors, and the
synchronous client from the asynchronous one.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.api.kit.problem_kinds import PROBLEM_KINDS
from deploy.site.__main__ import own_description

PACKAGE = Path(__file__).parents[2] / "clients" / "python" / "facet_client"
_HEAD = '"""{}\n\nMade by `python -m deploy.clients.python`; changed there, never here.\n"""\n\n'
_OPTIONS = {
    "DetectOptions": "/v1/detect",
    "EmbedOptions": "/v1/embed",
    "VerifyOptions": "/v1/verify",
    "ClaimOptions": "/v1/collections/{collection}/subjects/{subject}/verify",
    "RecognizeOptions": "/v1/collections/{collection}/recognize",
    "EnrollOptions": "/v1/collections/{collection}/subjects/{subject}/faces",
    "RecordingOptions": "/v1/collections/{collection}/sequences/recognize",
    "DateOptions": "/v1/sequences/dates",
}
"""By the routes that take them."""
_SENT_APART = frozenset({"image", "images", "video", "probe", "reference", "text"})
_SYNCHRONOUS = {
    r"\basync (def|for|with)\b": r"\1",
    r"\basynccontextmanager\b": "contextmanager",
    r"\bawait ": "",
    r"\bAsync(Client|Iterator|BaseTransport|Collections|Subjects|Faces|Jobs)\b": r"\1",
    r"\b__a(enter|exit)__\b": r"__\1__",
    r"\ba(close|read|iter_lines|iter_bytes)\b": r"\1",
    r"\bAsynchronous\b": "Synchronous",
    r"\basynchronous\b": "synchronous",
    r"\bpause_async\b": "pause",
}


def made_files(description: Mapping[str, Any]) -> dict[str, str]:
    """Every made file of the package by its path there, for a description of the service."""
    files = {
        "generated/models.py": _HEAD.format("Answers of the service.") + _models(description),
        "generated/options.py": _HEAD.format("Options of requests.") + _options(description),
        "generated/errors.py": _HEAD.format("Exceptions, one for each code.") + _errors(),
    }
    for source in sorted((PACKAGE / "asynchronous").glob("*.py")):
        files[f"synchronous/{source.name}"] = synchronous(source.read_text(encoding="utf-8"))
    return {path: _formatted(text) for path, text in files.items()}


def synchronous(text: str) -> str:
    """The same program without waiting for others meanwhile."""
    for pattern, replacement in _SYNCHRONOUS.items():
        text = re.sub(pattern, replacement, text)
    head, quotes, rest = text.partition('"""\n')
    note = "\n\nMade of `facet_client/asynchronous` by `python -m deploy.clients.python`.\n"
    return head + note + quotes + rest


def _models(description: Mapping[str, Any]) -> str:
    schemas = description["components"]["schemas"]
    names = {name: plain_name(name) for name in schemas}
    text = json.dumps({"openapi": "3.1.0", "components": {"schemas": schemas}})
    for name, plain in names.items():
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{plain}"')
    document = json.loads(text)
    document["components"]["schemas"] = {
        names[name]: {**_untitled(schema), "title": names[name]}
        for name, schema in document["components"]["schemas"].items()
    }
    return _generated(document, "pydantic_v2.BaseModel")


def _untitled(part: Any) -> Any:
    """The part of a description without the titles of fields, which repeat their names."""
    if isinstance(part, list):
        return [_untitled(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _untitled(one)
        for name, one in part.items()
        if name not in ("title", "examples") or not isinstance(one, str | list)
    }


def plain_name(name: str) -> str:
    """The name as programs read it: of pages by what is on them, of candidates by their kind."""
    if name.startswith("Page_"):
        return f"{name[5:-1]}Page"
    if "__" in name:
        *_, module, last = name.split("__")
        return last if module == "decisions" else f"{module.capitalize().rstrip('s')}{last}"
    return name


def _options(description: Mapping[str, Any]) -> str:
    schemas = {}
    for name, path in _OPTIONS.items():
        content = description["paths"][path]["post"]["requestBody"]["content"]
        schema = content["application/json"]["schema"]
        fields = {
            field: _without_bounds(one)
            for field, one in schema["properties"].items()
            if field not in _SENT_APART
        }
        schemas[name] = {"type": "object", "title": name, "properties": fields}
    document = {"openapi": "3.1.0", "components": {"schemas": schemas}}
    return _generated(document, "typing.TypedDict")


def _without_bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field without its default: what is left out is left to the server."""
    return {name: value for name, value in schema.items() if name not in ("default", "title")}


def _generated(document: Mapping[str, Any], kind: str) -> str:
    with tempfile.TemporaryDirectory() as directory:
        source, made = Path(directory, "in.json"), Path(directory, "out.py")
        source.write_text(json.dumps(document), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "datamodel_code_generator"),
            *("--input", str(source), "--input-file-type", "openapi", "--output", str(made)),
            *("--output-model-type", kind, "--target-python-version", "3.11"),
            *("--enum-field-as-literal", "all", "--use-standard-collections"),
            *("--use-union-operator", "--use-schema-description", "--use-field-description"),
            *("--use-double-quotes", "--disable-timestamp", "--use-annotated", "--strict-nullable"),
            *("--allow-extra-fields",) * (kind != "typing.TypedDict"),
        ]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        text = made.read_text(encoding="utf-8")
    return re.sub(r"\A(#.*\n|\n)+", "", text)


def _errors() -> str:
    parts = ["from facet_client.failures import FacetError\n"]
    table = []
    for slug, kind in PROBLEM_KINDS.items():
        name = "".join(word.capitalize() for word in slug.split("-")) + "Error"
        parts.append(f'class {name}(FacetError):\n    """{kind.title}. {kind.hint}"""\n')
        table.append(f'    "{slug}": {name},')
    parts.append("BY_CODE: dict[str, type[FacetError]] = {\n" + "\n".join(table) + "\n}\n")
    return "\n\n".join(parts)


def _formatted(text: str) -> str:
    """As the project's own files, so that a version of the generator does not show."""
    check = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--fix",
        "--unsafe-fixes",
        "--quiet",
        "--select",
        "I,UP",
    ]
    order = [sys.executable, "-m", "ruff", "format", "--quiet"]
    for command in (check, order):
        given = [*command, "--stdin-filename", str(PACKAGE / "generated" / "made.py"), "-"]
        done = subprocess.run(given, input=text, capture_output=True, text=True, check=False)  # noqa: S603
        text = done.stdout or text
    return text


if __name__ == "__main__":
    for name, text in made_files(own_description()).items():
        path = PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
