"""Operations of the OpenAPI description, with the names that the client has for them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_NAMED_APART = {
    ("get", "/healthz"): ("server", "health"),
    ("get", "/readyz"): ("server", "ready"),
    ("get", "/metrics"): ("server", "metrics"),
    ("post", "/v1/collections/{collection}/reencodings"): ("collections", "reencode"),
    ("get", "/v1/receipt-keys"): ("receipts", "keys"),
}
"""Group and method of those whose tag and function say something else."""
_ASKING = ("recognition", "sequences")
"""Tags of routes that change nothing when they answer 200."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: a method of a group of the client."""

    method: str
    path: str
    group: str
    """The tag, or `server`."""
    name: str
    """As TypeScript has it."""
    raw: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The name that is used in names of types."""
        name = self.name[0].upper() + self.name[1:]
        return name if self.group == "recognition" else f"{words(self.group)}{name}"

    @property
    def places(self) -> dict[str, str]:
        """The parameters in the path, in order, with their types."""
        types = {
            one["name"]: "number" if one["schema"].get("type") == "integer" else "string"
            for one in self._parameters("path")
        }
        return {name: types[name] for name in re.findall(r"{(\w+)}", self.path)}

    @property
    def query(self) -> list[Mapping[str, Any]]:
        """The parameters of the query."""
        return self._parameters("query")

    @property
    def body(self) -> tuple[str, Mapping[str, Any]] | None:
        """How the body is sent, `form` or `json`, and its schema."""
        content = self.raw.get("requestBody", {}).get("content", {})
        for kind, name in (("multipart/form-data", "form"), ("application/json", "json")):
            if kind in content:
                return name, content[kind]["schema"]
        if content:
            raise ValueError(f"{self.method} {self.path}: what is sent as {list(content)}?")
        return None

    @property
    def answer(self) -> tuple[str, Mapping[str, Any]]:
        """Type and schema of the answer that is a success."""
        found = next(one for status, one in self.raw["responses"].items() if status[0] == "2")
        content = found.get("content", {})
        if "application/json" in content:
            return "application/json", content["application/json"].get("schema", {})
        return next(((kind, one.get("schema", {})) for kind, one in content.items()), ("", {}))

    @property
    def keyed(self) -> bool:
        """Whether it takes an Idempotency-Key."""
        return any(one["name"].lower() == "idempotency-key" for one in self._parameters("header"))

    @property
    def repeatable(self) -> bool:
        """Whether it does no harm to send it again."""
        if self.method in ("get", "put", "patch") or self.keyed:
            return True
        tags = self.raw.get("tags", ())
        asks = any(tag in _ASKING for tag in tags) and "200" in self.raw["responses"]
        return self.method == "post" and asks

    def _parameters(self, place: str) -> list[Mapping[str, Any]]:
        return [one for one in self.raw.get("parameters", ()) if one["in"] == place]


def operations(description: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Every operation by its group. Raises ValueError where two would have one name."""
    groups: dict[str, list[Operation]] = {}
    for operation in _operations(description):
        group = groups.setdefault(operation.group, [])
        if any(one.name == operation.name for one in group):
            path = f"{operation.method} {operation.path}"
            raise ValueError(f"{path}: name it in {__name__}, there is a {operation.name} already")
        group.append(operation)
    return groups


def camel(name: str) -> str:
    """The name as fields and methods have it."""
    return name[0].lower() + words(name)[1:]


def words(name: str) -> str:
    """The name as types have it."""
    return "".join(part[0].upper() + part[1:] for part in re.split(r"[-_ ]+", name) if part)


def _operations(description: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method in _METHODS:
            if method in methods:
                raw = methods[method]
                group, name = _NAMED_APART.get((method, path)) or _named(raw)
                yield Operation(method, path, group, camel(name), raw)


def _named(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Group and method by tag and function: `list_faces` of faces is `list`."""
    group = raw["tags"][0]
    function = re.split(r"_v\d+_", raw["operationId"])[0]
    if function.startswith("list_"):
        return group, "list"
    return group, re.sub(r"^enrol$", "enroll", function)
