"""All use cases in one value: what bootstrap builds and the edges are given."""

from dataclasses import dataclass

from app.services.auditing.reading import Audit
from app.services.dates import Dates
from app.services.deciding.detection import Detection
from app.services.deciding.given_embeddings import GivenEmbeddings
from app.services.deciding.recognition import Recognizer
from app.services.deciding.recordings import RecordingRecognizer
from app.services.deciding.verification import Verifier
from app.services.duties.receipts import Receipts
from app.services.duties.retention import Retention
from app.services.duties.rights import SubjectRights
from app.services.duties.subject_export import SubjectExporter
from app.services.enrolling.enrolment import Enroller
from app.services.enrolling.importing import Importer
from app.services.enrolling.named import NamedEnroller
from app.services.enrolling.pictures import PictureEnroller
from app.services.enrolling.recordings import RecordingEnroller
from app.services.gallery.collections import Collections
from app.services.gallery.corrections import Corrections
from app.services.gallery.erasure import Erasure
from app.services.gallery.faces import EnrolledFaces
from app.services.gallery.labelled import LabelledFaces
from app.services.gallery.subjects import Subjects
from app.services.gallery.tags import Tags
from app.services.gallery.users import Users
from app.services.indexing.following import IndexFollower
from app.services.jobs.queue import Jobs
from app.services.keys import Keys
from app.services.models.pulling import ModelPuller
from app.services.moving.collection_import import CollectionImporter
from app.services.moving.exporting import Exporter
from app.services.moving.forecasting import ReencodingForecaster
from app.services.moving.pictures import PictureMover
from app.services.moving.protecting import Protector
from app.services.moving.reencoding import Reencoder
from app.services.moving.renewing import Renewer
from app.services.notifying.events import Events
from app.services.notifying.webhooks import Webhooks
from app.services.operations import Operations
from app.services.people.calibrating import Calibrations
from app.services.people.checkups import Checkups
from app.services.people.group_pages import GroupPages
from app.services.people.groups import Groups
from app.services.people.health import Health
from app.services.people.joining import GroupJoiner
from app.services.people.regrouping import Regrouper
from app.services.people.representing import Representatives
from app.services.people.review.answering import Reviews
from app.services.people.review.denying import Negatives
from app.services.people.review.finding import Suggestions
from app.services.people.review.matching import Matcher
from app.services.people.sightings import SeenFaces
from app.services.people.unnamed import UnnamedImporter
from app.services.searching import EnrolledSearcher
from app.services.sessions import Sessions
from app.services.signed_requests import SignedRequests
from app.services.styles.styles import Styles
from app.services.styles.transfers import StyleTransfers
from models.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class UseCases:
    """Everything the service can do."""

    collections: Collections
    subjects: Subjects
    corrections: Corrections
    unnamed_importer: UnnamedImporter
    groups: Groups
    sightings: SeenFaces
    group_pages: GroupPages
    regrouper: Regrouper
    joiner: GroupJoiner
    suggestions: Suggestions
    reviews: Reviews
    negatives: Negatives
    representatives: Representatives
    matcher: Matcher
    events: Events
    health: Health
    webhooks: Webhooks
    calibrations: Calibrations
    checkups: Checkups
    faces: EnrolledFaces
    enroller: Enroller
    verifier: Verifier
    recognizer: Recognizer
    given_embeddings: GivenEmbeddings
    recording_recognizer: RecordingRecognizer
    named_enroller: NamedEnroller
    recording_enroller: RecordingEnroller
    detection: Detection
    dates: Dates
    erasure: Erasure
    receipts: Receipts
    subject_rights: SubjectRights
    retention: Retention
    subject_exporter: SubjectExporter
    reencoder: Reencoder
    reencoding_forecaster: ReencodingForecaster
    model_puller: ModelPuller
    renewer: Renewer
    importer: Importer
    exporter: Exporter
    collection_importer: CollectionImporter
    protector: Protector
    picture_mover: PictureMover
    jobs: Jobs
    keys: Keys
    sessions: Sessions
    signed_requests: SignedRequests
    picture_enroller: PictureEnroller
    enrolled_searcher: EnrolledSearcher
    labelled_faces: LabelledFaces
    users: Users
    tags: Tags
    styles: Styles
    style_transfers: StyleTransfers
    operations: Operations
    audit: Audit
    follower: IndexFollower
    registry: Registry
