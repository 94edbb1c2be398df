"""Write the made part of `clients/typescript`: `python -m deploy.clients.typescript`.

Types and methods come from the OpenAPI description, codes from the table of errors.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.api.kit.problem_kinds import PROBLEM_KINDS
from deploy.clients.python import plain_name
from deploy.clients.typescript.operations import operations
from deploy.clients.typescript.routes import all_groups, classes, names_in, options
from deploy.clients.typescript.schemas import comment, interfaces
from deploy.site.__main__ import own_description

PACKAGE = Path(__file__).parents[3] / "clients" / "typescript"
_HEAD = "// Made by `python -m deploy.clients.typescript`; changed there, never here.\n\n"


def made_files(description: Mapping[str, Any]) -> dict[str, str]:
    """Every made file of the package by its path there, for a description of the service."""
    groups = operations(description)
    models = [plain_name(name) for name in description["components"]["schemas"]]
    asked, methods = options(groups), classes(groups)
    files = {
        "models.ts": interfaces(description),
        "options.ts": _types("./models.ts", names_in(asked, models))
        + 'import type { Picture } from "../requests.ts";\n\n'
        + asked,
        "groups.ts": _types("./models.ts", names_in(methods, models))
        + _types("./options.ts", names_in(methods, _declared(asked)))
        + 'import { address, type Call, type Picture } from "../requests.ts";\n'
        + 'import type { ServerEvent } from "../events.ts";\n'
        + 'import type { Listing } from "../lists.ts";\n'
        + 'import type { Sender } from "../transport.ts";\n\n'
        + methods,
        "routes.ts": all_groups(groups),
        "codes.ts": _codes(),
    }
    return {f"src/generated/{name}": _HEAD + text for name, text in files.items()}


def _types(module: str, names: list[str]) -> str:
    if not names:
        return ""
    listed = "".join(f"  {name},\n" for name in names)
    return f'import type {{\n{listed}}} from "{module}";\n'


def _declared(text: str) -> list[str]:
    words = (line.split() for line in text.splitlines() if line.startswith("export interface "))
    return [line[2].partition("<")[0] for line in words]


def _codes() -> str:
    rows = "\n".join(
        f'{comment(f"{kind.title}. {kind.hint}".strip(), "  ")}\n  | "{slug}"'
        for slug, kind in PROBLEM_KINDS.items()
    )
    return f"/** The code of an error, which stays the same. */\nexport type Code =\n{rows};\n"


if __name__ == "__main__":
    for name, text in made_files(own_description()).items():
        path = PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
