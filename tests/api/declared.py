"""Codes of errors as the description of the API has them, beside those that answers have."""

import re
from typing import Any

from app.api.kit.problem_kinds import PROBLEM_KINDS
from app.api.v1.problems import CODES

ANYWHERE = frozenset(
    {"internal-error", "not-found", "method-not-allowed", "foreign-host", "foreign-origin"}
)
"""What no route answers itself."""
RESULT = "/v1/jobs/{job}/result"
"""Answers a failed job's own code, which a server of another version may have stored."""
Declared = dict[tuple[str, str], frozenset[str]]

_known: Declared = {}
"""Of the native format: the same in all applications."""


def declared_codes(application: Any) -> Declared:
    """By method and path template."""
    return {
        (method.upper(), path): frozenset(
            code for answer in operation["responses"].values() for code in answer.get(CODES, ())
        )
        for path, operations in application.openapi()["paths"].items()
        for method, operation in operations.items()
        if path.startswith("/v1/")
    }


def check_declared(application: Any, method: str, answer: Any) -> None:
    """Fail when the answer is a problem whose code its route does not declare."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return
    if not _known:
        _known.update(declared_codes(application))
    code, path = answer.json()["code"], answer.request.url.path
    templates = sorted({t for m, t in _known if m == method.upper()}, key=lambda t: t.count("{"))
    found = next((t for t in templates if _pattern(t).fullmatch(path)), None)
    of_another_version = found == RESULT and code not in PROBLEM_KINDS
    if found is not None and code not in ANYWHERE and not of_another_version:
        declared = _known[method.upper(), found]
        assert code in declared, f"{method} {found} answers {code} and does not declare it"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", template))
