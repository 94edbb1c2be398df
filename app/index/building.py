"""Makes a clustered successor of what serves, while it serves and changes."""

import logging

import numpy as np

from app.index.arrays import Ids, Vectors
from app.index.clustered import Clustered
from app.index.growing_shard import GrowingShard, Journal
from app.index.snapshots import Generation
from app.index.structure import Structure, samples_for
from app.index.vector_file import VectorFile

log = logging.getLogger(__name__)

_PIECE = 4096
"""Vectors copied at once; changes wait meanwhile, some milliseconds."""
_AT_ONCE = 64
"""Changes replayed at once, for the same reason."""
_PROBES = 1000
_LISTS = tuple(round(16 * 2 ** (step / 4)) for step in range(29))
"""Numbers of lists to try: 16 to 2048, a fifth more each time."""
RECALL_OF_NEIGHBOURS = 0.997
"""Share of stored vectors whose nearest other vector has to be found.

The promise for mated probes is 0.995. Stored vectors are at hand, and to find the nearest other
one is at least as hard: a mated probe lies nearer to its face than most faces to each other.
"""


def build(shard: GrowingShard, journal: Journal, generation: Generation, ids: Ids) -> Clustered:
    """A successor that lags behind by what the journal still holds.

    `ids` are those to copy, ascending; the journal has been kept since before they were listed.
    Raises StorageFullError, and OSError when the directory is gone.
    """
    file = VectorFile(generation.vectors, shard.dimension)
    try:
        copied = _copy(shard, journal, file, ids)
        sample = _sample(file, samples_for(file.rows))
        structure = Structure.train(sample, file.rows)
        structure.reserve(sample, file.rows)
        clustered = Clustered(structure, file, ascending=file.rows, lists=_LISTS[0])
        for part in copied:
            clustered.count_in(part)
        for first, records in file.chunks():
            clustered.fill(first, records)
        generation.keep_structure(structure)
        clustered.lists = _tuned(clustered)
        while journal.replay(clustered, _AT_ONCE) > _AT_ONCE:
            pass
    except BaseException:
        file.close()
        raise
    return clustered


def _copy(shard: GrowingShard, journal: Journal, file: VectorFile, ids: Ids) -> list[Ids]:
    copied = []
    journal.copying_to(file)
    for start in range(0, len(ids), _PIECE):
        with journal.lock:
            found, vectors = shard.serving.take(ids[start : start + _PIECE])
            order = np.argsort(found)  # rows of replaced ids lie out of order
            journal.copied(found[order], vectors[order])
        copied.append(found)
    return copied


def _sample(file: VectorFile, count: int, seed: int = 0) -> Vectors:
    """(count, dimension) living vectors, drawn by a fixed seed."""
    rows = np.random.default_rng(seed).permutation(file.rows)[:count]
    _, vectors, alive = file.take(np.sort(rows))
    return np.ascontiguousarray(vectors[alive])


def _tuned(clustered: Clustered) -> int:
    """The fewest lists to search with which enough nearest neighbours are found."""
    if clustered.structure.lists <= _LISTS[0]:
        return _LISTS[0]
    probes = _sample(clustered.file, _PROBES, seed=1)
    wanted = clustered.exact(probes, 2)[0][:, 1]
    for lists in _LISTS:
        clustered.lists = lists
        found = clustered.top(probes, 2)[0][:, 1]
        recall = float(np.mean(found >= wanted - 1e-6))
        log.debug("searching %d lists finds %.4f of the neighbours", lists, recall)
        if recall >= RECALL_OF_NEIGHBOURS or lists >= clustered.structure.lists:
            return lists
    return clustered.structure.lists
