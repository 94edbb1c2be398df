"""The page of errors: the service's table of statuses, joined with what is said about each code."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

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


def errors_page(statuses: Mapping[str, int]) -> str:
    """The whole page. Raises ValueError for a code without a text and a text without a code."""
    sections = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    described = {code for texts in sections.values() for code in texts}
    if described != statuses.keys():
        wrong = ", ".join(sorted(described ^ statuses.keys()))
        raise ValueError(f"{_TEXTS} and the table of statuses differ in: {wrong}")
    return _BEGINNING + "".join(
        part for name, texts in sections.items() for part in _section(name, texts, statuses)
    )


def _section(
    name: str, texts: Mapping[str, tuple[str, str]], statuses: Mapping[str, int]
) -> Iterator[str]:
    yield f"\n## {name}\n\n| code | status | when | what to do |\n| --- | --- | --- | --- |\n"
    for code, (when, what) in texts.items():
        yield f'| <span id="{code}">`{code}`</span> | {statuses[code]} | {when} | {what} |\n'
