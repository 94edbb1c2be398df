"""Background work of a server process, beside its requests."""

from collections.abc import Sequence

from app.api.application import Background
from app.bootstrap.auditing import open_audit_upkeep
from app.bootstrap.jobs import open_job_runner
from app.platform.machine import FreedMemory
from app.services.auditing.reading import Audit
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage
from app.vision.decoding.confined.processes import Decoding


def open_background(
    settings: Settings, storage: SqlStorage, memory: FreedMemory, audit: Audit, *, with_jobs: bool
) -> Sequence[Background]:
    """Workers on jobs (none, if other processes have them), the audit record's upkeep, memory,
    processes that decode.
    """
    workers = settings.job_workers if with_jobs else 0
    return (
        open_job_runner(settings, storage, workers),
        open_audit_upkeep(settings, storage, audit),
        memory,
        Decoding(),
    )
