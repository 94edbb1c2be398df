"""Protocols of what the use cases need from the layers below them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from app.domain.deciding.events import DecisionEvent
from app.domain.faces import AnalysisOptions, ImageAnalysis
from app.domain.gallery import Partition
from app.services.ports.audit import AuditRepository
from app.services.ports.corrections import OperationRepository
from app.services.ports.foreign import LabelRepository, SignatureRepository, TagRepository
from app.services.ports.jobs import JobRepository
from app.services.ports.ledger import LedgerRepository, ReceiptRepository, RightsRepository
from app.services.ports.notifying.events import EventRepository
from app.services.ports.notifying.webhooks import WebhookRepository
from app.services.ports.protection import ProtectionRepository, RotationRepository
from app.services.ports.repositories import (
    AllowanceRepository,
    ChangeLog,
    CollectionRepository,
    FaceRepository,
    IdempotencyRepository,
    Ids,
    ImageRepository,
    KeyRepository,
    SessionRepository,
    SubjectRepository,
    Templates,
)
from app.services.ports.sightings import GroupRepository, SightingRepository
from app.services.ports.styles import StyleRepository
from app.services.ports.upkeep.compaction import CompactionRepository
from app.services.ports.upkeep.repositories import CalibrationRepository, SurveyRepository
from app.services.ports.upkeep.review import (
    NamingRepository,
    NegativeRepository,
    SuggestionRepository,
)
from app.services.ports.upkeep.staging import StagedTemplateRepository
from models.registry.curve import ThresholdCurve

Result = TypeVar("Result")


class FaceAnalyser(Protocol):
    """Bytes in, faces out: decode, detect, align, encode, judge. Thread-safe."""

    def analyse(self, data: bytes, options: AnalysisOptions) -> ImageAnalysis: ...


class EncoderCatalogue(Protocol):
    """Encoders, as far as decisions need to know them."""

    def resolve(self, encoder: str | None) -> str:
        """The full model key of a key or bare name; the default for None.

        Raises the registry's errors for unknown models and models of another task.
        """

    def curve(self, encoder: str) -> ThresholdCurve: ...

    def dimension(self, encoder: str) -> int:
        """The length of its embeddings."""

    def template_power(self, encoder: str) -> float:
        """The power, in [0, 1], by which templates of several faces are lengthened."""

    def require_ready(self, encoder: str) -> None:
        """Raises EncoderNotReadyError when the encoder could not serve a collection now."""


class VectorIndex(Protocol):
    """A rebuildable cache of templates. SQL is the truth. Thread-safe.

    `seq` is the position in the change log that the call brings the index up to.
    """

    def add(self, partition: Partition, ids: Ids, vectors: Templates, *, seq: int) -> None:
        """Add or replace vectors by id."""

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        """Remove ids (unknown ids are ignored), or with None the whole partition."""

    def search(
        self, partition: Partition, probes: Templates, k: int, *, among: Ids | None = None
    ) -> tuple[Templates, Ids]:
        """The k most similar vectors of each probe: ((P, k') similarities, (P, k') ids).

        Descending; k' = min(k, count). Equal similarities come in ascending order of ids.
        With `among`, only those ids are compared, all of them.
        """

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        """Vectors in the partition, or those of the ids that it has."""

    def watermark(self) -> int:
        """The position in the change log that the index stands at; 0 when it is empty."""

    def clear(self) -> None:
        """Remove everything, and go back to position 0."""


class DecisionObserver(Protocol):
    """Counts or records decisions. Thread-safe."""

    def observe(self, events: Sequence[DecisionEvent]) -> None:
        """Take the decisions of one request, which has not been answered yet.

        Raising keeps the answer back. No transaction is open.
        """


class ImageStore(Protocol):
    """Content-addressed files. The digest is the SHA-256 of the bytes as stored, in hex.

    Every call raises ImagesUnavailableError where they are elsewhere, and that is away.
    """

    def put(self, data: bytes) -> str:
        """Durable (fsync) when it returns. Raises StorageFullError."""

    def get(self, digest: str) -> bytes | None: ...

    def has(self, digest: str) -> bool: ...

    def delete(self, digest: str) -> bool:
        """Whether there was such a file."""

    def digests(self) -> Iterator[str]:
        """Every file there is, for the sweep of files without a row."""


class UnitOfWork(Protocol):
    """One transaction and the repositories that take part in it."""

    @property
    def collections(self) -> CollectionRepository: ...

    @property
    def subjects(self) -> SubjectRepository: ...

    @property
    def faces(self) -> FaceRepository: ...

    @property
    def staged(self) -> StagedTemplateRepository: ...

    @property
    def images(self) -> ImageRepository: ...

    @property
    def changes(self) -> ChangeLog: ...

    @property
    def compaction(self) -> CompactionRepository: ...

    @property
    def keys(self) -> KeyRepository: ...

    @property
    def sessions(self) -> SessionRepository: ...

    @property
    def idempotency(self) -> IdempotencyRepository: ...

    @property
    def allowances(self) -> AllowanceRepository: ...

    @property
    def operations(self) -> OperationRepository: ...

    @property
    def sightings(self) -> SightingRepository: ...

    @property
    def groups(self) -> GroupRepository: ...

    @property
    def negatives(self) -> NegativeRepository: ...

    @property
    def suggestions(self) -> SuggestionRepository: ...

    @property
    def namings(self) -> NamingRepository: ...

    @property
    def events(self) -> EventRepository: ...

    @property
    def calibrations(self) -> CalibrationRepository: ...

    @property
    def surveys(self) -> SurveyRepository: ...

    @property
    def webhooks(self) -> WebhookRepository: ...

    @property
    def labels(self) -> LabelRepository: ...

    @property
    def tags(self) -> TagRepository: ...

    @property
    def signatures(self) -> SignatureRepository: ...

    @property
    def jobs(self) -> JobRepository: ...

    @property
    def styles(self) -> StyleRepository: ...

    @property
    def protection(self) -> ProtectionRepository: ...

    @property
    def rotations(self) -> RotationRepository: ...

    @property
    def audit(self) -> AuditRepository: ...

    @property
    def ledger(self) -> LedgerRepository: ...

    @property
    def receipts(self) -> ReceiptRepository: ...

    @property
    def rights(self) -> RightsRepository: ...

    @property
    def result(self) -> Any:
        """The result that was noted last; None before."""

    def note_result(self, result: Result) -> Result:
        """Say, for the audit record, what the action comes to that this transaction makes."""


class Storage(Protocol):
    """Raises DatabaseLockedError, StorageFullError, StorageReadOnlyError or
    DatabaseUnavailableError."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A consistent snapshot."""

    def write(
        self, *, durable: bool = True, recorded: bool = True
    ) -> AbstractContextManager[UnitOfWork]:
        """Commits when the block ends, rolls back when it raises. Writers come one by one.

        Raises CollectionFullError at the end, where a collection has grown beyond its policy.
        Without `durable` the disk is not waited for, as in `append_audit`. Without `recorded` it
        is no part of the action under way: it counts, or tidies up behind another transaction.
        """

    def record_within(self, record: Callable[[UnitOfWork], Callable[[], None]]) -> None:
        """Have that called as the last step of transactions, and what it gives after the commit."""

    def append_audit(self, *, durable: bool = True) -> AbstractContextManager[AuditRepository]:
        """Write to the audit record alone; commits when the block ends. Do not nest.

        Without `durable` the disk is not waited for: what was written outlives the process, and
        the machine's end once a durable transaction came after it.
        """

    def index_lock(self, index: str) -> AbstractContextManager[None]:
        """Alone with the index of that name among all processes on this database."""

    def checkpoint(self) -> bool | None:
        """Make sure no log beside the database still holds erased bytes; False when it does.

        None where there is no such log within reach. Comes back soon in any case.
        """
