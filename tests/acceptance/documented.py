"""Commands and programs as documents show them."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]


def blocks(page: str, kind: str) -> list[str]:
    """The code of that language in docs/`page`, a text for each block."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def facet_lines(page: str) -> list[str]:
    """Every line of the page's shell blocks that runs `facet`, without its comment."""
    joined = "\n".join(blocks(page, "sh")).replace("\\\n", " ")
    lines = (re.sub(r"\s+#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if "facet" in _program(line)]


def _program(line: str) -> list[str]:
    """The first word that is no assignment, as a list of one; empty for an empty line."""
    try:
        words = shlex.split(line)
    except ValueError:
        return []
    return [word for word in words if not re.match(r"^[A-Z_]+=", word)][:1]
