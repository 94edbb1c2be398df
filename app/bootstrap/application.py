"""The ASGI application over its use cases."""

from math import ceil

from app.api.application import create_app
from app.api.web.around import Application
from app.bootstrap.capacity import Capacity
from app.bootstrap.jobs import open_job_runner
from app.bootstrap.stores import open_stores
from app.bootstrap.use_cases import open_use_cases
from app.platform.machine import FreedMemory
from app.settings import Settings
from app.vision.decoding.confined.processes import Decoding
from app.vision.decoding.decode import count_pixels
from app.vision.running.threads import set_threads


def open_application(
    settings: Settings, *, processes: int = 1, with_jobs: bool = True
) -> Application:
    """Ready to be served by one of so many processes; nothing runs before its start.

    They divide cores, queue and streams among them. One of them is enough to run jobs.
    """
    memory = FreedMemory()
    capacity = Capacity.of(settings, processes)
    set_threads(capacity.threads)
    job_workers = settings.job_workers if with_jobs else 0
    stores = open_stores(settings, processes)  # one for all: its writers queue in order
    return create_app(
        open_use_cases(settings, stores, capacity),
        settings.model_copy(update=_shares(settings, processes)),
        workers=capacity.workers,
        count_pixels=count_pixels,
        background=(open_job_runner(settings, stores.storage, job_workers), memory, Decoding()),
    )


def _shares(settings: Settings, processes: int) -> dict[str, int]:
    """Bounds that hold for the server as a whole, for one of its processes."""
    whole = {"queue": settings.queue, "job_streams": settings.job_streams}
    return {name: ceil(bound / processes) for name, bound in whole.items()}
