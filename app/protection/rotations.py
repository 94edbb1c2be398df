"""Secret rotations of templates, drawn from the master key.

The matrix of a collection, version and dimension is the Q of a Gaussian one, with the signs of R,
so that every rotation is as likely. What it is made of is fixed for good, for stored templates
depend on it: HKDF-SHA256 gives a seed, SHAKE-256 of that the bits, Box and Muller the numbers.
"""

import hashlib
import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from app.domain.protection import Rotation
from app.protection.master_key import MasterKey

_HELD_BYTES = 64 << 20
"""Matrices in memory: those of a thousand collections, where templates have 128 numbers."""

Matrix = NDArray[np.float32]
_Name = tuple[str, Rotation, int]


class SecretRotations:
    """The rotations that a master key makes. Thread-safe."""

    def __init__(self, key: MasterKey) -> None:
        self._key = key
        self._held: OrderedDict[_Name, Matrix] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def after(self, rotation: Rotation | None) -> Rotation:
        """The next rotation of a collection, or its first, under the key that seals now."""
        return Rotation(1 if rotation is None else rotation.version + 1, self._key.id)

    def is_current(self, rotation: Rotation) -> bool:
        """Whether it comes from the key that seals now."""
        return rotation.key == self._key.id

    def rotate(self, collection_id: str, rotation: Rotation, templates: Matrix) -> Matrix:
        """(N, dim) templates as they are stored. Raises WrongMasterKeyError."""
        matrix = self._matrix(collection_id, rotation, templates.shape[1])
        return np.asarray(templates, np.float32) @ matrix

    def rotate_back(self, collection_id: str, rotation: Rotation, templates: Matrix) -> Matrix:
        """(N, dim) stored templates as the encoder made them. Raises WrongMasterKeyError."""
        matrix = self._matrix(collection_id, rotation, templates.shape[1])
        return np.asarray(templates, np.float32) @ matrix.T

    def _matrix(self, collection_id: str, rotation: Rotation, dimension: int) -> Matrix:
        name = (collection_id, rotation, dimension)
        with self._lock:
            if (held := self._held.get(name)) is not None:
                self._held.move_to_end(name)
                return held
        context = f"template-rotation/{collection_id}/{rotation.version}/{dimension}"
        made = drawn(self._key.derived(rotation.key, context), dimension).astype(np.float32)
        with self._lock:
            if name not in self._held:
                self._held[name] = made
                self._bytes += made.nbytes
            while self._bytes > _HELD_BYTES and len(self._held) > 1:
                self._bytes -= self._held.popitem(last=False)[1].nbytes
        return made


def drawn(seed: bytes, dimension: int) -> NDArray[np.float64]:
    """A (dim, dim) orthogonal matrix, of all of them alike, by its seed."""
    pairs = (dimension * dimension + 1) // 2
    bits = np.frombuffer(hashlib.shake_256(seed).digest(16 * pairs), "<u8")
    uniform = ((bits >> np.uint64(11)) + 0.5) * 2.0**-53  # never 0
    radius, angle = np.sqrt(-2 * np.log(uniform[:pairs])), 2 * np.pi * uniform[pairs:]
    normal = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
    q, r = np.linalg.qr(normal[: dimension * dimension].reshape(dimension, dimension))
    return np.asarray(q * np.sign(np.diag(r)), np.float64)
