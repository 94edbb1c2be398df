"""Workers on jobs, which run in processes of their own."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from app.bootstrap.networks import open_painter
from app.bootstrap.use_cases import open_use_cases
from app.jobs.kinds.calibration import CalibrationJob
from app.jobs.kinds.health import HealthJob
from app.jobs.kinds.model_pull import ModelPullJob
from app.jobs.kinds.reencoding import ReencodingJob
from app.jobs.kinds.regrouping import RegroupingJob
from app.jobs.kinds.renewal import RenewalJob
from app.jobs.kinds.retention import RetentionJob
from app.jobs.kinds.style_transfer import StyleTransferJob
from app.jobs.kinds.suggesting import SuggestingJob
from app.jobs.orders import Handler
from app.jobs.runner import JobRunner
from app.services.jobs.upkeep import JobUpkeep
from app.services.jobs.work import JobTimes, JobWork
from app.services.models.pull_jobs import MODEL_PULL
from app.services.moving.reencoding_jobs import REENCODING
from app.services.moving.renewal_jobs import RENEWAL
from app.services.people.calibrating import CALIBRATION
from app.services.people.health import HEALTH
from app.services.people.regrouping import REGROUPING
from app.services.people.retention_jobs import RETENTION
from app.services.people.review.finding import SUGGESTING
from app.services.styles.transfers import STYLE_TRANSFER
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage
from app.vision.running.threads import set_threads

OpenJob = Callable[[Settings], Handler]


def _open_reencoding(settings: Settings) -> Handler:
    return ReencodingJob(open_use_cases(settings).reencoder)


def _open_renewal(settings: Settings) -> Handler:
    return RenewalJob(open_use_cases(settings).renewer)


def _open_health(settings: Settings) -> Handler:
    return HealthJob(open_use_cases(settings).health)


def _open_retention(settings: Settings) -> Handler:
    return RetentionJob(open_use_cases(settings).retention)


def _open_style_transfer(settings: Settings) -> Handler:
    return StyleTransferJob(open_painter(settings))


def _open_regrouping(settings: Settings) -> Handler:
    return RegroupingJob(open_use_cases(settings).regrouper)


def _open_calibration(settings: Settings) -> Handler:
    return CalibrationJob(open_use_cases(settings).calibrations)


def _open_suggesting(settings: Settings) -> Handler:
    return SuggestingJob(open_use_cases(settings).suggestions)


def _open_model_pull(settings: Settings) -> Handler:
    return ModelPullJob(open_use_cases(settings).model_puller)


JOBS: Mapping[str, OpenJob] = {
    MODEL_PULL.name: _open_model_pull,
    REENCODING.name: _open_reencoding,
    RENEWAL.name: _open_renewal,
    HEALTH.name: _open_health,
    RETENTION.name: _open_retention,
    STYLE_TRANSFER.name: _open_style_transfer,
    REGROUPING.name: _open_regrouping,
    CALIBRATION.name: _open_calibration,
    SUGGESTING.name: _open_suggesting,
}
"""Openers of each kind of job, for a process that has nothing else open."""


def open_job_runner(
    settings: Settings, storage: SqlStorage, workers: int, jobs: Mapping[str, OpenJob] = JOBS
) -> JobRunner:
    """Workers on jobs, without any network: the jobs' own processes open what they need."""
    times = JobTimes(
        heartbeat=settings.job_heartbeat,
        take_over=settings.job_take_over,
        retention=timedelta(hours=settings.job_retention),
        history=timedelta(days=settings.job_history),
    )
    kinds = {name: partial(_open_job, job, settings) for name, job in jobs.items()}
    return JobRunner(
        JobWork(storage, times), JobUpkeep(storage, times), times, kinds, workers=workers
    )


def _open_job(job: OpenJob, settings: Settings) -> Handler:
    set_threads(settings.job_threads)
    return job(settings)
