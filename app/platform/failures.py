"""Errors as the log tells of them: where they came from, without the values they met."""

import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType

Failure = tuple[type[BaseException], BaseException, TracebackType | None]
"""As `sys.exc_info()` gives it."""
_LOGGED = "_facet_logged"
_LONGEST = 500
"""Characters of a message."""
_DEEPEST = 8
"""Errors behind an error."""
_HIDDEN = re.compile(
    r"""facet_[0-9A-Za-z]+_\S+                        # an API key
    | (?<!\w)'(?:[^'\\]|\\.)*'(?!\w)                  # a value as Python shows it
    | (?<!\w)b?"(?:[^"\\]|\\.)*"(?!\w)
    | (?<=input_value=).*?(?=,\ input_type=)          # pydantic
    | (?<=\)=\().*?(?=\))                             # PostgreSQL: Key (name)=(value)
    | (?<=Failing\ row\ contains\ ).*                 # PostgreSQL
    | [A-Za-z0-9+/_=-]{40,}                           # base64 and digests
    """,
    re.VERBOSE | re.DOTALL,
)


def note_logged(error: BaseException) -> None:
    """Note that the log has a line about the error already."""
    with suppress(AttributeError):
        setattr(error, _LOGGED, True)


def was_logged(error: BaseException) -> bool:
    """True when the log has a line about it."""
    return getattr(error, _LOGGED, False)


def failure_text(exc_info: Failure) -> str:
    """A plain traceback. Messages of libraries quote what they were given: quotes are left out."""
    return "\n".join(reversed(list(_pieces(exc_info[1])))).rstrip()


def _pieces(error: BaseException) -> Iterator[str]:
    """The error, and what was behind it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _DEEPEST:
        seen.add(id(current))
        trace = "".join(traceback.format_tb(current.__traceback__))
        members = getattr(current, "exceptions", ())
        inner = "".join(f"\n{piece}" for one in members[:_DEEPEST] for piece in _pieces(one))
        yield f"Traceback (most recent call last):\n{trace}{_line(current)}{inner}\n"
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)


def _line(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    return f"{name}: {_message(error)}".removesuffix(": ")


def _message(error: BaseException) -> str:
    try:
        message = str(error)
    except Exception:
        return "(its message cannot be read)"
    message = _HIDDEN.sub("...", message[: 8 * _LONGEST])
    return message if len(message) <= _LONGEST else message[:_LONGEST] + "..."
