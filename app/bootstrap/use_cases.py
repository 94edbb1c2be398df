"""Every use case, over the stores and the networks."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from app.bootstrap.auditing import open_audit, record_all
from app.bootstrap.capacity import Capacity
from app.bootstrap.images import open_place
from app.bootstrap.networks import painter_of
from app.bootstrap.people import open_duties, open_notifying, open_people
from app.bootstrap.sight import Sight, open_sight
from app.bootstrap.stores import Stores, open_ledgers, open_stores
from app.bootstrap.upkeep import open_upkeep
from app.domain.access.sessions import SessionLimits
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
from app.services.enrolling.enrolment import Enroller
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.importing import Importer
from app.services.enrolling.named import NamedEnroller
from app.services.enrolling.pictures import PictureEnroller
from app.services.enrolling.recordings import RecordingEnroller
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.birth_dates import BirthDates
from app.services.gallery.collections import Collections
from app.services.gallery.erasure import Erasure
from app.services.gallery.faces import EnrolledFaces
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.labelled import LabelledFaces
from app.services.gallery.subjects import Subjects
from app.services.gallery.tags import Tags
from app.services.gallery.users import Users
from app.services.jobs.queue import JobLimits, Jobs
from app.services.keys import Keys
from app.services.models.pulling import ModelPuller
from app.services.moving.collection_import import CollectionImporter
from app.services.moving.forecasting import ReencodingForecaster
from app.services.moving.pictures import PictureMover
from app.services.moving.protecting import Protector
from app.services.moving.reencoding import Reencoder
from app.services.moving.renewing import Renewer
from app.services.operations import Operations
from app.services.people.remembering import SightingRecorder
from app.services.people.unnamed import UnnamedImporter
from app.services.ports import DecisionObserver
from app.services.searching import EnrolledSearcher
from app.services.sessions import Sessions
from app.services.signed_requests import SignedRequests
from app.services.styles.styles import Styles
from app.services.styles.transfers import StyleTransfers
from app.services.use_cases import UseCases
from app.settings import Settings
from app.vision.attention_picture import attention_png
from app.vision.dates import NetworkDateReader
from models.registry.download import DownloadRules
from models.registry.registry import Registry


def open_use_cases(
    settings: Settings, stores: Stores | None = None, capacity: Capacity | None = None
) -> UseCases:
    """Every use case over one database; without a capacity, for one process alone."""
    stores = stores or open_stores(settings)
    storage, follower = stores.storage, stores.follower
    sight = open_sight(settings, capacity or Capacity.of(settings))
    cipher = DataKeys(stores.master_key)
    pictures = KeptPictures(storage, stores.images, cipher)
    receipts = Receipts(storage, ReceiptSigner(stores.master_key))
    erasure = Erasure(storage, stores.images, follower, open_ledgers(settings), receipts)
    audit = open_audit(settings, storage)
    candidates = CandidateSearch(stores.index, follower, sight.encoders.template_power)
    review = EnrolmentReview(storage, sight.encoders, candidates)
    recorder = SightingRecorder(storage, pictures)
    gallery = _gallery(settings, stores, sight, pictures, erasure, audit.trail, review, recorder)
    people = open_people(stores, sight, pictures, erasure, review, recorder)
    people |= open_notifying(settings, stores)
    people |= open_duties(storage, pictures, erasure, receipts)
    upkeep = (open_upkeep(settings, stores, people), people["retention"].enforce)
    use_cases = UseCases(
        **gallery,
        **_work(settings, stores, sight.registry),
        **_foreign(settings, stores),
        **people,
        **_kept(settings, stores, pictures, cipher, receipts),
        collections=Collections(storage, sight.encoders),
        detection=Detection(sight.analyser, sight.encoders),
        **_moving(stores, sight, pictures, erasure),
        operations=_operations(settings, stores, sight, erasure, upkeep),
        follower=follower,
        registry=sight.registry,
        audit=audit,
    )
    record_all(audit, use_cases)
    return use_cases


def _moving(
    stores: Stores, sight: Sight, pictures: KeptPictures, erasure: Erasure
) -> dict[str, Any]:
    """Use cases that move collections, by their names."""
    storage, follower, encoders = stores.storage, stores.follower, sight.encoders
    return {
        "reencoder": Reencoder(storage, pictures, sight.analyser, encoders, erasure, follower),
        "reencoding_forecaster": ReencodingForecaster(storage, pictures, encoders),
        "renewer": Renewer(storage, follower),
        "collection_importer": CollectionImporter(storage, pictures, encoders, follower),
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
        "protector": Protector(
            storage, images, pictures, cipher, receipts, Renewer(storage, stores.follower)
        ),
        "picture_mover": PictureMover(storage, images, partial(open_place, settings, storage)),
    }


def _operations(
    settings: Settings,
    stores: Stores,
    sight: Sight,
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


def _gallery(
    settings: Settings,
    stores: Stores,
    sight: Sight,
    pictures: KeptPictures,
    erasure: Erasure,
    trail: AuditTrail,
    review: EnrolmentReview,
    recorder: SightingRecorder,
) -> dict[str, Any]:
    """Use cases that enroll and decide, by their names."""
    storage, follower = stores.storage, stores.follower
    gate = EnrolmentGate(settings.min_enrolment_face, settings.min_enrolment_quality)
    dates = Dates(NetworkDateReader(sight.registry, settings.date_reader or None), attention_png)
    subjects = Subjects(storage, BirthDates(dates))
    allowance = Allowance(settings.numbers_per_subject, timedelta(days=settings.numbers_window))
    disclosure = Disclosure(Allowances(storage, allowance))
    candidates = CandidateSearch(stores.index, follower, sight.encoders.template_power)
    observers: list[DecisionObserver] = [DecisionCounter(), trail]
    decider = Decider(storage, sight.encoders, candidates, disclosure, observers, recorder)
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
        "model_puller": ModelPuller(registry, DownloadRules(settings.download_networks), jobs),
        "style_transfers": StyleTransfers(painter, styles, jobs),
    }


def _foreign(settings: Settings, stores: Stores) -> dict[str, Any]:
    """Keys, and use cases for clients of other systems, by their names."""
    storage = stores.storage
    keys = Keys(storage, stores.master_key)
    region = settings.rekognition_region
    return {
        "keys": keys,
        "sessions": Sessions(storage, keys, _session_limits(settings)),
        "signed_requests": SignedRequests(storage, keys, stores.master_key, region),
        "labelled_faces": LabelledFaces(storage),
        "users": Users(storage),
        "tags": Tags(storage),
    }


def _session_limits(settings: Settings) -> SessionLimits:
    return SessionLimits(
        idle=timedelta(minutes=settings.session_idle),
        lifetime=timedelta(hours=settings.session_hours),
    )
