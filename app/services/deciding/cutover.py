"""Requests that a collection's change of encoder overtakes start again, once."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from app.domain.errors.gallery import EncoderChangedError
from app.domain.gallery import Collection
from app.services.ports import UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")


def require_same_encoder(uow: UnitOfWork, collection: Collection) -> None:
    """Raise EncoderChangedError when the collection is no longer bound as it was when read.

    Between reading a collection and using it lies the encoding of the probe; without this
    check, a probe of the old encoder would meet templates of the new one.
    """
    now = uow.collections.by_ids([collection.id]).get(collection.id)
    if now is not None and now.encoder != collection.encoder:
        raise overtaken(collection)


def require_same_partition(uow: UnitOfWork, collection: Collection) -> None:
    """Raise EncoderChangedError when its encoder or the rotation of its templates has changed."""
    now = uow.collections.by_ids([collection.id]).get(collection.id)
    if now is not None and now.partition != collection.partition:
        raise overtaken(collection)


def overtaken(collection: Collection) -> EncoderChangedError:
    """The error of a request that used the collection's former encoder, or former rotation."""
    return EncoderChangedError(
        f"Collection {collection.name!r} changed its encoder, or how it stores templates, during "
        "this request.",
        hint="Send the request again.",
    )


def again_when_overtaken(call: Callable[P, R]) -> Callable[P, R]:
    """Repeat a call that a change of encoder has overtaken. It must not have written yet."""

    @wraps(call)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except EncoderChangedError:
            return call(*args, **kwargs)

    return repeated
