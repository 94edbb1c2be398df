"""Processes that take another revision of the tables for the newest, as a version before does."""

import os
from typing import Any

from sqlalchemy import bindparam, null, select, text

import migrations
from app.domain.people.rights import NO_RIGHTS
from app.storage import audit_repository, unit_of_work
from app.storage.audit_tables import AuditHeadRow
from app.storage.repositories import collections, subjects
from app.storage.repositories.image_rows import SqlImages
from app.storage.repositories.membership import among
from app.storage.repositories.people.namings import SqlNamings
from app.storage.repositories.people.rights import SqlRights
from app.storage.repositories.stored.sealed import SealedCollections
from app.storage.repositories.upkeep.compaction import SqlCompaction
from app.storage.tables import CollectionRow, SubjectRow

REVISION = "TEST_AT_REVISION"
"""The variable of a process's environment that names the revision."""
_RIGHTS = "0022"
"""Makes the table of rights, which every enrolment and recognition reads."""
_CALIBRATIONS = "0027"
"""Makes the column of a collection's own curve, which is read with every collection."""
_NEGATIVES = "0029"
"""Makes the column that says whether a collection has negatives, read with every collection, and
the table of subjects that were given faces, which every enrolment writes."""
_SEALED = "0031"
"""Makes the columns of sealed collections and of their subjects, which are read with every one."""
_RELEASED = "0023"
"""Makes the table of files that have yet to go, which every start and erasure reads."""

_FOLLOWERS = "0024"
"""Makes the tables of followers of the log, which every follower that is behind reads."""

_MARK = "0025"
"""Makes the mark of the audit record's last entry."""


def pretend() -> None:
    """Take the revision that the environment names for the newest."""
    migrations.HEAD = os.environ.get(REVISION, migrations.HEAD)
    if migrations.HEAD < _RIGHTS:
        SqlRights.get = lambda *_: NO_RIGHTS  # type: ignore[method-assign]
        SqlRights.barred = lambda *_: frozenset()  # type: ignore[method-assign]
        SqlRights.due = lambda *_, **__: ()  # type: ignore[method-assign]
    if migrations.HEAD < _RELEASED:
        SqlImages.released = lambda *_, **__: ()  # type: ignore[method-assign]
        SqlImages.forget_released = lambda *_: None  # type: ignore[method-assign]
        SqlImages.note_released = lambda *_: None  # type: ignore[method-assign]
    if migrations.HEAD < _FOLLOWERS:
        SqlCompaction.floor = lambda *_: None  # type: ignore[method-assign]
    if migrations.HEAD < _MARK:
        unmarked: Any = select(AuditHeadRow.seq, AuditHeadRow.hash, null())
        audit_repository.AUDIT_CLOCK = unmarked
        unit_of_work.AUDIT_CLOCK = unmarked  # type: ignore[attr-defined]
        audit_repository._HEAD_HELD = unmarked.with_for_update()
        moved = text("UPDATE audit_head SET seq = :to_seq, hash = :to_hash")
        audit_repository._ADVANCE = moved  # type: ignore[assignment]
    if migrations.HEAD < _SEALED:
        _without(CollectionRow.sealed_key)
        SealedCollections.of = lambda *_: None  # type: ignore[method-assign]
        SealedCollections.behind = lambda *_: []  # type: ignore[method-assign]
        columns: Any = tuple(one for one in subjects._COLUMNS if one.key != "sealed")
        subjects._COLUMNS = (*columns, null().label("sealed"))
        subjects._BY_IDS = select(*subjects._COLUMNS).where(among(SubjectRow.id, "ids"))
    if migrations.HEAD < _NEGATIVES:
        _without(CollectionRow.has_negatives)
        SqlNamings.add = lambda *_: None  # type: ignore[method-assign]
    if migrations.HEAD < _CALIBRATIONS:
        _without(CollectionRow.calibration)


def _without(column: Any) -> None:
    """Read collections without a column, which is empty then."""
    known = [one for one in collections._COLUMNS if getattr(one, "key", None) != column.key]
    columns: Any = (*known, null().label(column.key))
    collections._COLUMNS = columns
    collections._BY_NAME = select(*columns).where(CollectionRow.name == bindparam("name"))
    collections._BY_ID = select(*columns).where(CollectionRow.id == bindparam("collection_id"))
