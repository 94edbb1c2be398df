"""Wrong labels are found, whatever kind they are, and right ones are left alone."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.made_up_galleries import unit
from training.measure.errors import EvaluationError
from training.measure.labels import Doubt, find_doubts, read_left_out

Rows = NDArray[np.float32]
_RNG = np.random.default_rng(1)
_CENTERS = np.repeat(unit(_RNG, 120, 64), 4, axis=0)
EMBEDDINGS = _CENTERS + 0.6 * unit(_RNG, len(_CENTERS), 64)
EMBEDDINGS /= np.linalg.norm(EMBEDDINGS, axis=1, keepdims=True)
NAMES = [f"p{row // 4}" for row in range(len(EMBEDDINGS))]


def near(row: Rows, noise: float, seed: int = 0) -> Rows:
    """Another picture of the face in a row."""
    rng = np.random.default_rng(seed)
    changed = row + noise * rng.standard_normal(len(row)) / np.sqrt(len(row))
    return np.asarray(changed / np.linalg.norm(changed), np.float32)


def doubts(embeddings: Rows, names: list[str], same: bool = False) -> list[Doubt]:
    return find_doubts(embeddings, names, 0.01, lambda a, b: same)


def test_right_labels_are_not_doubted() -> None:
    assert doubts(EMBEDDINGS, NAMES) == []


def test_a_picture_of_another_person_is_taken_out_alone() -> None:
    embeddings, names = EMBEDDINGS.copy(), NAMES
    embeddings[0] = near(embeddings[40], 0.3)  # the first person's name, another's face
    found = doubts(embeddings, names)
    assert [(d.kind, d.row, d.taken_out) for d in found] == [("another-person", 0, (0,))]
    assert names[found[0].other] == names[40]
    assert found[0].own is not None and found[0].own < found[0].similarity


def test_one_person_under_two_names_of_a_picture_each() -> None:
    lonely = near(unit(np.random.default_rng(9), 1, 64)[0], 0.2)
    embeddings = np.stack([*EMBEDDINGS, lonely, near(lonely, 0.2, seed=1)])
    names = [*NAMES, "ann", "anne"]
    found = doubts(embeddings, names)
    last = len(names) - 1
    assert [(d.kind, d.own, sorted(d.taken_out)) for d in found] == [
        ("two-names", None, [last - 1, last])
    ]


def test_one_picture_under_two_names_is_taken_out_of_both() -> None:
    embeddings, names = EMBEDDINGS.copy(), NAMES
    embeddings[0] = near(embeddings[40], 0.01)
    found = doubts(embeddings, names, same=True)
    assert [(d.kind, sorted(d.taken_out)) for d in found] == [("same-picture", [0, 40])]


def test_many_wrong_labels_do_not_hide_each_other() -> None:
    """They fill the tail that the curve is fitted to."""
    embeddings, names = EMBEDDINGS.copy(), NAMES
    wrong = list(range(0, 24, 4))
    for row in wrong:
        embeddings[row] = near(EMBEDDINGS[row + 201], 0.3, seed=row)
    found = {row for doubt in doubts(embeddings, names) for row in doubt.taken_out}
    assert found == set(wrong)


def test_lists_are_read(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("ann/1.jpg\n\nbob/2.jpg\n")
    assert read_left_out(tmp_path / "list.txt") == {"ann/1.jpg", "bob/2.jpg"}
    assert read_left_out(None) == frozenset()
    (tmp_path / "list.txt").write_text("1.jpg\n")
    with pytest.raises(EvaluationError, match="folder and a file"):
        read_left_out(tmp_path / "list.txt")
