"""All use cases in one value: what bootstrap builds and the edges are given."""

from dataclasses import dataclass

from app.services.collection_import import CollectionImporter
from app.services.collections import Collections
from app.services.dates import Dates
from app.services.detection import Detection
from app.services.enrolment import Enroller
from app.services.erasure import Erasure
from app.services.exporting import Exporter
from app.services.faces import EnrolledFaces
from app.services.following import IndexFollower
from app.services.importing import Importer
from app.services.jobs import Jobs
from app.services.keys import Keys
from app.services.operations import Operations
from app.services.recognition import Recognizer
from app.services.recording_enrolment import RecordingEnroller
from app.services.recordings import RecordingRecognizer
from app.services.reencoding import Reencoder
from app.services.style_transfer import StyleTransfers
from app.services.styles import Styles
from app.services.subjects import Subjects
from app.services.verification import Verifier
from models.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class UseCases:
    """Everything the service can do."""

    collections: Collections
    subjects: Subjects
    faces: EnrolledFaces
    enroller: Enroller
    verifier: Verifier
    recognizer: Recognizer
    recording_recognizer: RecordingRecognizer
    recording_enroller: RecordingEnroller
    detection: Detection
    dates: Dates
    erasure: Erasure
    reencoder: Reencoder
    importer: Importer
    exporter: Exporter
    collection_importer: CollectionImporter
    jobs: Jobs
    keys: Keys
    styles: Styles
    style_transfers: StyleTransfers
    operations: Operations
    follower: IndexFollower
    registry: Registry
