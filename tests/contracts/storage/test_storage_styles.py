"""Stored styles, on every database."""

import pytest

from app.domain.errors.gallery import DuplicateStyleError, UnknownStyleError
from app.domain.styles import PreparedPicture, StoredStyle
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import NOON

PICTURE = PreparedPicture(b"\xff\xd8\x00\x01picture", "image/jpeg", 40, 30)


def style(name: str) -> StoredStyle:
    return StoredStyle(name, PICTURE.width, PICTURE.height, len(PICTURE.content), NOON)


def test_kept_listed_and_removed(storage: SqlStorage) -> None:
    with storage.write() as uow:
        for name in ("night", "Glass", "ink"):
            uow.styles.add(style(name), PICTURE)
    with storage.read() as uow:
        assert uow.styles.get("night") == style("night")
        assert uow.styles.picture("ink") == PICTURE
        assert [s.name for s in uow.styles.list(after=None, limit=2)] == ["Glass", "ink"]
        assert uow.styles.list(after="ink", limit=2) == [style("night")]
        assert uow.styles.count() == 3
    with storage.write() as uow:
        uow.styles.remove("ink")
    with storage.read() as uow:
        assert uow.styles.count() == 2


def test_a_name_is_taken_once(storage: SqlStorage) -> None:
    with storage.write() as uow:
        uow.styles.add(style("night"), PICTURE)
        with pytest.raises(DuplicateStyleError):
            uow.styles.add(style("night"), PICTURE)
    with storage.read() as uow:
        assert uow.styles.count() == 1


def test_unknown_names(storage: SqlStorage) -> None:
    with storage.write() as uow:
        for ask in (uow.styles.get, uow.styles.picture, uow.styles.remove):
            with pytest.raises(UnknownStyleError):
                ask("nobody")
