"""The use cases of a gallery over a temporary SQLite, without networks."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from app.files.images import FileImageStore
from app.files.ledgers import LedgerFiles
from app.index.exact.index import ExactIndex
from app.protection.collection_keys import CollectionKeys
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.protection.receipt_keys import ReceiptSigner
from app.protection.rotations import SecretRotations
from app.services.dates import Dates
from app.services.deciding.allowances import Allowance, Allowances
from app.services.deciding.candidates import CandidateSearch
from app.services.deciding.decider import Decider
from app.services.deciding.disclosure import Disclosure
from app.services.deciding.recognition import RecognitionOptions, Recognizer
from app.services.deciding.verification import Verifier
from app.services.duties.receipts import Receipts
from app.services.duties.retention import Retention
from app.services.duties.rights import SubjectRights
from app.services.duties.subject_export import SubjectExporter
from app.services.enrolling.enrolment import Enroller, EnrolmentOptions
from app.services.enrolling.gate import EnrolmentGate
from app.services.enrolling.judging import EnrolmentResult
from app.services.enrolling.pictures import PictureEnroller
from app.services.enrolling.reviewing import EnrolmentReview
from app.services.gallery.birth_dates import BirthDates
from app.services.gallery.collections import Collections
from app.services.gallery.corrections import Corrections
from app.services.gallery.erasure import Erasure
from app.services.gallery.image_files import KeptPictures
from app.services.gallery.subjects import Subjects
from app.services.gallery.undoing.naming import NamingUndo
from app.services.indexing.following import IndexFollower
from app.services.keys import Keys
from app.services.moving.backup import Backups
from app.services.notifying.events import Events
from app.services.people.groups import Groups
from app.services.people.remembering import SightingRecorder
from app.services.people.sightings import SeenFaces
from app.services.people.unnamed import UnnamedImporter
from app.services.ports import DecisionObserver, EncoderCatalogue, FaceAnalyser, ImageStore
from app.storage.copies.archive import DatabaseArchive, DatabaseCopies
from app.storage.engine import open_engines
from app.storage.unit_of_work import SqlStorage
from models.pipelines.dates.answers import DateReading
from tests.fakes.analyser import MadeUpAnalyser, OneEncoder
from tests.fakes.clocks import Clock


class ImagesInMemory:
    """Kept pictures by the SHA-256 of their bytes."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.kept[digest] = data
        return digest

    def get(self, digest: str) -> bytes | None:
        return self.kept.get(digest)

    def has(self, digest: str) -> bool:
        return digest in self.kept

    def delete(self, digest: str) -> bool:
        return self.kept.pop(digest, None) is not None

    def digests(self) -> Iterator[str]:
        yield from tuple(self.kept)


class NoDateReader:
    """Of tests in which no date is written but as ISO 8601."""

    def read(self, text: str, *_: object, **options: object) -> DateReading:
        raise AssertionError(f"nobody reads {text!r} here")


