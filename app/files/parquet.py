"""Exported collections as Parquet: a row per face, and per subject without faces.

The collection itself is in the file's metadata. The same gallery gives the same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.errors.requests import InvalidRequestError
from app.domain.faces import Box, Pose, Quality
from app.domain.gallery import Collection, NewFace, Subject
from app.domain.metadata import read_json
from app.domain.people.rights import NO_RIGHTS, from_json, to_json
from app.domain.portable import PortableFace
from app.files.encryption import encrypting
from models.files.writing import replacing

if TYPE_CHECKING:
    import pyarrow as pa

_KEY = b"facet.collection"
_ORIGIN = b"facet.collection.id"
_SEALED = b"facet.collection.sealed"
_FORMAT = 1
_TEMPLATE = np.dtype("<f4")
_ROWS = 500


class CollectionFile:
    """An exported collection, open for reading."""

    def __init__(self, path: Path) -> None:
        """Raises InvalidRequestError for a file that is no Parquet."""
        parquet = _parquet()
        try:
            self._file = parquet.ParquetFile(path)
        except (OSError, ValueError) as error:  # pyarrow's errors are kinds of ValueError
            raise InvalidRequestError(f"{path} cannot be read as Parquet.") from error
        self.path = path
        self.rows: int = self._file.metadata.num_rows

    @property
    def collection(self) -> Collection | None:
        """The collection it holds; None for a file that Facet did not export."""
        header = (self._file.schema_arrow.metadata or {}).get(_KEY)
        if header is None:
            return None
        try:
            fields = json.loads(header)
            if fields.pop("format") != _FORMAT:
                raise InvalidRequestError(
                    f"{self.path} was exported by another version of Facet.",
                    hint="Import it with that version or a newer one.",
                )
            created_at = datetime.fromisoformat(fields.pop("created_at"))
            sealed = _SEALED in (self._file.schema_arrow.metadata or {})
            fields |= {"id": self._origin(), "created_at": created_at, "sealed": sealed}
            found = Collection(**fields)
            if not all(isinstance(text, str) for text in (found.name, found.encoder)):
                raise TypeError("name and encoder are texts")
            return found
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged() from error

    def _origin(self) -> str:
        """The collection's id where it was exported; older versions tell none."""
        origin = (self._file.schema_arrow.metadata or {}).get(_ORIGIN, b"")
        return str(origin.decode())

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self._file.schema_arrow.names)

    def pages(self) -> Iterator[Sequence[PortableFace]]:
        """Pages of what was exported, in its order."""
        collection = self.collection
        if collection is None:
            raise InvalidRequestError(f"{self.path} is not a collection that Facet exported.")
        for rows in self.records():
            try:
                page = [_portable(row, collection.encoder) for row in rows]
            except (ValueError, LookupError, TypeError) as error:
                raise self._damaged() from error
            yield page

    def records(self) -> Iterator[list[dict[str, Any]]]:
        """Plain rows, some at a time. Raises InvalidRequestError where the file is damaged."""
        batches = self._file.iter_batches(batch_size=_ROWS)
        while True:
            try:
                rows = next(batches).to_pylist()
            except StopIteration:
                return
            except (OSError, ValueError, OverflowError) as error:  # pyarrow's are ValueErrors
                raise InvalidRequestError(
                    f"{self.path} is damaged: {error}.",
                    hint="What came before the damage is imported; get the file again.",
                ) from error
            yield rows

    def _damaged(self) -> InvalidRequestError:
        return InvalidRequestError(
            f"{self.path} says that Facet exported it, and does not hold what Facet exports.",
            hint="Export the collection again.",
        )


@contextmanager
def writing(
    path: Path, collection: Collection, recipients: Sequence[Any] = ()
) -> Iterator["CollectionWriter"]:
    """Write an export beside `path` and put it in its place when the block has ended well.

    Given `recipients`, it is encrypted on its way.
    """
    opened = encrypting(path, recipients) if recipients else replacing(path, mode=None)
    with opened as file, closing(CollectionWriter(file, collection)) as writer:
        yield writer


