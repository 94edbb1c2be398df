"""The page of manifests, from the classes that read them."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from deploy.site.api import schema_section
from models.registry.manifests.reading import MANIFESTS

_BEGINNING = """# Manifests

```toml
task = "encode-faces"       # and fields of an encoder's manifest, below
name = "my-encoder"
version = 1
```

A model is a TOML file and its weights; [Use another encoder](../how-to/encoders.md) shows a whole
one. `task` decides which fields there are. A missing or wrong one is named in the error,
`my-encoder.toml: input.size: Field required`, and so is one that no task knows. Fields that belong
to another task alone are passed over. Names of architectures stand in `models/nets/table.py`.
"""


def manifests_page() -> str:
    """The whole page: the manifest of each task, then the tables in them by name."""
    sections: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for kind in MANIFESTS:
        schema = kind.model_json_schema()
        tables |= schema.pop("$defs")
        del schema["properties"]["directory"]  # the place of the file itself
        if "input" not in schema["required"]:
            del schema["properties"]["input"]  # it takes no pictures
        schema["required"] = [*schema["required"], "task"]
        sections[kind.__name__] = schema
    described = _fields_by_class(MANIFESTS)
    ordered = sections | {name: tables[name] for name in sorted(tables)}
    for name, schema in ordered.items():
        for field, one in schema.get("properties", {}).items():
            one.setdefault("description", described[name].get(field, ""))
    page = "".join(part for name, one in ordered.items() for part in schema_section(name, one))
    return _BEGINNING + page.replace("(objects.md#", "(#")


def _fields_by_class(kinds: tuple[type[BaseModel], ...]) -> Mapping[str, Mapping[str, str]]:
    """The texts beside the fields of all models that these are made of, inherited ones too."""
    found: dict[str, dict[str, str]] = {}
    waiting: list[type[BaseModel]] = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in found:
            bases = [one for one in reversed(kind.__mro__) if issubclass(one, BaseModel)]
            texts = [_texts(one) for one in bases if one is not BaseModel]
            found[kind.__name__] = {name: text for part in texts for name, text in part.items()}
            waiting += _models_in([field.annotation for field in kind.model_fields.values()])
    return found


def _texts(kind: type) -> dict[str, str]:
    """The strings that stand under the fields of a class."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101
    return {
        field.target.id: text.value.value
        for field, text in pairwise(body.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _models_in(annotations: list[Any]) -> list[type[BaseModel]]:
    """The models that types mention, however deep."""
    found: list[type[BaseModel]] = []
    waiting = list(annotations)
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            found.append(one)
        waiting += getattr(one, "__args__", ())
    return found
