"""The threads behind jobs: workers that take them, and one that looks after what is left."""

import threading
from collections.abc import Mapping

import structlog

from app.domain.errors import FacetError
from app.jobs.orders import OpenHandler
from app.jobs.worker import Worker
from app.services.jobs.upkeep import JobUpkeep
from app.services.jobs.work import JobTimes, JobWork

_log = structlog.get_logger(__name__)


class JobRunner:
    """Any number of workers in this process, none included: the upkeep runs in any case."""

    def __init__(
        self,
        work: JobWork,
        upkeep: JobUpkeep,
        times: JobTimes,
        kinds: Mapping[str, OpenHandler],
        workers: int,
    ) -> None:
        self._upkeep = upkeep
        self._interval = times.heartbeat
        self._stop = threading.Event()
        made = [Worker(work, times, kinds, self._stop) for _ in range(workers)]
        targets = [self._look_after, *(worker.run for worker in made)]
        self._threads = [threading.Thread(target=run, daemon=True) for run in targets]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Give back what is under way, and wait until that is done."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _look_after(self) -> None:
        while True:
            try:
                self._upkeep.run()
            except FacetError as error:
                _log.warning("job-upkeep-waits", code=error.slug)
            except Exception:
                _log.exception("job-upkeep-error")
            if self._stop.wait(self._interval):
                return
