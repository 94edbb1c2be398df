"""The page of errors: the service's table of errors, joined with when each code is answered."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.api.kit.problem_kinds import ProblemKind

_TEXTS = Path(__file__).with_name("errors.toml")
_BEGINNING = """# Errors

```sh
curl --include http://127.0.0.1:8000/v1/collections
# HTTP/1.1 401 Unauthorized
# {"code": "missing-key", "status": 401, "detail": "…", "hint": "…", …}
```

Every error is `application/problem+json` (RFC 9457). `code` is stable, and what a client should
look at; `detail` says what was wrong with this request, `hint` what to do; these texts may
change. Some codes bring more fields. A 4xx is yours to correct. A 503 passes by itself and
carries `Retry-After`, as does 429. Nothing of a failed request is stored. Commands tell the same
codes, in `error` with `--json`, and end with status 2.
"""


def errors_page(kinds: Mapping[str, ProblemKind]) -> str:
    """The whole page. Raises ValueError for a code without a text and a text without a code."""
    sections = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    described = {code for texts in sections.values() for code in texts}
    if described != kinds.keys():
        wrong = ", ".join(sorted(described ^ kinds.keys()))
        raise ValueError(f"{_TEXTS} and the table of errors differ in: {wrong}")
    return _BEGINNING + "".join(
        part for name, texts in sections.items() for part in _section(name, texts, kinds)
    )


def _section(
    name: str, texts: Mapping[str, str], kinds: Mapping[str, ProblemKind]
) -> Iterator[str]:
    yield f"\n## {name}\n\n| code | status | when | what to do |\n| --- | --- | --- | --- |\n"
    for code, when in texts.items():
        status, hint = kinds[code].status, kinds[code].hint
        yield f'| <span id="{code}">`{code}`</span> | {status} | {when} | {hint} |\n'
