"""Arrays that joblib pickled come out; whatever else a pickle asks for does not happen."""

import os
import pickle
from pathlib import Path
from typing import Any

import joblib
import lz4.frame
import numpy as np
import pytest

from models.registry.conversion.pickled_arrays import read_arrays


def test_arrays_come_out_as_joblib_gives_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays = [
        rng.normal(size=(3, 3, 2, 5)).astype("f4"),
        np.asfortranarray(rng.normal(size=(4, 6)).astype("f4")),
        rng.normal(size=7),
        np.zeros((0, 2), "f4"),
        rng.normal(size=3).astype(">f4"),
    ]
    joblib.dump(arrays, tmp_path / "a.lz4")
    for ours, theirs in zip(read_arrays(tmp_path / "a.lz4"), arrays, strict=True):
        np.testing.assert_array_equal(ours, theirs.astype("f4"))


class Order:
    """Makes a directory when it is unpickled."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._directory),)


@pytest.mark.parametrize("kind", ["plain", "among-arrays", "inside-an-array", "other-objects"])
def test_nothing_is_run(tmp_path: Path, kind: str) -> None:
    order, path = Order(tmp_path / "pwned"), tmp_path / "a.lz4"
    match kind:
        case "plain":
            path.write_bytes(lz4.frame.compress(pickle.dumps([order])))
        case "among-arrays":
            joblib.dump([np.zeros(3, "f4"), order], path)
        case "inside-an-array":
            joblib.dump([np.array([order, order], dtype=object)], path)
        case _:
            path.write_bytes(lz4.frame.compress(pickle.dumps([Path("/"), {1}])))
    with pytest.raises(ValueError, match=r"a\.lz4 is not a list of arrays"):
        read_arrays(path)
    assert not (tmp_path / "pwned").exists()


def test_damaged_files(tmp_path: Path) -> None:
    path = tmp_path / "a.lz4"
    joblib.dump([np.ones((50, 50), "f4")], path)
    whole = lz4.frame.decompress(path.read_bytes())
    for content in (b"", b"no lz4", lz4.frame.compress(whole[:-5000]), lz4.frame.compress(b"\x80")):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is not a list of arrays"):
            read_arrays(path)
