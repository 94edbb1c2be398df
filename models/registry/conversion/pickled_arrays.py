"""Arrays of numbers out of a file that joblib has pickled, without running anything it names."""

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import lz4.frame
import numpy as np
from numpy.typing import NDArray

_NUMBERS = {"f2", "f4", "f8"}


def read_arrays(path: Path) -> list[NDArray[np.float32]]:
    """The list of arrays in an LZ4 file of joblib's.

    Raises ValueError when the file is damaged or holds anything but arrays of real numbers.
    """
    try:
        content = lz4.frame.decompress(path.read_bytes())
        arrays = _Reader(io.BytesIO(content)).load()
    except Exception as error:  # damaged bytes have errors of many kinds
        raise ValueError(f"{path.name} is not a list of arrays: {error}") from error
    if not isinstance(arrays, list) or not all(isinstance(a, np.ndarray) for a in arrays):
        raise ValueError(f"{path.name} is not a list of arrays.")
    return arrays


class _Kind:
    """Stands where `numpy.dtype` stood."""

    def __init__(self, code: str, *_: object) -> None:
        if code not in _NUMBERS:
            raise pickle.UnpicklingError(f"arrays of {code!r} are not read")
        self.code, self.order = code, "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = state[1]


class _Wrapper:
    """Stands where joblib's description of the array stood whose bytes come next."""

    shape: tuple[int, ...]
    order: str
    dtype: _Kind
    numpy_array_alignment_bytes: int | None = None

    def read(self, file: BinaryIO) -> NDArray[np.float32]:
        """The array, from where the file stands."""
        if self.numpy_array_alignment_bytes is not None:
            file.read(file.read(1)[0])
        kind = np.dtype(self.dtype.order + self.dtype.code)
        content = file.read(int(np.prod(self.shape, dtype=np.int64)) * kind.itemsize)
        array = np.frombuffer(content, kind).reshape(
            self.shape, order="F" if self.order == "F" else "C"
        )
        return array.astype(np.float32)


class _ArrayClass:
    """Stands where the class of the array is named, which is told and not needed."""


_KNOWN = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"): _Wrapper,
    ("numpy", "dtype"): _Kind,
    ("numpy", "ndarray"): _ArrayClass,
}


class _Reader(pickle._Unpickler):  # the one in Python: arrays lie between its instructions
    stack: list[Any]
    dispatch: ClassVar[dict[int, Callable[..., None]]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._between = file

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return _KNOWN[module, name]

    def load_build(self) -> None:
        super().load_build()  # type: ignore[misc]
        if isinstance(self.stack[-1], _Wrapper):
            self.stack.append(self.stack.pop().read(self._between))

    dispatch[pickle.BUILD[0]] = load_build
