"""Secret rotations: orthogonal, the same again and again, and strangers to each other."""

import hashlib

import numpy as np
import pytest

from app.domain.errors.protection import WrongMasterKeyError
from app.domain.protection import Rotation, read_encoder, stored_encoder
from app.protection.master_key import MasterKey
from app.protection.rotations import SecretRotations, drawn

KEY = MasterKey([bytes(range(32))])
ROTATIONS = SecretRotations(KEY)
FIRST = ROTATIONS.after(None)


def unit(rows: int, dimension: int = 128, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    rows_of_length_one: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return rows_of_length_one


@pytest.mark.parametrize("dimension", [1, 2, 3, 128, 256])
def test_every_cosine_is_kept_and_every_template_comes_back(dimension: int) -> None:
    vectors = unit(200, dimension)
    turned = ROTATIONS.rotate("staff", FIRST, vectors)
    assert turned.dtype == np.float32
    naive = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    np.testing.assert_allclose(turned @ turned.T, naive, rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), 1, rtol=0, atol=1e-6)
    back = ROTATIONS.rotate_back("staff", FIRST, turned)
    np.testing.assert_allclose(back, vectors, rtol=0, atol=1e-6)


def test_a_matrix_is_as_the_description_of_it_says() -> None:
    """Made here once more, number by number: stored templates depend on it for good."""
    seed, dimension = bytes(range(32)), 3
    bits = hashlib.shake_256(seed).digest(16 * 5)
    uniform = [
        ((int.from_bytes(bits[8 * i : 8 * i + 8], "little") >> 11) + 0.5) / 2**53 for i in range(10)
    ]
    radii = [(-2 * np.log(one)) ** 0.5 for one in uniform[:5]]
    angles = [2 * np.pi * one for one in uniform[5:]]
    normal = [r * np.cos(a) for r, a in zip(radii, angles, strict=True)]
    normal += [r * np.sin(a) for r, a in zip(radii, angles, strict=True)]
    gaussian = np.array(normal[:9]).reshape(3, 3)
    columns: list[np.ndarray] = []  # Gram and Schmidt, whose R has a positive diagonal
    for column in gaussian.T:
        rest = column - sum((column @ done) * done for done in columns)
        columns.append(rest / np.linalg.norm(rest))
    np.testing.assert_allclose(drawn(seed, dimension), np.stack(columns, 1), atol=1e-12)


def test_the_first_matrix_of_a_collection_is_the_same_for_good() -> None:
    first = ROTATIONS.rotate("staff", FIRST, np.eye(128, dtype=np.float32)[:1])[0, :4]
    np.testing.assert_allclose(first, GOLDEN, atol=1e-6)
    again = SecretRotations(MasterKey([bytes(32), bytes(range(32))]))
    np.testing.assert_array_equal(again.rotate("staff", FIRST, unit(3)), turned_first(unit(3)))


def test_collections_versions_and_keys_have_nothing_in_common() -> None:
    """The similarity of one template under two rotations is that of two strangers."""
    vectors = unit(500)
    other = SecretRotations(MasterKey([bytes(32)]))
    for turned in (
        ROTATIONS.rotate("guests", FIRST, vectors),
        ROTATIONS.rotate("staff", ROTATIONS.after(FIRST), vectors),
        other.rotate("staff", other.after(None), vectors),
        vectors,
    ):
        same = np.einsum("nd,nd->n", turned, turned_first(vectors))
        assert abs(same.mean()) < 0.02 and np.abs(same).max() < 0.45
        assert same.std() == pytest.approx(128**-0.5, rel=0.15)


def test_many_collections_take_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.protection.rotations._HELD_BYTES", 3 * 16 * 16 * 4)
    rotations = SecretRotations(KEY)
    probe = unit(1, 16)
    found = [rotations.rotate(f"c{one}", FIRST, probe) for one in range(9)]
    assert len(rotations._held) == 3
    np.testing.assert_array_equal(rotations.rotate("c0", FIRST, probe), found[0])


def test_a_rotation_of_another_key_is_told() -> None:
    with pytest.raises(WrongMasterKeyError):
        ROTATIONS.rotate("staff", Rotation(1, "00" * 8), unit(1))


def test_rotations_are_named_beside_the_encoder() -> None:
    second = ROTATIONS.after(FIRST)
    assert (FIRST.version, second.version) == (1, 2)
    assert ROTATIONS.is_current(second) and not ROTATIONS.is_current(Rotation(1, "00" * 8))
    assert stored_encoder("small@1", None) == "small@1"
    assert read_encoder("small@1") == ("small@1", None)
    assert read_encoder(stored_encoder("small@1", second)) == ("small@1", second)
    assert KEY.id in stored_encoder("small@1", second)


def turned_first(vectors: np.ndarray) -> np.ndarray:
    return ROTATIONS.rotate("staff", FIRST, vectors)


GOLDEN = [-0.036307625, 0.000210057, -0.037793685, 0.089786321]
