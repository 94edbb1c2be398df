"""Use cases whose calls are recorded: one table says which, and what an entry says of them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Signature, isgeneratorfunction, signature
from typing import Any

from app.services.auditing.doing import Doing
from app.services.auditing.trail import AuditTrail, outcome_of

Arguments = Mapping[str, Any]
_IDENTIFIER = re.compile(r"[0-9A-Za-z._-]{1,64}")


def identifier(given: object) -> str | None:
    """Give back what can be an id or a collection's name; other text may name people."""
    sound = isinstance(given, str) and _IDENTIFIER.fullmatch(given) is not None
    return str(given) if sound else None


@dataclass(frozen=True, slots=True)
class Action:
    """A recorded call of a use case."""

    name: str
    before: Callable[[Doing, Arguments], None] | None = None
    """Adds what the arguments say."""
    after: Callable[[Doing, Any], None] | None = None
    """Adds what the result says."""
    read: bool = False
    """Whether it only looks, and as a part of another action is not recorded by itself."""
    steps: bool = False
    """Whether its change may take several transactions: the first one has an entry `begun`."""


def record_calls(trail: AuditTrail, use_case: object, actions: Mapping[str, Action | None]) -> None:
    """Have every call of these methods recorded, whoever calls them. None: not recorded."""
    for name, action in actions.items():
        if action is not None:
            method = getattr(use_case, name)
            make = _recorded_generator if isgeneratorfunction(method) else _recorded
            setattr(use_case, name, make(trail, action, method))


def _recorded(trail: AuditTrail, action: Action, method: Callable[..., Any]) -> Any:
    taken = signature(method)

    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        with trail.doing(action.name, read=action.read) as doing:
            _know(doing, action, taken, args, kwargs)
            doing.after, doing.steps = action.after, action.steps
            result = method(*args, **kwargs)
            if action.after is not None and not doing.recorded:
                action.after(doing, result)
            return result

    return call


def _recorded_generator(trail: AuditTrail, action: Action, method: Callable[..., Any]) -> Any:
    """Recorded before anything is given: nobody may see its end. That of `steps` is as well."""
    taken = signature(method)

    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with trail.doing(action.name, read=action.read) as doing:
            _know(doing, action, taken, args, kwargs)
            doing.outcome, doing.required = "begun", action.steps
        if not action.steps:
            yield from method(*args, **kwargs)
            return
        doing.outcome = "stopped"
        try:
            yield from method(*args, **kwargs)
            doing.outcome = "done"
        except Exception as error:
            doing.outcome = outcome_of(error)
            raise
        finally:
            trail.write_end(doing)

    return call


def _know(doing: Doing, action: Action, taken: Signature, args: Any, kwargs: Any) -> None:
    try:
        given = taken.bind(*args, **kwargs)
    except TypeError:
        return  # the call itself says what is wrong
    given.apply_defaults()
    doing.collection = identifier(given.arguments.get("collection"))
    doing.subject_id = identifier(given.arguments.get("subject_id"))
    if given.arguments.get("dry_run"):
        doing.details["dry_run"] = True
    if action.before is not None:
        action.before(doing, given.arguments)
