"""Every use case, over the stores and the networks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from app.bootstrap.auditing import open_audit, record_all
from app.bootstrap.capacity import Capacity, decoding_bytes
from app.bootstrap.images import open_place
from app.bootstrap.networks import open_networks, painter_of
from app.bootstrap.stores import Stores, open_ledgers, open_stores
from app.bootstrap.upkeep import open_upkeep
from app.platform.telemetry import observe_stage
from app.protection.data_keys import DataKeys
from app.protection.receipt_keys import ReceiptSigner
from app.services.auditing.trail import AuditTrail
from app.services.dates import Dates
from app.services.deciding.allowances import Allowance, Allowances
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.decider import Decider
from app.services.deciding.detection import Detection
from app.services.deciding.disclosure import Disclosure
from app.services.deciding.events import DecisionCounter
from app.services.deciding.given_embeddings import GivenEmbeddings
from app.services.deciding.recognition import Recognizer
from app.services.deciding.recordings import RecordingRecognizer
from app.services.deciding.verification import Verifier
from app.services.duties.receipts import Receipts
from app.services.duties.retention import Retention
from app.services.duties.rights import SubjectRights
from app.services.duties.subject_export import SubjectExporter
from app.services.enrolling.enrolment import Enroller
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.importing import Importer
from app.services.enrolling.named import NamedEnroller
from app.services.enrolling.pictures import PictureEnroller
from app.services.enrolling.recordings import RecordingEnroller
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.birth_dates import BirthDates
from app.services.gallery.collections import Collections
from app.services.gallery.corrections import Corrections
from app.services.gallery.erasure import Erasure
from app.services.gallery.faces import EnrolledFaces
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.labelled import LabelledFaces
from app.services.gallery.subjects import Subjects
from app.services.gallery.tags import Tags
from app.services.gallery.users import Users
from app.services.jobs.queue import JobLimits, Jobs
from app.services.keys import Keys
from app.services.moving.collection_import import CollectionImporter
from app.services.moving.exporting import Exporter
from app.services.moving.pictures import PictureMover
from app.services.moving.protecting import Protector
from app.services.moving.reencoding import Reencoder
from app.services.notifying.events import Events
from app.services.operations import Operations
from app.services.people.groups import Groups
from app.services.people.health import Health
from app.services.people.unnamed import UnnamedImporter
from app.services.searching import EnrolledSearcher
from app.services.signed_requests import SignedRequests
from app.services.styles.styles import Styles
from app.services.styles.transfers import StyleTransfers
from app.services.tracks.tracking import TrackFinder
from app.services.use_cases import UseCases
from app.settings import Settings
from app.storage.unit_of_work import SqlStorage
from app.vision.attention_picture import attention_png
from app.vision.dates import NetworkDateReader
from app.vision.decoding.decode import DecodeLimits
from app.vision.decoding.video_limits import VideoLimits
from app.vision.faces.aggregation import TrackAggregator
from app.vision.faces.analyser import FaceAnalyser
from app.vision.faces.catalogue import EncoderCatalogue
from app.vision.faces.recordings import RecordingAnalyser
from app.vision.running.batching import InFlight
from app.vision.running.runtimes.networks import ServingNetworks
from models.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class _Sight:
    """Networks, and what finds faces by them."""

    registry: Registry
    networks: ServingNetworks
    encoders: EncoderCatalogue
    analyser: FaceAnalyser
    finder: TrackFinder

    def load(self, settings: Settings) -> None:
        """Load the models that most requests need."""
        self.networks.load(settings.detector or self.registry.default("detect-faces"))
        self.networks.load(self.encoders.resolve(None))


def open_use_cases(
    settings: Settings, stores: Stores | None = None, capacity: Capacity | None = None
) -> UseCases:
    """Every use case over one database; without a capacity, for one process alone."""
    stores = stores or open_stores(settings)
    storage, follower = stores.storage, stores.follower
    sight = _open_sight(settings, capacity or Capacity.of(settings))
    cipher = DataKeys(stores.master_key)
    pictures = KeptPictures(storage, stores.images, cipher)
    receipts = Receipts(storage, ReceiptSigner(stores.master_key))
    erasure = Erasure(storage, stores.images, follower, open_ledgers(settings), receipts)
    audit = open_audit(settings, storage)
    review = EnrolmentReview(storage, sight.encoders, CandidateSearch(stores.index, follower))
    gallery = _gallery(settings, stores, sight, pictures, erasure, audit.trail, review)
    corrections = Corrections(storage)
    events = Events(storage)
    work = _work(settings, stores, sight.registry)
    duties = _duties(storage, pictures, erasure, receipts)
    enforce = duties["retention"].enforce
    upkeep = (open_upkeep(settings, stores, corrections, events), enforce)
    use_cases = UseCases(
        **gallery,
        **work,
        **_foreign(settings, stores),
        **duties,
        **_kept(settings, stores, pictures, cipher, receipts),
        collections=Collections(storage, sight.encoders),
        corrections=corrections,
        events=events,
        groups=Groups(storage, stores.images, pictures, sight.encoders, follower, review),
        health=Health(storage, sight.encoders),
        detection=Detection(sight.analyser, sight.encoders),
        reencoder=Reencoder(storage, pictures, sight.analyser, sight.encoders, erasure, follower),
        collection_importer=CollectionImporter(storage, pictures, sight.encoders, follower),
        operations=_operations(settings, stores, sight, erasure, upkeep),
        follower=follower,
        registry=sight.registry,
        audit=audit,
    )
    record_all(audit, use_cases)
    return use_cases


def _duties(
    storage: SqlStorage, pictures: KeptPictures, erasure: Erasure, receipts: Receipts
) -> dict[str, Any]:
    """Use cases that erase and hand out what is kept of people, by their names."""
    return {
        "erasure": erasure,
        "receipts": receipts,
        "subject_rights": SubjectRights(storage),
        "retention": Retention(storage, erasure),
        "exporter": Exporter(storage, pictures),
        "subject_exporter": SubjectExporter(storage, pictures),
    }


def _kept(
    settings: Settings,
    stores: Stores,
    pictures: KeptPictures,
    cipher: DataKeys,
    receipts: Receipts,
) -> dict[str, Any]:
    """Use cases of kept pictures, by their names."""
    storage, images = stores.storage, stores.images
    return {
        "faces": EnrolledFaces(storage, pictures),
        "protector": Protector(storage, images, pictures, cipher, receipts),
        "picture_mover": PictureMover(storage, images, partial(open_place, settings, storage)),
    }


def _operations(
    settings: Settings,
    stores: Stores,
    sight: _Sight,
    erasure: Erasure,
    upkeep: Sequence[Callable[[], object]],
) -> Operations:
    return Operations(
        stores.storage,
        stores.index,
        stores.follower,
        erasure,
        partial(sight.load, settings),
        upkeep,
        stores.index_work,
        sweep_first=not settings.images_url,
    )


def _open_sight(settings: Settings, capacity: Capacity) -> _Sight:
    registry = Registry(settings.resolved_model_cache_dir, settings.manifest_dirs)
    encoders = EncoderCatalogue(registry, default=settings.encoder or None)
    limits = DecodeLimits(
        settings.max_image_bytes, settings.max_image_pixels, decoding_bytes(settings)
    )
    in_flight = InFlight()
    networks = open_networks(settings, registry, in_flight, capacity)
    analyser = FaceAnalyser(
        networks,
        limits=limits,
        detector=settings.detector or None,
        observer=observe_stage,
        in_flight=in_flight,
    )
    recordings = RecordingAnalyser(analyser, video_limits(settings), limits)
    aggregator = TrackAggregator(registry, settings.aggregator or None)
    return _Sight(
        registry, networks, encoders, analyser, TrackFinder(recordings, aggregator, encoders)
    )


def _gallery(
    settings: Settings,
    stores: Stores,
    sight: _Sight,
    pictures: KeptPictures,
    erasure: Erasure,
    trail: AuditTrail,
    review: EnrolmentReview,
) -> dict[str, Any]:
    """Use cases that enroll and decide, by their names."""
    storage, follower = stores.storage, stores.follower
    gate = EnrolmentGate(settings.min_enrolment_face, settings.min_enrolment_quality)
    dates = Dates(NetworkDateReader(sight.registry, settings.date_reader or None), attention_png)
    subjects = Subjects(storage, BirthDates(dates))
    allowance = Allowance(settings.numbers_per_subject, timedelta(days=settings.numbers_window))
    disclosure = Disclosure(Allowances(storage, allowance))
    candidates = CandidateSearch(stores.index, follower)
    decider = Decider(storage, sight.encoders, candidates, disclosure, [DecisionCounter(), trail])
    enroller = Enroller(storage, pictures, sight.analyser, follower, gate, decider, review)
    pictured = PictureEnroller(storage, pictures, sight.analyser, follower, gate, review)
    return {
        "dates": dates,
        "subjects": subjects,
        "unnamed_importer": UnnamedImporter(storage, pictures, sight.analyser, gate),
        "enroller": enroller,
        "picture_enroller": pictured,
        "enrolled_searcher": EnrolledSearcher(storage, decider),
        "importer": Importer(storage, subjects, enroller, erasure),
        "verifier": Verifier(sight.analyser, decider),
        "recognizer": Recognizer(sight.analyser, decider),
        "given_embeddings": GivenEmbeddings(decider, sight.encoders),
        "named_enroller": NamedEnroller(subjects, enroller, erasure),
        "recording_recognizer": RecordingRecognizer(sight.finder, decider),
        "recording_enroller": RecordingEnroller(enroller, sight.finder, gate),
    }


def _work(settings: Settings, stores: Stores, registry: Registry) -> dict[str, Any]:
    """Use cases that order work and keep styles for it, by their names."""
    painter = painter_of(settings, registry)
    styles = Styles(stores.storage, painter, settings.max_styles)
    limits = JobLimits(settings.job_queue, settings.jobs_per_key, settings.job_timeouts)
    jobs = Jobs(stores.storage, limits)
    return {
        "jobs": jobs,
        "styles": styles,
        "style_transfers": StyleTransfers(painter, styles, jobs),
    }


def _foreign(settings: Settings, stores: Stores) -> dict[str, Any]:
    """Keys, and use cases for clients of other systems, by their names."""
    storage = stores.storage
    keys = Keys(storage, stores.master_key)
    region = settings.rekognition_region
    return {
        "keys": keys,
        "signed_requests": SignedRequests(storage, keys, stores.master_key, region),
        "labelled_faces": LabelledFaces(storage),
        "users": Users(storage),
        "tags": Tags(storage),
    }


def video_limits(settings: Settings) -> VideoLimits:
    """Limits of animations and videos."""
    return VideoLimits(
        max_bytes=settings.max_video_bytes,
        max_seconds=settings.max_video_seconds,
        max_frames=settings.max_video_frames,
        max_pixels=settings.max_video_pixels,
        max_work=settings.max_video_work,
        max_memory=decoding_bytes(settings),
    )
