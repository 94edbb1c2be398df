"""Commands around jobs: run them beside the server, look at them, cancel and fetch them."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from app.answers.jobs import Job
from app.cli.console import (
    EXIT_FAILED,
    AsJson,
    console,
    errors,
    open_cases,
    print_json,
    read_settings,
    reporting,
    said,
    table,
)
from app.cli.places import check_file
from app.domain.jobs import Failure, JobState
from app.platform.logs import configure_logging
from app.services.keys import LOCAL

jobs = typer.Typer(help="Work longer than a request.", no_args_is_help=True)

JobId = Annotated[str, typer.Argument(help="The job's id.")]


def worker(
    count: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Jobs run at once.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Log as JSON, a line each.")] = False,
) -> None:
    """Run jobs beside the server, on the same database; Ctrl-C gives back what is under way."""
    settings = read_settings(log_format="json" if as_json else None)
    configure_logging(settings.log_format)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with reporting(as_json=False):
        from app.bootstrap.jobs import open_job_runner
        from app.bootstrap.stores import open_stores

        runner = open_job_runner(settings, open_stores(settings).storage, count)
    runner.start()
    errors.print(f"Waiting for jobs, {count} at once; Ctrl-C ends it.", highlight=False)
    ended.wait()
    runner.stop()


@jobs.command("list")
def list_jobs(
    state: Annotated[JobState | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The newest ones.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The newest jobs of all keys."""
    with open_cases(as_json) as cases:
        found = [Job.of(job) for job in cases.jobs.list(LOCAL, limit=limit, state=state)]
    if as_json:
        return print_json({"jobs": [job.model_dump(mode="json") for job in found]})
    listing = table("Jobs", "id", "kind", "state", "done", "message", "asked for")
    for job in found:
        said = job.failure.code if job.failure else job.progress.message
        done = f"{job.progress.fraction:.0%}"
        listing.add_row(
            job.id, job.kind, job.state, done, said, f"{job.created_at:%Y-%m-%d %H:%M:%S}"
        )
    console.print(listing)


@jobs.command("show")
def show_job(job_id: JobId, as_json: AsJson = False) -> None:
    """One job."""
    with open_cases(as_json) as cases:
        _print(Job.of(cases.jobs.get(LOCAL, job_id)), as_json)


@jobs.command("cancel")
def cancel_job(job_id: JobId, as_json: AsJson = False) -> None:
    """End a job, waiting or running."""
    with open_cases(as_json) as cases:
        _print(Job.of(cases.jobs.cancel(LOCAL, job_id)), as_json)


@jobs.command("result")
def fetch_result(
    job_id: JobId,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; standard output otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the result of a job to a file."""
    check_file(output, as_json)
    with open_cases(as_json) as cases:
        found = cases.jobs.result(LOCAL, job_id)
    if isinstance(found, Failure):
        if as_json:
            print_json({"error": {"code": found.slug, "detail": found.message, **found.data}})
        else:
            errors.print(said(("failed", "red"), " ", (found.slug, "bold"), f": {found.message}"))
        raise typer.Exit(EXIT_FAILED)
    if output is None:
        sys.stdout.buffer.write(found.content)
        return
    output.write_bytes(found.content)
    if as_json:
        return print_json(
            {"file": str(output), "media_type": found.media_type, "bytes": len(found.content)}
        )
    console.print(f"{output}: {len(found.content)} bytes, {found.media_type}")


def _print(job: Job, as_json: bool) -> None:
    if as_json:
        return print_json(job)
    listing = table(f"Job {job.id}", "field", "value")
    for name, value in job.model_dump(mode="json").items():
        if name != "id" and value is not None:
            listing.add_row(name.replace("_", " "), str(value))
    console.print(listing)