class Wired:
    """The use cases of a server with any analyser, wired as `app.bootstrap` wires them."""

    def __init__(
        self,
        url: str,
        analyser: FaceAnalyser,
        encoders: EncoderCatalogue,
        *,
        observers: Sequence[DecisionObserver] = (),
        numbers_per_subject: int = 20,
        images: ImageStore | None = None,
    ) -> None:
        """`url` is that of a migrated database, see the fixture `sqlite_database`."""
        self.engines = open_engines(url, busy_timeout=2.0)
        self.storage = SqlStorage(self.engines)
        key = MasterKey([bytes(32)])
        self.storage.seal_with(key, SecretRotations(key), CollectionKeys(key))
        self.images = ImagesInMemory()
        files = images or self.images
        self.pictures = KeptPictures(self.storage, files, DataKeys(key))
        self.index, self.clock = ExactIndex(), Clock()
        self.follower = IndexFollower(self.storage, self.index)
        self.candidates = CandidateSearch(self.index, self.follower, encoders.template_power)
        allowance = Allowance(numbers_per_subject, timedelta(days=30))
        self.allowances = Allowances(self.storage, allowance, self.clock)
        self.recorder = SightingRecorder(self.storage, self.pictures)
        self.decider = Decider(
            self.storage,
            encoders,
            self.candidates,
            Disclosure(self.allowances),
            observers,
            self.recorder,
        )
        self._keeping(url, encoders, files)
        self.recognizer = Recognizer(analyser, self.decider)
        self.verifier = Verifier(analyser, self.decider)
        self._enrolling(analyser, encoders, files)

    def _keeping(self, url: str, encoders: EncoderCatalogue, files: ImageStore) -> None:
        self.keys = Keys(self.storage)
        self.collections = Collections(self.storage, encoders)
        self.subjects = Subjects(self.storage, BirthDates(Dates(NoDateReader(), lambda _: b"")))
        self.naming_undo = NamingUndo(self.storage, files, self.pictures, self.follower)
        self.corrections = Corrections(self.storage, self.naming_undo)
        self.gate = EnrolmentGate(24, 0.2)
        self.events = Events(self.storage)
        ledgers = LedgerFiles(Path(str(self.engines.writer.url.database)).with_suffix(".erased"))
        self.rights = SubjectRights(self.storage)
        self.receipts = Receipts(self.storage, ReceiptSigner(MasterKey([bytes(32)])))
        self.erasure = Erasure(self.storage, files, self.follower, ledgers, self.receipts)
        self.sightings = SeenFaces(self.storage, self.pictures, self.erasure, self.recorder)
        self.retention = Retention(self.storage, self.erasure)
        self.subject_exporter = SubjectExporter(self.storage, self.pictures)
        beside = Path(str(self.engines.writer.url.database)).parent
        archive = DatabaseArchive(url, self.engines, beside)
        self.backups = Backups(
            archive, DatabaseCopies(), files, FileImageStore, lambda _: None, ledgers
        )

    def _enrolling(
        self, analyser: FaceAnalyser, encoders: EncoderCatalogue, files: ImageStore
    ) -> None:
        review = EnrolmentReview(self.storage, encoders, self.candidates)
        self.enroller = Enroller(
            self.storage, self.pictures, analyser, self.follower, self.gate, self.decider, review
        )
        self.unnamed_importer = UnnamedImporter(self.storage, self.pictures, analyser, self.gate)
        self.picture_enroller = PictureEnroller(
            self.storage, self.pictures, analyser, self.follower, self.gate, review
        )
        self.groups = Groups(self.storage, files, self.pictures, encoders, self.follower, review)
        self.review = review

    def close(self) -> None:
        self.engines.dispose()


class Service(Wired):
    """The service of made-up people."""

    def __init__(
        self, url: str, *, numbers_per_subject: int = 20, images: ImageStore | None = None
    ) -> None:
        self.analyser = MadeUpAnalyser()
        super().__init__(
            url,
            self.analyser,
            OneEncoder(),
            numbers_per_subject=numbers_per_subject,
            images=images,
        )

    def enrol(self, name: str, *pictures: bytes, **options: object) -> list[EnrolmentResult]:
        """Enrol pictures of a subject of the collection `staff`, made where it is missing."""
        subject = self.subjects.get_or_create("staff", name)
        chosen = EnrolmentOptions(**options)  # type: ignore[arg-type]
        return list(self.enroller.enrol("staff", subject.id, pictures, chosen).results)

    def recognized(self, image: bytes, **options: object) -> list[str | None]:
        """The names of the people found in a picture; None for each who is unknown."""
        chosen = RecognitionOptions(**options)  # type: ignore[arg-type]
        found = self.recognizer.recognize("staff", image, chosen)
        matches = [face.verdict.match for face in found.faces]
        return [match.subject.name if match else None for match in matches]
