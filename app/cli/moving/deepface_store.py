"""DeepFace's store in SQLite or PostgreSQL as a source: the crops that it keeps of faces."""

import io
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any, Protocol

import numpy as np
from PIL import Image

from app.cli.bulk.sources import rejected_item
from app.domain.errors.pictures import EmptyImageError
from app.domain.errors.requests import InvalidRequestError
from app.services.enrolling.importing import ImportItem

_COLUMNS = ("img_name", "face", "face_shape")
_LARGEST = 4096 * 4096 * 3
"""Numbers of a crop."""


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    id: int
    name: str
    model: str
    shape: tuple[int, ...]


class _Database(Protocol):
    def rows(self) -> Iterator[_Row]: ...

    def face(self, row: _Row) -> bytes: ...

    def close(self) -> None: ...


class DeepFaceStore:
    """The faces of a store, each once: of those with several models' crops the largest.

    What cannot be read raises InvalidRequestError; of one picture, when that is read.
    """

    def __init__(self, place: str) -> None:
        """`place` is a file of SQLite, or the URL of PostgreSQL."""
        self._database: _Database = (
            _PostgreSql(place) if place.startswith("postgres") else _SQLite(Path(place))
        )
        self._rows = _largest(self._database.rows())

    def close(self) -> None:
        self._database.close()

    def items(self) -> list[ImportItem]:
        """Every face with the name of its person, by the picture's folder or its own name."""
        return [self._item(row) for row in self._rows]

    def _item(self, row: _Row) -> ImportItem:
        source = f"{row.name}#{row.id}"
        name = _person(row.name)
        if name is None:
            error = InvalidRequestError(
                "The picture was registered without a name.",
                hint="Enroll it from your originals, or with its person's name.",
            )
            return rejected_item(source, error)
        return ImportItem(source, name, partial(self._picture, row))

    def _picture(self, row: _Row) -> bytes:
        """The crop as PNG. Raises EmptyImageError for what is none."""
        numbers = np.frombuffer(self._database.face(row), dtype="<f4")
        shape = row.shape[-3:]
        if len(shape) != 3 or shape[2] != 3 or not 0 < prod(shape) == numbers.size <= _LARGEST:
            raise EmptyImageError("The store keeps no picture of this face.")
        with io.BytesIO() as file:
            # Blue comes first there.
            Image.fromarray(_pixels(numbers).reshape(shape)[..., ::-1]).save(file, "PNG")
            return file.getvalue()


class _SQLite:
    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise InvalidRequestError(f"{path} is neither a folder nor a file.")
        address = f"{path.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def rows(self) -> Iterator[_Row]:
        query = "SELECT id, img_name, model_name, face_shape FROM embeddings ORDER BY id"
        try:
            for number, name, model, shape in self._connection.execute(query):
                yield _Row("embeddings", number, str(name), str(model), tuple(json.loads(shape)))
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise _no_store() from error

    def face(self, row: _Row) -> bytes:
        with self._lock:
            query = "SELECT face FROM embeddings WHERE id = ?"
            found = self._connection.execute(query, (row.id,)).fetchone()
        return bytes(found[0]) if found else b""

    def close(self) -> None:
        self._connection.close()


class _PostgreSql:
    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise InvalidRequestError(
                "The driver of PostgreSQL is missing.", hint='Do `pip install "facet[postgres]"`.'
            ) from error
        self._errors, self._sql = psycopg.Error, psycopg.sql
        try:
            self._connection: Any = psycopg.connect(url, autocommit=True, connect_timeout=20)
            self._connection.read_only = True
        except psycopg.Error as error:
            raise InvalidRequestError(
                f"PostgreSQL does not answer: {type(error).__name__}.",
                hint="Look at address, name and password.",
            ) from error

    def rows(self) -> Iterator[_Row]:
        """The rows of every table with such columns: with pgvector one for each model."""
        tables = (
            "SELECT table_schema, table_name FROM information_schema.columns "
            "WHERE column_name = ANY(%s) GROUP BY 1, 2 HAVING count(*) = %s ORDER BY 1, 2"
        )
        found = self._connection.execute(tables, (list(_COLUMNS), len(_COLUMNS))).fetchall()
        if not found:
            raise _no_store()
        for schema, table in found:
            query = self._sql.SQL(
                "SELECT id, img_name, model_name, face_shape FROM {} ORDER BY id"
            ).format(self._sql.Identifier(schema, table))
            try:
                for number, name, model, shape in self._connection.execute(query):
                    yield _Row(f"{schema}.{table}", number, str(name), str(model), tuple(shape))
            except self._errors as error:
                raise _no_store() from error

    def face(self, row: _Row) -> bytes:
        table = self._sql.Identifier(*row.table.split(".", 1))
        query = self._sql.SQL("SELECT face FROM {} WHERE id = %s").format(table)
        found = self._connection.execute(query, (row.id,)).fetchone()
        return bytes(found[0]) if found else b""

    def close(self) -> None:
        self._connection.close()


def _largest(rows: Iterator[_Row]) -> Sequence[_Row]:
    """The rows of each picture by the model whose crops are largest, in their order."""
    by_name: dict[str, dict[str, list[_Row]]] = {}
    for row in rows:
        by_name.setdefault(row.name, {}).setdefault(row.model, []).append(row)
    kept: list[_Row] = []
    for models in by_name.values():
        largest = max(models, key=lambda model: prod(models[model][0].shape))
        kept += models[largest]
    return kept


def _person(name: str) -> str | None:
    """Whom a picture of that name shows: its folder, or its own name; None for a made-up one."""
    path = PureWindowsPath(name) if "\\" in name else PurePath(name)
    if len(path.parts) > 1 and path.parent.name:
        return path.parent.name
    with suppress(ValueError):
        uuid.UUID(path.stem)
        return None
    return path.stem or None


def _pixels(numbers: np.ndarray) -> np.ndarray:
    """(n,) uint8; networks differ in their ranges, and [0, 1] is the usual one."""
    numbers = np.nan_to_num(numbers)
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and high <= 1.001:
        numbers = numbers * 255
    elif low < 0 or high > 255:
        numbers = (numbers - low) * (255 / max(high - low, 1e-9))
    pixels: np.ndarray = numbers.round().clip(0, 255).astype(np.uint8)
    return pixels


def _no_store() -> InvalidRequestError:
    return InvalidRequestError(
        "What is there is no store of DeepFace.",
        hint="It has a table `embeddings` with img_name, face and face_shape.",
    )
