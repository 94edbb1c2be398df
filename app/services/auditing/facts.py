"""Facts that entries take from the arguments of calls, for actions of several use cases."""

from collections.abc import Callable
from typing import Any

from app.services.auditing.recording import Arguments, identifier
from app.services.auditing.trail import Doing


def collection_named(argument: str) -> Callable[[Doing, Arguments], None]:
    """The collection whose name stands in an argument."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.collection = identifier(given[argument])

    return know


def collection_of(argument: str) -> Callable[[Doing, Arguments], None]:
    """The collection that an argument is, or has."""

    def know(doing: Doing, given: Arguments) -> None:
        collection: Any = getattr(given[argument], "collection", given[argument])
        doing.collection, doing.collection_id = identifier(collection.name), collection.id

    return know


def detail(*arguments: str) -> Callable[[Doing, Arguments], None]:
    """Ids in arguments."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.details |= {name: identifier(given[name]) for name in arguments}

    return know


def detail_number(argument: str) -> Callable[[Doing, Arguments], None]:
    """A number in an argument."""

    def know(doing: Doing, given: Arguments) -> None:
        doing.details[argument] = int(given[argument])

    return know


def face(doing: Doing, given: Arguments) -> None:
    doing.face_ids = (given["face_id"],)
