"""The only place that wires parts together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from app.api.application import Application, create_app
from app.domain.errors import IndexUnavailableError
from app.index.exact import ExactIndex
from app.index.faiss_flat import FaissFlatIndex
from app.index.milvus import MilvusIndex
from app.index.pgvector import PgvectorIndex
from app.jobs.orders import Handler
from app.jobs.reencoding import ReencodingJob
from app.jobs.runner import JobRunner
from app.machine import available_cores
from app.services.backup import Backups
from app.services.candidates import CandidateSearch
from app.services.collections import Collections
from app.services.detection import Detection
from app.services.enrolment import Enroller, EnrolmentGate
from app.services.erasure import Erasure
from app.services.exporting import Exporter
from app.services.faces import EnrolledFaces
from app.services.following import IndexFollower, bring_along
from app.services.importing import Importer
from app.services.job_work import JobTimes, JobUpkeep, JobWork
from app.services.jobs import JobLimits, Jobs
from app.services.keys import Keys
from app.services.operations import Operations
from app.services.ports import VectorIndex
from app.services.recognition import Recognizer
from app.services.recording_enrolment import RecordingEnroller
from app.services.recordings import RecordingRecognizer
from app.services.reencoding import REENCODING, Reencoder
from app.services.restoring import Restorer
from app.services.subjects import Subjects
from app.services.tracking import TrackFinder
from app.services.use_cases import UseCases
from app.services.verification import Verifier
from app.settings import Settings
from app.storage.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import Engines, open_engines
from app.storage.errors import domain_errors
from app.storage.images import FileImageStore
from app.storage.schema import upgrade
from app.storage.unit_of_work import SqlStorage
from app.telemetry import BATCH_ROWS, observe_stage
from app.vision.aggregation import TrackAggregator
from app.vision.analyser import FaceAnalyser
from app.vision.batching import InFlight, shared
from app.vision.catalogue import EncoderCatalogue
from app.vision.decode import DecodeLimits, count_pixels
from app.vision.recordings import RecordingAnalyser
from app.vision.runtimes.choice import open_runtime
from app.vision.runtimes.networks import ServingNetworks
from app.vision.runtimes.runtime import Concurrency
from app.vision.threads import set_threads
from app.vision.video_limits import VideoLimits
from models.registry.registry import Registry

_INDEXES = {"faiss": FaissFlatIndex, "exact": ExactIndex}


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much happens at once."""

    workers: int
    """Requests being analysed."""
    lanes: int
    """Forward passes that they share."""
    threads: int
    """Threads of a forward pass."""

    @classmethod
    def of(cls, settings: Settings) -> "Capacity":
        """By default one forward pass per core, each on one thread, and twice as many requests.

        Networks this small gain little from a second thread, while requests side by side scale;
        and while some wait for a shared pass, others decode and detect.
        """
        threads = settings.threads or 1
        lanes = max(1, available_cores() // threads)
        return cls(settings.workers or 2 * lanes, lanes, threads)


@dataclass(frozen=True, slots=True)
class Stores:
    """Rows in the database, the vectors of an index over them, and what keeps the two alike."""

    storage: SqlStorage
    index: VectorIndex
    follower: IndexFollower


def open_stores(settings: Settings) -> Stores:
    """The database, its schema brought up to date first, and the index.

    Raises StorageError, and IndexUnavailableError when the index cannot be had.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(settings.resolved_database_url)
    engines = open_engines(settings.resolved_database_url, busy_timeout=settings.database_timeout)
    index = open_index(settings, engines)
    if isinstance(index, PgvectorIndex):
        within = index.within
        storage = SqlStorage(engines, companion=lambda uow, c: bring_along(within(c), uow))
    else:
        storage = SqlStorage(engines)
    shared = isinstance(index, PgvectorIndex | MilvusIndex)
    return Stores(
        storage, index, IndexFollower(storage, index, turns=storage.in_turn if shared else None)
    )


def open_index(settings: Settings, engines: Engines) -> VectorIndex:
    """The index that the settings name. Raises IndexUnavailableError when it cannot be had."""
    kind = settings.resolved_index
    if kind == "milvus":
        return MilvusIndex(settings.index_url.get_secret_value())
    if kind != "pgvector":
        return _INDEXES[kind]()
    if engines.is_sqlite:
        raise IndexUnavailableError(
            "The index pgvector lives in PostgreSQL, and the database is SQLite.",
            hint="Set FACET_DATABASE_URL=postgresql+psycopg://…, or FACET_INDEX=faiss.",
        )
    return PgvectorIndex(engines.reader, engines.writer, guard=domain_errors)


def open_backups(settings: Settings) -> tuple[Backups, VectorIndex]:
    """What takes and restores backups, without any network; and the index to clear after one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = settings.resolved_database_url
    engines = open_engines(url, busy_timeout=settings.database_timeout)
    archive = DatabaseArchive(url, engines)
    images = FileImageStore(settings.data_dir / "images")
    return Backups(archive, DatabaseCopies(), images, FileImageStore), open_index(settings, engines)


def open_use_cases(settings: Settings, stores: Stores | None = None) -> UseCases:
    """Every use case over one database."""
    stores = stores or open_stores(settings)
    storage, index, follower = stores.storage, stores.index, stores.follower
    images = FileImageStore(settings.data_dir / "images")
    registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
    encoders = EncoderCatalogue(registry, default=settings.encoder or None)
    image_limits = DecodeLimits(settings.max_image_bytes, settings.max_image_pixels)
    in_flight = InFlight()
    networks = _networks(settings, registry, in_flight)
    analyser = FaceAnalyser(
        networks,
        limits=image_limits,
        detector=settings.detector or None,
        observer=observe_stage,
        in_flight=in_flight,
    )

    def load_models() -> None:
        networks.load(settings.detector or registry.default("detect-faces"))
        networks.load(encoders.resolve(None))

    search = CandidateSearch(index, follower)
    erasure = Erasure(storage, images, follower)
    gate = EnrolmentGate(settings.min_enrolment_face, settings.min_enrolment_quality)
    subjects = Subjects(storage)
    enroller = Enroller(storage, images, analyser, encoders, search, follower, gate)
    recordings = RecordingAnalyser(analyser, _video_limits(settings), image_limits)
    finder = TrackFinder(recordings, TrackAggregator(), encoders)
    return UseCases(
        collections=Collections(storage, encoders),
        subjects=subjects,
        faces=EnrolledFaces(storage, images),
        enroller=enroller,
        verifier=Verifier(storage, analyser, encoders),
        recognizer=Recognizer(storage, analyser, encoders, search),
        recording_recognizer=RecordingRecognizer(storage, encoders, search, finder),
        recording_enroller=RecordingEnroller(enroller, finder),
        detection=Detection(analyser, encoders),
        erasure=erasure,
        reencoder=Reencoder(storage, images, analyser, encoders, erasure, follower),
        importer=Importer(storage, subjects, enroller, erasure),
        exporter=Exporter(storage, images),
        restorer=Restorer(storage, images, encoders, follower),
        jobs=Jobs(
            storage,
            JobLimits(settings.job_queue, settings.jobs_per_key, settings.job_timeouts),
        ),
        keys=Keys(storage),
        operations=Operations(storage, index, follower, erasure, load_models),
        follower=follower,
        registry=registry,
    )


def _video_limits(settings: Settings) -> VideoLimits:
    return VideoLimits(
        max_bytes=settings.max_video_bytes,
        max_seconds=settings.max_video_seconds,
        max_frames=settings.max_video_frames,
        max_pixels=settings.max_video_pixels,
        max_work=settings.max_video_work,
    )


def _networks(settings: Settings, registry: Registry, in_flight: InFlight) -> ServingNetworks:
    """The registry's networks on the chosen runtime, their forward passes shared by requests."""
    capacity = Capacity.of(settings)
    runtime = open_runtime(
        settings.runtime,
        settings.resolved_model_cache_dir,
        Concurrency(capacity.lanes, capacity.threads),
    )
    around = partial(
        shared,
        lanes=capacity.lanes if runtime.device == "cpu" else 1,
        patience=settings.batch_wait,
        expected=in_flight.count,
        observer=BATCH_ROWS.observe,
    )
    return ServingNetworks(registry, runtime, around)


def open_application(settings: Settings) -> Application:
    """The ASGI application over its use cases."""
    capacity = Capacity.of(settings)
    set_threads(capacity.threads)
    stores = open_stores(settings)  # one for all: its writers queue in order
    return create_app(
        open_use_cases(settings, stores),
        settings,
        workers=capacity.workers,
        count_pixels=count_pixels,
        background=open_job_runner(settings, stores.storage, settings.job_workers),
    )


OpenJob = Callable[[Settings], Handler]


def _open_reencoding(settings: Settings) -> Handler:
    return ReencodingJob(open_use_cases(settings).reencoder)


JOBS: Mapping[str, OpenJob] = {REENCODING.name: _open_reencoding}
"""How each kind of job is opened, in a process that has nothing else open."""


def open_job_runner(
    settings: Settings, storage: SqlStorage, workers: int, jobs: Mapping[str, OpenJob] = JOBS
) -> JobRunner:
    """That many workers, without any network: the jobs' own processes open what they need."""
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
