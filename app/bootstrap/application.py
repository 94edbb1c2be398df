"""The ASGI application over its use cases."""

from app.api.application import Application, create_app
from app.bootstrap.jobs import open_job_runner
from app.bootstrap.networks import Capacity
from app.bootstrap.stores import open_stores
from app.bootstrap.use_cases import open_use_cases
from app.machine import FreedMemory
from app.settings import Settings
from app.vision.decode import count_pixels
from app.vision.threads import set_threads


def open_application(settings: Settings) -> Application:
    """Ready to be served; nothing runs before its start."""
    memory = FreedMemory()
    capacity = Capacity.of(settings)
    set_threads(capacity.threads)
    stores = open_stores(settings)  # one for all: its writers queue in order
    return create_app(
        open_use_cases(settings, stores),
        settings,
        workers=capacity.workers,
        count_pixels=count_pixels,
        background=(open_job_runner(settings, stores.storage, settings.job_workers), memory),
    )
