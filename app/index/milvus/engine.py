"""Milvus: its address, the collections that it is asked to make, its driver's errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from app.domain.errors.trouble import IndexUnavailableError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

TIMEOUT = 30.0
STATE = "facet_state"
"""The collection whose one row is the watermark."""
_GRAPH = {"index_type": "HNSW", "metric_type": "IP", "params": {"M": 32, "efConstruction": 200}}


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Address of Milvus, taken from `milvus://[user:password@]host[:port][/database]`.

    `milvus+tls://` encrypts; `milvus:///path/to/file.db` is Milvus Lite in this process.
    """

    uri: str
    user: str = ""
    password: str = ""
    database: str = ""

    @classmethod
    def parse(cls, url: str) -> "MilvusAddress":
        """Raises IndexUnavailableError for a URL that cannot work."""
        parts = urlsplit(url)
        if parts.scheme not in ("milvus", "milvus+tls") or not (parts.hostname or parts.path):
            raise IndexUnavailableError(
                "The index's URL cannot be read.",
                hint="Use milvus://host:19530/database, or milvus:///path/to/file.db.",
            )
        if not parts.hostname:
            return cls(unquote(parts.path))
        scheme = "https" if parts.scheme == "milvus+tls" else "http"
        return cls(
            f"{scheme}://{parts.hostname}:{parts.port or 19530}",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")),
        )


def connect(address: MilvusAddress) -> "MilvusClient":
    """A client of the engine, in which the collection of the watermark is there and loaded."""
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise IndexUnavailableError(
            "The client of Milvus is not installed.", hint='Run `pip install "facet[milvus]"`.'
        ) from error
    credentials: dict[str, Any] = {"user": address.user, "password": address.password}
    client = MilvusClient(uri=address.uri, db_name=address.database, timeout=TIMEOUT, **credentials)
    if not client.has_collection(STATE, timeout=TIMEOUT):
        _create_state(client)
    client.load_collection(STATE, timeout=TIMEOUT)
    return client


def create_partition(client: "MilvusClient", name: str, dimension: int) -> None:
    """A collection of vectors with a graph over them."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("face_id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    index = client.prepare_index_params()
    index.add_index("vector", **_GRAPH)
    client.create_collection(
        name,
        schema=schema,
        index_params=index,
        consistency_level="Strong",
        timeout=TIMEOUT,
    )


def _create_state(client: "MilvusClient") -> None:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("seq", DataType.INT64)
    schema.add_field("unused", DataType.FLOAT_VECTOR, dim=2)  # a collection has to have vectors
    index = client.prepare_index_params()
    index.add_index("unused", index_type="FLAT", metric_type="IP")
    client.create_collection(
        STATE, schema=schema, index_params=index, consistency_level="Strong", timeout=TIMEOUT
    )


@contextmanager
def driver_errors() -> Iterator[None]:
    """The driver's errors, of a server that is away or refuses, become the service's."""
    try:
        yield
    except Exception as error:
        if not _is_of_driver(error):
            raise
        raise IndexUnavailableError(
            "Milvus cannot be used.",
            hint="Check that it runs, that FACET_INDEX_URL is right, and that no other process "
            "has the file open if it is one.",
        ) from error


def _is_of_driver(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("pymilvus", "grpc", "milvus_lite")
