"""Operations as methods of TypeScript, and what is sent by them as types."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deploy.clients.typescript.operations import Operation, camel, words
from deploy.clients.typescript.schemas import PICTURE, comment, expression, interface, page_of

_OF_LISTS = ("cursor", "limit")
_OWN = {"jobs": "Jobs"}
"""Groups whose classes are written by hand, over the made ones."""
_LINE = 100


def options(groups: Mapping[str, Sequence[Operation]]) -> str:
    """The interfaces of what operations are asked with."""
    parts = []
    for operation in _all(groups):
        schema = _asked(operation)
        if schema["properties"]:
            name = f"{operation.title}Options{_generic(schema)}"
            parts.append(interface(name, schema, f"What `{_called(operation)}` is asked with."))
    return "\n".join(parts)


def classes(groups: Mapping[str, Sequence[Operation]]) -> str:
    """A class for each group, with a method for each of its operations."""
    return "\n".join(_class(group, found) for group, found in sorted(groups.items()))


def all_groups(groups: Mapping[str, Sequence[Operation]]) -> str:
    """The class that has every group as a field, and extends that of recognition."""
    fields = [
        (camel(group), *_class_of(group, found))
        for group, found in sorted(groups.items())
        if group != "recognition"
    ]
    imported = {"RecognitionRoutes", *(name for _, name, _ in fields)} - set(_OWN.values())
    lines = ["import {", *(f"  {name}," for name in sorted(imported)), "} from './groups.ts';"]
    lines += [f"import {{ {name} }} from '../{group}.ts';" for group, name in _OWN.items()]
    lines += [
        "import type { Picture } from '../requests.ts';",
        "import type { Sender } from '../transport.ts';\n",
        "/** Every route, by what it is about; those that recognize stand here. */",
        f"export class Routes<{PICTURE} = Picture> extends RecognitionRoutes<{PICTURE}> {{",
    ]
    lines += [f"  readonly {field}: {name}{generic};" for field, name, generic in fields]
    lines += ["\n  constructor(sender: Sender) {", "    super(sender);"]
    lines += [f"    this.{field} = new {name}(sender);" for field, name, _ in fields]
    return "\n".join([*lines, "  }", "}", ""]).replace("'", '"')


def names_in(text: str, known: Iterable[str]) -> list[str]:
    """The types that a program speaks of outside of its comments, in order."""
    program = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    used = set(re.findall(r"\b[A-Z]\w*\b", program))
    return sorted(used & set(known))


def _class(group: str, found: Sequence[Operation]) -> str:
    generic = f"<{PICTURE} = Picture>" if _takes_pictures(found) else ""
    lines = [
        f"export class {words(group)}Routes{generic} {{",
        "  protected readonly sender: Sender;\n",
        "  constructor(sender: Sender) {",
        "    this.sender = sender;",
        "  }",
    ]
    for operation in found:
        lines += ["", *_method(operation)]
    return "\n".join([*lines, "}", ""])


def _class_of(group: str, found: Sequence[Operation]) -> tuple[str, str]:
    """The class of a group's field, and its type parameter."""
    if group in _OWN:
        return _OWN[group], ""
    return f"{words(group)}Routes", f"<{PICTURE}>" if _takes_pictures(found) else ""


def _method(operation: Operation) -> list[str]:
    verb, answer = _verb(operation)
    arguments = [f"{name}: {kind}" for name, kind in operation.places.items()]
    schema, sent = _asked(operation), ""
    if schema["properties"]:
        generic = f"<{PICTURE}>" if _generic(schema) else ""
        default = "" if schema["required"] else " = {}"
        arguments.append(f"options: {operation.title}Options{generic}{default}")
        sent = f", {operation.body[0] if operation.body else 'query'}: options{_files(schema)}"
    elif operation.body:
        sent = f", {operation.body[0]}: {{}}"
    arguments.append("call: Call = {}")
    path = re.sub(r"{(\w+)}", r"${\1}", operation.path)
    repeatable = str(operation.repeatable).lower()
    if any(one["name"] == "dry_run" for one in operation.query):
        repeatable = "options.dry_run === true"
    keyed = ", keyed: true" if operation.keyed else ""
    about = str(operation.raw.get("description") or operation.raw.get("summary", ""))
    route = f"{operation.method.upper()} {operation.path}"
    return [
        comment(f"{about}\n\n`{route}`", "  "),
        *_signature(operation.name, arguments, answer),
        f"    return this.sender.{verb}(",
        f'      {{ method: "{operation.method.upper()}", path: address`{path}`{sent}, '
        f"repeatable: {repeatable}{keyed} }},",
        "      call,",
        "    );",
        "  }",
    ]


def _signature(name: str, arguments: list[str], answer: str) -> list[str]:
    line = f"  {name}({', '.join(arguments)}): {answer} {{"
    if len(line) <= _LINE:
        return [line]
    return [f"  {name}(", *(f"    {one}," for one in arguments), f"  ): {answer} {{"]


def _verb(operation: Operation) -> tuple[str, str]:
    """The sender's method, and what it gives."""
    kind, schema = operation.answer
    page = page_of(schema)
    if page is not None:
        return "list", f"Listing<{page}>"
    if kind == "application/json":
        return "json", f"Promise<{expression(schema)}>"
    if kind == "text/event-stream":
        return "events", "AsyncGenerator<ServerEvent>"
    if not kind:
        return "nothing", "Promise<void>"
    return ("text", "Promise<string>") if kind == "text/plain" else ("blob", "Promise<Blob>")


def _asked(operation: Operation) -> dict[str, Any]:
    """What an operation is asked with, as one schema. Raises ValueError for body and query."""
    query = {
        one["name"]: {**one["schema"], "description": one.get("description", "")}
        for one in operation.query
    }
    required = [one["name"] for one in operation.query if one.get("required")]
    if operation.body is None:
        if page_of(operation.answer[1]) is not None:
            query["cursor"]["description"] = "Where to begin: the `next_cursor` of a page."
        return {"properties": query, "required": required}
    if query:
        raise ValueError(f"{operation.method} {operation.path} takes a body and a query")
    schema = operation.body[1]
    return {"properties": schema["properties"], "required": schema.get("required", [])}


def _files(schema: Mapping[str, Any]) -> str:
    """The fields of a form that are files."""
    names = [name for name, one in schema["properties"].items() if _has_picture([one])]
    return f", files: {json.dumps(names)}" if names else ""


def _generic(schema: Mapping[str, Any]) -> str:
    return f"<{PICTURE} = Picture>" if _has_picture(schema["properties"].values()) else ""


def _has_picture(schemas: Iterable[Any]) -> bool:
    return any(re.search(rf"\b{PICTURE}\b", expression(one)) for one in schemas)


def _takes_pictures(found: Sequence[Operation]) -> bool:
    return any(_has_picture(_asked(one)["properties"].values()) for one in found)


def _called(operation: Operation) -> str:
    group = "" if operation.group == "recognition" else f"{camel(operation.group)}."
    return f"{group}{operation.name}"


def _all(groups: Mapping[str, Sequence[Operation]]) -> list[Operation]:
    return [one for _, found in sorted(groups.items()) for one in found]
