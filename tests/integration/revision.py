"""Processes that take another revision of the tables for the newest, as a version before does."""

import os
from typing import Any

from sqlalchemy import bindparam, literal, null, select, text

import migrations
from app.domain.people.rights import NO_RIGHTS
from app.storage import audit_repository
from app.storage.audit_tables import AuditHeadRow
from app.storage.repositories import collections
from app.storage.repositories.image_rows import SqlImages
from app.storage.repositories.people.rights import SqlRights
from app.storage.repositories.upkeep.compaction import SqlCompaction
from app.storage.tables import CollectionRow

REVISION = "TEST_AT_REVISION"
"""The variable of a process's environment that names the revision."""
_RIGHTS = "0022"
"""Makes the table of rights, which every enrolment and recognition reads."""
_CALIBRATIONS = "0027"
"""Makes the column of a collection's own curve, which is read with every collection."""

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
        unmarked = select(AuditHeadRow.seq, AuditHeadRow.hash, literal(None))
        audit_repository._HEAD = unmarked
        moved = text("UPDATE audit_head SET seq = :to_seq, hash = :to_hash")
        audit_repository._ADVANCE = moved  # type: ignore[assignment]
    if migrations.HEAD < _CALIBRATIONS:
        known = [one for one in collections._COLUMNS if one is not CollectionRow.calibration]
        columns: Any = (*known, null().label("calibration"))
        collections._COLUMNS = columns
        collections._BY_NAME = select(*columns).where(CollectionRow.name == bindparam("name"))
