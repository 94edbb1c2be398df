"""Time that the audit record takes of a recognition: `python -m benchmarks.serving.audit`.

One application, asked in turn with the record on and off. Prints as JSON medians in milliseconds,
the time of a recognition that goes into writing its entry, and both as shares of a recognition
without a record. `--database URL` measures on that database instead of SQLite.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from app.bootstrap.application import open_application
from app.cli.demo.portraits import encoded, grace
from app.platform.logs import configure_logging
from app.services.auditing.trail import AuditTrail
from app.settings import Settings


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(
            data_dir=Path(directory), database_url=options.database, job_workers=0, processes=1
        )
        configure_logging("json")
        application = open_application(settings)
        with TestClient(application) as client:
            writing = _timed(application.edge.use_cases.audit.trail)
            seconds = _measured(application, client, options.rounds)
    on, off = (statistics.median(seconds[recorded]) * 1000 for recorded in (True, False))
    write = statistics.median(writing) * 1000
    found = {"on_ms": on, "off_ms": off, "writing_ms": write}
    found |= {"ratio": on / off, "writing_share": write / off}
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))


def _timed(trail: AuditTrail) -> list[float]:
    """Seconds of each call that writes, from now on."""
    write, seconds = trail.write, []

    def timed(*args: Any, **options: Any) -> None:
        began = time.perf_counter()
        write(*args, **options)
        if not trail.silent:
            seconds.append(time.perf_counter() - began)

    trail.write = timed  # type: ignore[method-assign]
    return seconds


def _measured(application: Any, client: TestClient, rounds: int) -> dict[bool, list[float]]:
    """Seconds of recognitions, with the record and without."""
    cases = application.edge.use_cases
    _, key = cases.keys.create("benchmark", scopes=["admin"])
    client.headers["Authorization"] = f"Bearer {key}"
    client.post("/v1/collections", json={"name": "staff"}).raise_for_status()
    path = "/v1/collections/staff/subjects"
    subject = client.post(path, json={"name": "Grace"}).json()["id"]
    image = encoded(grace())
    client.post(f"{path}/{subject}/faces", files={"images": image}).raise_for_status()
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * rounds + 10):
        recorded = number % 2 == 0
        cases.audit.trail.silent = not recorded
        began = time.perf_counter()
        answer = client.post("/v1/collections/staff/recognize", files={"image": image})
        if number >= 10:
            seconds[recorded].append(time.perf_counter() - began)
        answer.raise_for_status()
    return seconds


if __name__ == "__main__":
    main()
