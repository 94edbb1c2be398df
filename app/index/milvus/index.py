"""Milvus: the index in a cluster of its own, or in a local file through Milvus Lite."""

import hashlib
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.gallery import Partition
from app.index.kit.arrays import (
    ROUGH,
    Ids,
    Vectors,
    check_dimension,
    checked_additions,
    checked_probes,
    nothing_found,
    ranked,
    similarities_of,
)
from app.index.milvus.engine import (
    STATE,
    TIMEOUT,
    MilvusAddress,
    connect,
    create_partition,
    driver_errors,
)

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_PREFIX = "facet_"
_BATCH = 1_000
_DEEPEST = 16_384
"""Hits that Milvus gives at most."""
_EF = 800
_TIE_MARGIN = ROUGH
"""Milvus's own similarities of equal vectors differ in their last digits."""


class MilvusIndex:
    """The five verbs over one Milvus collection per partition. Shared by any number of processes.

    The watermark is a row of a collection of its own, written after the vectors it speaks of:
    what a crash leaves in between is applied again. Every read waits for the writes before it.
    Connects on first use; a Milvus Lite file belongs to one process at a time.
    """

    def __init__(self, url: str) -> None:
        """Raises IndexUnavailableError for a URL that cannot work."""
        self._address = MilvusAddress.parse(url)
        self._changing = threading.Lock()
        self._connecting = threading.Lock()
        self._client: MilvusClient | None = None
        self._loaded: set[str] = set()

    def add(self, partition: Partition, ids: Ids, vectors: Vectors, *, seq: int) -> None:
        """Add or replace (N, dim) vectors by (N,) ids; of an id given twice the last counts.

        Raises EncoderMismatchError when the partition has another dimension.
        """
        ids, vectors = checked_additions(ids, vectors)
        with self._changing, driver_errors():
            if len(ids):
                self._put(_name(partition), ids, vectors)
            self._advance(seq)

    def remove(self, partition: Partition, ids: Ids | None, *, seq: int) -> None:
        """Remove ids (unknown ids are ignored), or with None the whole partition."""
        with self._changing, driver_errors():
            name, client = _name(partition), self._connected()
            if self._there(client, name):
                if ids is None:
                    client.drop_collection(name, timeout=TIMEOUT)
                elif len(ids):
                    client.delete(name, ids=np.asarray(ids).tolist(), timeout=TIMEOUT)
            self._advance(seq)

    def search(
        self, partition: Partition, probes: Vectors, k: int, *, among: Ids | None = None
    ) -> tuple[Vectors, Ids]:
        """The k most similar vectors of each of (P, dim) probes: (P, k') similarities and ids.

        Descending; k' = min(k, count), and at most 16,384. Equal similarities come in ascending
        order of ids. With `among` only those ids count, and they are compared one by one.
        Raises EncoderMismatchError when the partition has another dimension.
        """
        probes = checked_probes(probes)
        with driver_errors():
            name = _name(partition)
            dimension = self._dimension(name)
            if dimension is None:
                return nothing_found(len(probes))
            check_dimension(dimension, probes)
            if not len(probes):
                return nothing_found(0, max(0, min(k, self.count(partition))))
            if k <= 0:
                return nothing_found(len(probes))
            if among is not None:
                return self._compare(name, probes, k, np.unique(among))
            return self._search(name, probes, min(k, _DEEPEST))

    def count(self, partition: Partition, *, among: Ids | None = None) -> int:
        """Vectors in the partition, or those of the ids that it has."""
        with driver_errors():
            name = _name(partition)
            if not self._there(self._connected(), name):
                return 0
            if among is None:
                return self._rows(name)
            return len(self._found(name, np.unique(among), ["face_id"]))

    def watermark(self) -> int:
        """The position in the change log that the index stands at; 0 when it is empty."""
        with driver_errors():
            rows = self._connected().get(
                STATE,
                ids=[1],
                output_fields=["seq"],
                consistency_level="Strong",
                timeout=TIMEOUT,
            )
            return int(rows[0]["seq"]) if rows else 0

    def clear(self) -> None:
        """Remove everything, and go back to position 0."""
        with self._changing, driver_errors():
            client = self._connected()
            # First the watermark: half of an index must not pass for the whole.
            client.delete(STATE, ids=[1], timeout=TIMEOUT)
            for name in client.list_collections(timeout=TIMEOUT):
                if name.startswith(_PREFIX) and name != STATE:
                    client.drop_collection(name, timeout=TIMEOUT)

    def close(self) -> None:
        """Give a local file back."""
        with self._connecting:
            if self._client is not None:
                self._client.close()
                self._client = None
                self._loaded.clear()

    def _put(self, name: str, ids: Ids, vectors: Vectors) -> None:
        client, dimension = self._connected(), self._dimension(name)
        if dimension is not None and dimension != vectors.shape[1] and not self._rows(name):
            client.drop_collection(name, timeout=TIMEOUT)
            dimension = None
        if dimension is None:
            create_partition(client, name, vectors.shape[1])
            dimension = vectors.shape[1]
        check_dimension(dimension, vectors)
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            rows = [
                {"face_id": face_id, "vector": vector}
                for face_id, vector in zip(ids[part].tolist(), vectors[part], strict=True)
            ]
            client.upsert(name, rows, timeout=TIMEOUT)

    def _search(self, name: str, probes: Vectors, k: int) -> tuple[Vectors, Ids]:
        # One more than asked for tells whether the last place is shared; Milvus breaks ties as
        # it likes, so that all who share it are asked for.
        limit = min(k + 1, _DEEPEST)
        while True:
            hits = self._connected().search(
                name,
                data=list(probes),
                limit=limit,
                output_fields=["face_id"],
                search_params={"params": {"ef": max(_EF, limit)}},
                consistency_level="Strong",
                timeout=TIMEOUT,
            )
            if limit == _DEEPEST or not any(_is_cut(row, limit, k) for row in hits):
                break
            limit = min(4 * limit, _DEEPEST)
        k = min(k, *(len(row) for row in hits))
        best, best_ids = nothing_found(len(probes), k)
        for number, (probe, row) in enumerate(zip(probes, hits, strict=True)):
            similarities = np.array([hit["distance"] for hit in row], dtype=np.float32)
            ids = np.array([hit["face_id"] for hit in row], dtype=np.int64)
            self._settle(name, probe, similarities, ids)
            best[number], best_ids[number] = ranked(similarities, ids, k)
        return best, best_ids

    def _settle(self, name: str, probe: Vectors, similarities: Vectors, ids: Ids) -> None:
        """Compare again, in place, the hits of a descending row that may be equal."""
        near = similarities[:-1] - similarities[1:] <= _TIE_MARGIN
        doubtful = np.append(near, False) | np.append(False, near)
        if not doubtful.any():
            return
        found = self._found(name, ids[doubtful], ["face_id", "vector"])
        vectors = {row["face_id"]: row["vector"] for row in found}
        # What was removed since the search keeps the similarity that Milvus gave.
        places = [place for place, face_id in enumerate(ids.tolist()) if face_id in vectors]
        if places:
            compared = np.array([vectors[one] for one in ids[places].tolist()], dtype=np.float32)
            similarities[places] = similarities_of(compared, probe)

    def _compare(self, name: str, probes: Vectors, k: int, among: Ids) -> tuple[Vectors, Ids]:
        rows = self._found(name, among, ["face_id", "vector"])
        k = min(k, len(rows))
        best, best_ids = nothing_found(len(probes), k)
        if k:
            ids = np.array([row["face_id"] for row in rows], dtype=np.int64)
            vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
            for number, probe in enumerate(probes):
                best[number], best_ids[number] = ranked(similarities_of(vectors, probe), ids, k)
        return best, best_ids

    def _found(self, name: str, ids: Ids, fields: list[str]) -> list[Any]:
        """Rows of those of the ids that are there."""
        rows: list[Any] = []
        for start in range(0, len(ids), _BATCH):
            rows += self._connected().get(
                name,
                ids=ids[start : start + _BATCH].tolist(),
                output_fields=fields,
                consistency_level="Strong",
                timeout=TIMEOUT,
            )
        return rows

    def _advance(self, seq: int) -> None:
        if seq > self.watermark():
            row = {"id": 1, "seq": seq, "unused": [0.0, 0.0]}
            self._connected().upsert(STATE, [row], timeout=TIMEOUT)

    def _dimension(self, name: str) -> int | None:
        """The length of a collection's vectors; None when there is no such collection."""
        client = self._connected()
        if not self._there(client, name):
            return None
        fields = client.describe_collection(name, timeout=TIMEOUT)["fields"]
        return next(int(f["params"]["dim"]) for f in fields if f["name"] == "vector")

    def _there(self, client: "MilvusClient", name: str) -> bool:
        """Whether there is such a collection, which is then loaded: a restart unloads it."""
        if not client.has_collection(name, timeout=TIMEOUT):
            self._loaded.discard(name)
            return False
        if name not in self._loaded:
            client.load_collection(name, timeout=TIMEOUT)
            self._loaded.add(name)
        return True

    def _rows(self, name: str) -> int:
        rows = self._connected().query(
            name,
            filter="",
            output_fields=["count(*)"],
            consistency_level="Strong",
            timeout=TIMEOUT,
        )
        return int(rows[0]["count(*)"])

    def _connected(self) -> "MilvusClient":
        with self._connecting:
            if self._client is None:
                self._client = connect(self._address)
            return self._client


def _name(partition: Partition) -> str:
    """Milvus names hold letters, digits and underscores; ids and model keys hold more."""
    key = f"{partition.collection_id}\0{partition.encoder}".encode()
    return _PREFIX + hashlib.sha256(key).hexdigest()[:40]


def _is_cut(row: Any, limit: int, k: int) -> bool:
    """Whether hits as good as the k-th may lie beyond the limit."""
    return len(row) == limit and row[k - 1]["distance"] - row[-1]["distance"] <= _TIE_MARGIN
