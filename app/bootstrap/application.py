"""The ASGI application over its use cases."""

from math import ceil

from limits.storage import Storage

from app.api.application import Application, create_app
from app.api.edge import Edge
from app.api.executor import BoundedExecutor
from app.api.formats import chosen_formats
from app.api.streams import StreamPlaces
from app.bootstrap.background import open_background
from app.bootstrap.capacity import Capacity
from app.bootstrap.images import check_images
from app.bootstrap.stores import open_stores
from app.bootstrap.use_cases import open_use_cases
from app.files.rates import CounterFile
from app.platform.machine import FreedMemory
from app.services.notifying.delivering import WebhookDelivery
from app.services.people.joining import GroupWorker
from app.services.rates import Rates
from app.services.use_cases import UseCases
from app.settings import Settings
from app.vision.decoding.decode import count_pixels
from app.vision.running.threads import set_threads


def open_application(
    settings: Settings, *, processes: int = 1, with_jobs: bool = True
) -> Application:
    """The application of one of so many processes; nothing runs before its start.

    They divide cores, queue and streams among them. One of them is enough to run jobs.
    """
    formats = chosen_formats(settings.wire_formats)
    memory = FreedMemory()  # before anything is allocated
    capacity = Capacity.of(settings, processes)
    set_threads(capacity.threads)
    stores = open_stores(settings, processes)  # one for all: its writers queue in order
    check_images(stores.images)
    use_cases = open_use_cases(settings, stores, capacity)
    edge = open_edge(settings, use_cases, capacity, processes, stores.storage.counters())
    audit = use_cases.audit
    background = open_background(settings, stores.storage, memory, audit, with_jobs=with_jobs)
    delivery = WebhookDelivery(stores.storage, use_cases.events, use_cases.webhooks)
    people = (
        use_cases.sightings.recorder,
        GroupWorker(use_cases.joiner.run, use_cases.joiner.regroup_grown, use_cases.matcher.run),
        GroupWorker(use_cases.checkups.run_if_due, name="checkups"),
        delivery,
    )
    return create_app(edge, formats, (*people, *background))


def open_edge(
    settings: Settings,
    use_cases: UseCases,
    capacity: Capacity,
    processes: int,
    counters: Storage | None = None,
) -> Edge:
    """The edge of one process, with its share of the bounds that hold for the whole server.

    `counters` are those of all servers on the database; None counts for this server alone.
    """
    queue = ceil(settings.queue / processes)
    return Edge(
        use_cases,
        settings,
        BoundedExecutor(capacity.workers, queue, seconds=settings.request_deadline),
        count_pixels,
        StreamPlaces(
            ceil(settings.job_streams / processes),
            ceil(settings.job_streams_per_key / processes),
        ),
        Rates(counters or CounterFile(settings.data_dir / "rates.db")),
    )
