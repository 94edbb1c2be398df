"""Shapes of bodies: the fields of a model that bound what is read for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.api.kit.body.files import IS_FILE, IS_VIDEO


@dataclass(frozen=True, slots=True)
class BodyShape:
    """The fields of a model by what they hold."""

    images: frozenset[str]
    """Fields of one image, and lists of them."""
    videos: frozenset[str]
    lists: dict[str, int | None]
    """Lists with their greatest length, None for lists of images."""
    flags: frozenset[str]
    """Fields that are true or false."""
    fields: int
    """How many there are in all."""

    @property
    def files(self) -> frozenset[str]:
        return self.images | self.videos


@cache
def shape_of(model: type[BaseModel]) -> BodyShape:
    """The shape of a model."""
    marks = {name: list(_marks(field)) for name, field in model.model_fields.items()}
    files = {name for name, found in marks.items() if IS_FILE in found}
    videos = {name for name, found in marks.items() if IS_VIDEO in found}
    return BodyShape(
        images=frozenset(files - videos),
        videos=frozenset(videos),
        lists={
            name: None if name in files else _greatest_length(field)
            for name, field in model.model_fields.items()
            if get_origin(field.annotation) is list
        },
        flags=frozenset(n for n, field in model.model_fields.items() if field.annotation is bool),
        fields=len(marks),
    )


def _marks(field: FieldInfo) -> Iterator[Any]:
    """Everything that annotates the field, or what it is made of."""
    yield from field.metadata
    parts = list(get_args(field.annotation))
    while parts:
        part = parts.pop()
        yield from getattr(part, "__metadata__", ())
        parts += get_args(part) if get_origin(part) is not None else ()


def _greatest_length(field: FieldInfo) -> int:
    return next(mark.max_length for mark in field.metadata if isinstance(mark, MaxLen))
