"""Readers of foreign weight files, on small files made by hand."""

import struct
from pathlib import Path

import joblib
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from models.nets.mtcnn import PNet
from models.registry.conversion.dlib import encode_dlib_int, read_dlib_tensors
from models.registry.conversion.keras import convert_keras_mtcnn, keras_state


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, b"\x01\x00"),
        (2, b"\x01\x02"),
        (128, b"\x01\x80"),
        (256, b"\x02\x00\x01"),
        (9248, b"\x02\x20\x24"),
        (-3, b"\x81\x03"),
    ],
)
def test_dlib_integers(value: int, expected: bytes) -> None:
    assert encode_dlib_int(value) == expected


def dlib_tensor(shape: tuple[int, int, int, int], values: list[float]) -> bytes:
    """Version 2, four dimensions, floats; written out by hand for small numbers."""
    header = b"\x01\x02" + b"".join(b"\x01" + bytes([n]) for n in shape)
    return header + struct.pack(f"<{len(values)}f", *values)


def test_dlib_tensors_are_found_among_other_bytes() -> None:
    data = b"\x01\x01\x05con_4\x01\x02\x01\x02"
    data += dlib_tensor((2, 1, 1, 1), [1.5, -2.0])
    data += b"\x01\x02\x01\x00\x01\x00\x01\x00\x01\x00affine_"
    data += dlib_tensor((1, 3, 1, 1), [1, 2, 3])
    data += dlib_tensor((2, 1, 1, 1), [7, 8])
    shapes = [(2, 1, 1, 1), (1, 3, 1, 1), (2, 1, 1, 1)]
    tensors = list(read_dlib_tensors(data, shapes))
    assert [t.tolist() for t in tensors] == [[1.5, -2.0], [1, 2, 3], [7, 8]]


def test_missing_and_cut_dlib_tensors() -> None:
    data = dlib_tensor((2, 1, 1, 1), [1, 2])
    with pytest.raises(ValueError, match="no tensor"):
        list(read_dlib_tensors(data, [(3, 1, 1, 1)]))
    with pytest.raises(ValueError, match="no tensor"):
        list(read_dlib_tensors(data[:-1], [(2, 1, 1, 1)]))


def test_keras_convolution_prelu_and_dense_in_torch_layout() -> None:
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(3, 2, 4, 5)).astype("f4"), rng.normal(size=5).astype("f4")
    slope = rng.normal(size=(1, 1, 5)).astype("f4")
    dense = rng.normal(size=(6, 7)).astype("f4")
    state = keras_state([kernel, bias, slope, dense, bias], ["conv1", "prelu1", "face"])
    picture = rng.normal(size=(8, 9, 4)).astype("f4")
    naive = np.array(
        [
            [np.einsum("hwi,hwio->o", picture[y : y + 3, x : x + 2], kernel) for x in range(8)]
            for y in range(6)
        ]
    )
    x = torch.from_numpy(picture.transpose(2, 0, 1))[None]
    y = F.conv2d(x, torch.from_numpy(state["conv1.weight"]))[0]
    np.testing.assert_allclose(y.numpy().transpose(1, 2, 0), naive, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(state["prelu1.weight"], slope[0, 0])
    np.testing.assert_array_equal(state["face.weight"], dense.T)


def test_a_wrong_number_of_keras_arrays() -> None:
    with pytest.raises(ValueError, match="3 were expected"):
        keras_state([np.zeros(1, "f4")], ["conv1", "prelu1"])


def test_keras_files_are_told_apart_by_their_names(tmp_path: Path) -> None:
    shapes = [(3, 3, 3, 10), (10,), (1, 1, 10), (3, 3, 10, 16), (16,), (1, 1, 16)]
    shapes += [(3, 3, 16, 32), (32,), (1, 1, 32), (1, 1, 32, 4), (4,), (1, 1, 32, 2), (2,)]
    arrays = [np.full(shape, i, "f4") for i, shape in enumerate(shapes)]
    joblib.dump(arrays, tmp_path / "pnet.lz4")
    state = convert_keras_mtcnn([tmp_path / "pnet.lz4"])
    network = PNet()
    own = {k.removeprefix("pnet."): torch.from_numpy(v) for k, v in state.items()}
    network.load_state_dict(own)
    assert set(network.box.weight.flatten().tolist()) == {9.0}
    assert network.face.bias is not None
    assert network.face.bias.tolist() == [12.0, 12.0]
