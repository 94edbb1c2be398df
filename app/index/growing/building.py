"""Makes a clustered successor of what serves, while it serves and changes."""

import numpy as np

from app.index.growing.clustered import Clustered
from app.index.growing.shard import GrowingShard, Journal
from app.index.growing.snapshots import Generation
from app.index.growing.structure import Structure, samples_for
from app.index.growing.tuning import LISTS, tune
from app.index.growing.vector_file import VectorFile
from app.index.kit.arrays import Ids, Vectors

_PIECE = 4096
"""Vectors copied at once; changes wait meanwhile, some milliseconds."""
_AT_ONCE = 64
"""Changes replayed at once, for the same reason."""
_PROBES = 2000
"""… or a tenth of what there is."""


def build(
    shard: GrowingShard,
    journal: Journal,
    generation: Generation,
    ids: Ids,
    likeness: float | None = None,
) -> Clustered:
    """A successor that lags behind by what the journal still holds.

    `ids` are those to copy, ascending; the journal has been kept since before they were listed.
    `likeness` is the least similarity of a match among so many (see `tuning`).
    Raises StorageFullError, and OSError when the directory is gone.
    """
    file = VectorFile(generation.vectors, shard.dimension)
    try:
        copied = _copy(shard, journal, file, ids)
        structure = Structure.train(_sample(file, samples_for(file.rows)), file.rows)
        clustered = Clustered(structure, file, ascending=file.rows, lists=LISTS[0])
        for part in copied:
            clustered.count_in(part)
        for first, records in file.chunks():
            clustered.fill(first, records)
        structure.tighten()
        tune(clustered, _sample(file, min(_PROBES, file.rows // 10), seed=1), likeness)
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
