"""What a secret rotation resists, and what it does not."""

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import text

from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples


@pytest.fixture
def protected(sqlite_database: str) -> Iterator[SqlStorage]:
    storage, key = SqlStorage.open(sqlite_database), MasterKey([bytes(range(32))])
    storage.seal_with(key, SecretRotations(key))
    yield storage
    storage.close()


def stolen(storage: SqlStorage) -> np.ndarray:
    """(N, 128) templates of all faces as whoever has the file reads them."""
    with storage.read() as work:
        found = work.faces._connection.execute(text("SELECT template FROM faces ORDER BY id"))
        return np.stack([np.frombuffer(one, "<f4") for one in found.scalars()])


def test_a_person_in_two_collections_is_a_stranger_to_herself(
    protected: SqlStorage, samples: Samples
) -> None:
    """What links the rows of two collections: the same templates, and those of others."""
    count = 300
    samples.fill(protected, faces=count)
    with protected.write() as work:
        work.collections.add(samples.collection("guests"))
        work.subjects.add(samples.subject("Eve", collection_id="col-guests"))
        for seed in range(count):
            work.faces.add(samples.face("sub-Eve", seed, collection_id="col-guests"))
    stored = stolen(protected)
    products = stored[:count] @ stored[count:].T
    own = products.diagonal()
    others = products[~np.eye(count, dtype=bool)]
    order = np.argsort(np.argsort(np.concatenate([own, others])))
    area = (order[:count].sum() - count * (count - 1) / 2) / (count * len(others))
    assert area == pytest.approx(0.5, abs=0.06)  # 0.5: whoever ranks them might as well toss
    assert own.max() < 0.5


def test_who_knows_as_many_pairs_as_numbers_knows_the_rotation(
    protected: SqlStorage, samples: Samples
) -> None:
    """The limit of a rotation, which is no encryption: 128 equations, and then everybody."""
    samples.fill(protected, faces=200)
    templates = np.stack([samples.template(seed) for seed in range(200)]).astype(np.float64)
    stored = stolen(protected).astype(np.float64)
    for known, least in ((128, 0.99), (100, None)):
        solved, *_ = np.linalg.lstsq(templates[:known], stored[:known], rcond=None)
        guessed = stored[128:] @ np.linalg.pinv(solved)
        lengths = np.linalg.norm(guessed, axis=1)
        found = np.einsum("nd,nd->n", guessed, templates[128:]) / lengths
        assert (found.min() > least) if least else (found.max() < 0.99)
