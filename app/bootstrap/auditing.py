"""The audit record: what writes it, and which calls it holds."""

from contextlib import closing
from datetime import timedelta
from typing import Any

from app.bootstrap.privacy import close_to_others
from app.bootstrap.protection import open_master_key
from app.domain.errors import FacetError
from app.files.audit_copies import AuditFile, AuditSyslog
from app.services.auditing.actions import ACTIONS
from app.services.auditing.reading import Audit
from app.services.auditing.recording import record_calls
from app.services.auditing.refusals import Refusals
from app.services.auditing.trail import AuditTrail
from app.services.auditing.upkeep import AuditUpkeep
from app.services.ports.audit import AuditSink
from app.services.use_cases import UseCases
from app.settings import Settings
from app.storage import schema
from app.storage.unit_of_work import SqlStorage
from models.places import made_directory


def open_audit(settings: Settings, storage: SqlStorage) -> Audit:
    """The record of one process, with the copies that the settings ask for."""
    sinks: list[AuditSink] = []
    if settings.audit_file is not None:
        sinks.append(AuditFile(settings.audit_file))
    if settings.audit_syslog:
        sinks.append(AuditSyslog(settings.audit_syslog))
    trail = AuditTrail(
        storage, sinks, required=settings.audit == "required", silent=settings.audit == "off"
    )
    return Audit(storage, trail, Refusals(trail))


def open_audit_alone(settings: Settings) -> Audit:
    """The record of an installation, for commands that run no network."""
    made_directory(settings.data_dir, "Set FACET_DATA_DIR to a place that this user can write to.")
    url = settings.resolved_database_url
    close_to_others(settings)
    schema.upgrade(url)
    return open_audit(settings, _marking(settings))


def record_command(settings: Settings, action: str, outcome: str, details: dict[str, Any]) -> None:
    """Record what a command did without the use cases, where there is a database to do it in."""
    url = settings.resolved_database_url
    try:
        if not schema.is_current(url):
            return
    except FacetError:
        if settings.audit == "required":
            raise
        return
    if not _is_begun(settings):
        return
    storage = _marking(settings)
    trail = open_audit(settings, storage).trail
    try:
        trail.write([trail.entry(action, outcome, details=details)])
    finally:
        storage.close()


def _is_begun(settings: Settings) -> bool:
    """Whether there is a master key already: a restore brings its own, none may be made before."""
    url = settings.resolved_database_url
    with (
        closing(SqlStorage.open(url, busy_timeout=settings.database_timeout)) as storage,
        storage.read() as uow,
    ):
        return bool(uow.protection.master_keys())


def _marking(settings: Settings) -> SqlStorage:
    """The database, with the key that marks the record's last entry."""
    url = settings.resolved_database_url
    storage = SqlStorage.open(url, busy_timeout=settings.database_timeout)
    storage.seal_with(open_master_key(settings, storage))
    return storage


def open_audit_upkeep(settings: Settings, storage: SqlStorage, audit: Audit) -> AuditUpkeep:
    """Upkeep of the record, beside the requests."""
    retention = timedelta(days=settings.audit_days) if settings.audit_days else None
    return AuditUpkeep(storage, audit.trail, audit.refusals, retention)


def record_all(audit: Audit, use_cases: UseCases) -> None:
    """Have the calls of all use cases recorded, as the table of actions says."""
    for name, actions in ACTIONS.items():
        use_case: Any = getattr(use_cases, name)
        record_calls(audit.trail, use_case, actions)
