"""Makes a clustered successor of what serves, while it serves and changes."""

import logging
from bisect import bisect_left

import numpy as np

from app.index.growing.clustered import Clustered
from app.index.growing.shard import GrowingShard, Journal
from app.index.growing.snapshots import Generation
from app.index.growing.structure import Structure, samples_for
from app.index.growing.vector_file import VectorFile
from app.index.kit.arrays import Ids, Vectors

log = logging.getLogger(__name__)

_PIECE = 4096
"""Vectors copied at once; changes wait meanwhile, some milliseconds."""
_AT_ONCE = 64
"""Changes replayed at once, for the same reason."""
_PROBES = 2000
"""… or a tenth of what there is."""
_COMPARED = 128
"""Vectors per probe whose codes are compared with the vectors themselves."""
_SURE = 0.9995
_LISTS = tuple(round(16 * 2 ** (step / 8)) for step in range(57))
"""Numbers of lists to try: 16 to 2048, a tenth more each time."""
RECALL_OF_NEIGHBOURS = 0.996
"""Share of stored vectors whose nearest other vector has to be found.

The promise for mated probes is 0.995. Stored vectors are at hand, and their neighbours are about as
hard to find: among a million 0.9973 of 6,000 of them, where 0.996 of 1,000 mated probes were found.
"""


def build(shard: GrowingShard, journal: Journal, generation: Generation, ids: Ids) -> Clustered:
    """A successor that lags behind by what the journal still holds.

    `ids` are those to copy, ascending; the journal has been kept since before they were listed.
    Raises StorageFullError, and OSError when the directory is gone.
    """
    file = VectorFile(generation.vectors, shard.dimension)
    try:
        copied = _copy(shard, journal, file, ids)
        structure = Structure.train(_sample(file, samples_for(file.rows)), file.rows)
        clustered = Clustered(structure, file, ascending=file.rows, lists=_LISTS[0])
        for part in copied:
            clustered.count_in(part)
        for first, records in file.chunks():
            clustered.fill(first, records)
        structure.tighten()
        probes = _sample(file, min(_PROBES, file.rows // 10), seed=1)
        structure.excess = _excess(clustered, probes)
        clustered.lists = _tuned(clustered, probes)
        generation.keep_structure(structure)
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


def _excess(clustered: Clustered, probes: Vectors) -> float:
    """Margin by which codes' estimates of squared distances exceed the true ones, but for a few."""
    over = []
    for probe, estimates, rows in zip(
        probes, *clustered.structure.nearest(probes, _COMPARED, _LISTS[0]), strict=True
    ):
        there = rows >= 0
        _, vectors, alive = clustered.file.take(rows[there])
        true = np.square(vectors[alive] - probe).sum(axis=1)
        over.append(estimates[there][alive] - true)
    errors = np.concatenate([*over, np.zeros(1, np.float32)])
    return float(np.quantile(errors, _SURE))


def _tuned(clustered: Clustered, probes: Vectors) -> int:
    """The fewest lists to search with which enough nearest neighbours are found."""
    if clustered.structure.lists <= _LISTS[0]:
        return _LISTS[0]
    wanted = clustered.exact(probes, 2)[0][:, 1]

    def recall(lists: int) -> float:
        clustered.lists = lists
        found = clustered.top(probes, 2)[0][:, 1]
        share = float(np.mean(found >= wanted - 1e-6))
        log.debug("searching %d lists finds %.4f of the neighbours", lists, share)
        return share

    place = bisect_left(_LISTS, RECALL_OF_NEIGHBOURS, key=recall)
    return min([*_LISTS[place:], clustered.structure.lists])