class CollectionWriter:
    """Appends pages of a collection to a Parquet file."""

    def __init__(self, file: Any, collection: Collection) -> None:
        header = {
            "format": _FORMAT,
            "name": collection.name,
            "encoder": collection.encoder,
            "keep_images": collection.keep_images,
            "metadata": dict(collection.metadata),
            "created_at": collection.created_at.isoformat(),
        }
        encoded = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
        # Beside the header, whose fields older versions know all of.
        beside = {_KEY: encoded, _ORIGIN: collection.id.encode()}
        beside |= {_SEALED: b"yes"} if collection.sealed else {}
        self._schema = _schema().with_metadata(beside)
        # JPEG files and templates do not get smaller.
        stored = {name: "none" if name in ("image", "template") else "zstd" for name in _names()}
        self._writer = _parquet().ParquetWriter(
            file, self._schema, compression=stored, use_dictionary=["encoder"]
        )

    def write(self, page: Sequence[PortableFace]) -> None:
        import pyarrow as pa

        rows = [_row(one) for one in page]
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _row(one: PortableFace) -> dict[str, Any]:
    subject, face = one.subject, one.face
    row: dict[str, Any] = {
        "subject_id": subject.id,
        "subject_name": subject.name,
        "subject_external_id": subject.external_id,
        "subject_metadata": json.dumps(dict(subject.metadata), ensure_ascii=False, sort_keys=True),
        "subject_created_at": subject.created_at,
        "subject_updated_at": subject.updated_at,
    }
    if one.rights != NO_RIGHTS:
        row["subject_rights"] = json.dumps(to_json(one.rights), sort_keys=True)
    if face is not None:
        row |= {
            "template": np.asarray(face.template, dtype=_TEMPLATE).tobytes(),
            "box": [face.box.x, face.box.y, face.box.width, face.box.height],
            "landmarks": np.asarray(face.landmarks, dtype=np.float32).ravel().tolist(),
            "probability": face.probability,
            "pose": [face.pose.yaw, face.pose.pitch, face.pose.roll],
            "quality_score": face.quality.score,
            "quality_reasons": list(face.quality.reasons),
            "sharpness": face.quality.sharpness,
            "brightness": face.quality.brightness,
            "created_at": face.created_at,
            "source_digest": face.source_digest,
            "image": one.image,
            "not_subjects": list(one.not_subjects) or None,
        }
    return row


def _portable(row: dict[str, Any], encoder: str) -> PortableFace:
    subject = Subject(
        id=row["subject_id"],
        collection_id="",
        name=row["subject_name"],
        external_id=row["subject_external_id"],
        metadata=read_json(row["subject_metadata"]),
        created_at=row["subject_created_at"],
        updated_at=row["subject_updated_at"],
    )
    recorded = row.get("subject_rights")
    rights = NO_RIGHTS if recorded is None else from_json(read_json(recorded))
    if row["template"] is None:
        return PortableFace(subject, None, None, rights)
    face = NewFace(
        collection_id="",
        subject_id=subject.id,
        encoder=encoder,
        template=np.frombuffer(row["template"], dtype=_TEMPLATE).astype(np.float32),
        box=Box(*row["box"]),
        landmarks=np.array(row["landmarks"], dtype=np.float32).reshape(5, 2),
        probability=row["probability"],
        pose=Pose(*row["pose"]),
        quality=Quality(
            row["quality_score"],
            tuple(row["quality_reasons"]),
            row["sharpness"],
            row["brightness"],
        ),
        image_digest=None,
        created_at=row["created_at"],
        source_digest=row["source_digest"],
    )
    return PortableFace(subject, face, row["image"], rights, _texts(row.get("not_subjects")))


def _texts(values: list[Any] | None) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values or ()):
        raise TypeError("ids are texts")
    return tuple(values or ())


def _schema() -> "pa.Schema":
    import pyarrow as pa

    instant = pa.timestamp("us", tz="UTC")
    text = ("subject_id", "subject_name", "subject_metadata")
    return pa.schema(
        [
            *(pa.field(name, pa.string(), nullable=False) for name in text),
            pa.field("subject_external_id", pa.string()),
            pa.field("subject_created_at", instant, nullable=False),
            pa.field("subject_updated_at", instant, nullable=False),
            pa.field("template", pa.binary()),
            pa.field("box", pa.list_(pa.float64(), 4)),
            pa.field("landmarks", pa.list_(pa.float32(), 10)),
            pa.field("probability", pa.float64()),
            pa.field("pose", pa.list_(pa.float64(), 3)),
            pa.field("quality_score", pa.float64()),
            pa.field("quality_reasons", pa.list_(pa.string())),
            pa.field("sharpness", pa.float64()),
            pa.field("brightness", pa.float64()),
            pa.field("created_at", instant),
            pa.field("source_digest", pa.string()),
            pa.field("image", pa.binary()),
            pa.field("subject_rights", pa.string()),
            pa.field("not_subjects", pa.list_(pa.string())),
        ]
    )


def _names() -> list[str]:
    return list(_schema().names)


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise InvalidRequestError(
            "Parquet files need pyarrow, which is not installed.",
            hint='Run `pip install "facet[bulk]"`.',
        ) from error
    return parquet
