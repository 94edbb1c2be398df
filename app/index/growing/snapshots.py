"""A big partition as it lies on disk, and whether it can be believed after a start.

A generation is a directory: `vectors` (see `vector_file`), `structure` (what was trained) and
`manifest.json`. Only a manifest makes a generation complete; it is written last and renamed into
place, and says how many rows it speaks for. What lies behind them is cut off at the next start.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.domain.gallery import Partition
from app.index.growing.clustered import Clustered
from app.index.growing.structure import Structure
from app.index.growing.vector_file import Records, VectorFile, living
from app.index.kit.arrays import Ids, Vectors
from models.files.writing import write

_FORMAT = 2
_MANIFEST = "manifest.json"


class SnapshotError(ValueError):
    """A snapshot that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Description of a generation, and how much of it counts."""

    collection: str
    encoder: str
    dimension: int
    watermark: int
    rows: int
    ascending: int
    """Leading rows whose ids ascend."""
    lists: int
    """Lists searched for a probe, on average."""
    trained_rows: int
    structure_sha256: str
    format: int = _FORMAT

    @property
    def partition(self) -> Partition:
        return Partition(self.collection, self.encoder)


class Generation:
    """One directory of one partition."""

    def __init__(self, directory: Path, partition: Partition, structure_sha256: str = "") -> None:
        self.directory = directory
        self._partition = partition
        self._structure_sha256 = structure_sha256

    @classmethod
    def create(cls, own: Path, partition: Partition) -> "Generation":
        """The next generation of the partition, empty."""
        parent = own / _name(partition)
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = max((int(path.name) for path in parent.iterdir()), default=0) + 1
        (parent / str(number)).mkdir(mode=0o700)
        return cls(parent / str(number), partition)

    @property
    def vectors(self) -> Path:
        return self.directory / "vectors"

    def keep_structure(self, structure: Structure) -> None:
        data = structure.to_bytes()
        write(self.directory / "structure", data)
        self._structure_sha256 = hashlib.sha256(data).hexdigest()

    def complete(self, clustered: Clustered, rows: int, ascending: int, watermark: int) -> None:
        """Make durable that the first `rows` rows stand for the log up to the watermark."""
        clustered.file.sync()
        manifest = Manifest(
            self._partition.collection_id,
            self._partition.encoder,
            clustered.structure.dimension,
            watermark,
            rows,
            min(rows, ascending),
            clustered.lists,
            clustered.trained_rows,
            self._structure_sha256,
        )
        body = asdict(manifest)
        document = {"manifest": body, "sha256": _digest(body)}
        write(self.directory / _MANIFEST, json.dumps(document, indent=1).encode())

    def remove(self) -> None:
        # The manifest first: whoever reads beside it then knows why the rest is missing.
        (self.directory / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.directory, ignore_errors=True)


def manifests(own: Path) -> list[tuple[Path, Manifest | SnapshotError]]:
    """Every generation in a process's directory with its manifest, or what is wrong with it."""
    found: list[tuple[Path, Manifest | SnapshotError]] = []
    for directory in sorted(own.glob("*/*/")):
        try:
            found.append((directory, _read_manifest(directory)))
        except SnapshotError as error:
            found.append((directory, error))
    return found


def is_complete(directory: Path) -> bool:
    """Whether the generation has a manifest: not while it is made, nor while it is removed."""
    return (directory / _MANIFEST).is_file()


def load(directory: Path, manifest: Manifest) -> tuple[Generation, Clustered]:
    """Check every byte and fill the lists anew. Raises SnapshotError."""
    structure = Structure.from_bytes(_structure(directory, manifest))
    file = _open(directory, manifest, writable=True)
    generation = Generation(directory, manifest.partition, manifest.structure_sha256)
    clustered = Clustered(structure, file, ascending=manifest.ascending, lists=manifest.lists)
    clustered.trained_rows = manifest.trained_rows
    for first, records in _checked(file):
        clustered.fill(first, records)
        clustered.count_in(records["id"][living(records)])
    structure.tighten()
    return generation, clustered


def check(directory: Path, manifest: Manifest) -> Iterator[tuple[Ids, Vectors]]:
    """Read a generation beside its owner, every byte of it: living ids and vectors, in pieces.

    Raises SnapshotError.
    """
    _structure(directory, manifest)
    file = _open(directory, manifest, writable=False)
    for _, records in _checked(file):
        here = living(records)
        yield records["id"][here], records["vector"][here]
    file.close()


def _structure(directory: Path, manifest: Manifest) -> bytes:
    data = _read(directory / "structure")
    if hashlib.sha256(data).hexdigest() != manifest.structure_sha256:
        raise SnapshotError("the structure's checksum is wrong")
    return data


def _open(directory: Path, manifest: Manifest, *, writable: bool) -> VectorFile:
    path = directory / "vectors"
    if not path.is_file():
        raise SnapshotError("the vectors are missing")
    file = VectorFile(path, manifest.dimension, manifest.rows, writable=writable)
    if not file.complete():
        file.close()
        raise SnapshotError("the vectors are cut off")
    return file


def _checked(file: VectorFile) -> Iterator[tuple[int, Records]]:
    for first, records in file.chunks():
        if file.damaged(records).any():
            file.close()
            raise SnapshotError(f"a vector near row {first} is damaged")
        yield first, records


def _read_manifest(directory: Path) -> Manifest:
    data = _read(directory / _MANIFEST)
    try:
        document: dict[str, Any] = json.loads(data)
        body = document["manifest"]
        if _digest(body) != document["sha256"] or body["format"] != _FORMAT:
            raise SnapshotError("the manifest's checksum or format is wrong")
        manifest = Manifest(**body)
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"the manifest cannot be read: {error!r}") from error
    if directory.parent.name != _name(manifest.partition):
        raise SnapshotError("the snapshot belongs to another partition")
    return manifest


def _name(partition: Partition) -> str:
    """A directory's name for a partition; encoders' keys need not be good file names."""
    words = f"{partition.collection_id}\n{partition.encoder}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def partition_directory(own: Path, partition: Partition) -> Path:
    return own / _name(partition)


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SnapshotError(f"{path.name} cannot be read: {error.strerror}") from error
