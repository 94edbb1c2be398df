"""A worker process for the kinds of `tests.job_kinds`: `facet worker` without any network.

Its arguments are a database's URL, the heartbeat and the take-over age in seconds, and how many
jobs it runs at once. It ends with its standard input.
"""

import sys
from datetime import timedelta

from app.jobs.runner import JobRunner
from app.platform.logs import configure_logging
from app.services.jobs.upkeep import JobUpkeep
from app.services.jobs.work import JobTimes, JobWork
from app.storage.unit_of_work import SqlStorage
from tests.job_kinds import KINDS, open_handler


def make_runner(storage: SqlStorage, times: JobTimes, workers: int) -> JobRunner:
    kinds = {kind.name: open_handler for kind in KINDS}
    return JobRunner(
        JobWork(storage, times), JobUpkeep(storage, times), times, kinds, workers=workers
    )


def make_times(heartbeat: float, take_over: float) -> JobTimes:
    return JobTimes(heartbeat, take_over, timedelta(hours=1), timedelta(days=1))


def main(url: str, heartbeat: str, take_over: str, workers: str) -> None:
    configure_logging("json")  # to standard error: standard output is for `ready`
    times = make_times(float(heartbeat), float(take_over))
    runner = make_runner(SqlStorage.open(url, busy_timeout=20), times, int(workers))
    runner.start()
    print("ready", flush=True)
    sys.stdin.read()
    runner.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
