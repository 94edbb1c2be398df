"""Pictures that show faces or embeddings, as PNG."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from training.data.chips import ChipSet
from training.evaluate.nearest import nearest_impostors

_LABEL = 18
"""Pixels of the strip that carries a label."""


def labelled(chip: NDArray[np.uint8], text: str) -> NDArray[np.uint8]:
    """(H + 18, W, 3): the chip under a line of text."""
    strip = np.full((_LABEL, chip.shape[1], 3), 255, dtype=np.uint8)
    # Hershey fonts know no letters beyond ASCII.
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(strip, plain, (2, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([strip, chip])


def write_sheet(path: Path, rows: Sequence[Sequence[NDArray[np.uint8]]]) -> None:
    """RGB tiles of one size, row by row; short rows are filled up with white."""
    columns = max(len(row) for row in rows)
    blank = np.full_like(rows[0][0], 255)
    full = [np.concatenate([*row, *[blank] * (columns - len(row))], axis=1) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    done, code = cv2.imencode(".png", np.concatenate(full)[..., ::-1])
    if done:
        path.write_bytes(code.tobytes())


def draw_impostors(
    path: Path,
    chips: dict[str, ChipSet],
    embeddings: dict[str, NDArray[np.float32]],
    count: int = 6,
) -> None:
    """The most similar strangers, a row of pairs for each encoder."""
    rows = []
    for key, faces in embeddings.items():
        cut = chips[key]
        row = []
        for found in nearest_impostors(faces, cut.labels, count):
            for i, text in (
                (found.first, f"{key[:16]} {found.similarity:.3f}"),
                (found.second, cut.names[found.second]),
            ):
                chip = np.asarray(cv2.resize(np.array(cut.chips[i]), (150, 150)), dtype=np.uint8)
                row.append(labelled(chip, text))
        rows.append(row)
    write_sheet(path, rows)


def draw_projection(
    path: Path,
    chips: dict[str, ChipSet],
    embeddings: dict[str, NDArray[np.float32]],
    people: int = 10,
) -> None:
    """The people with most pictures on the two principal axes of their embeddings."""
    figure = Figure(figsize=(6 * len(embeddings), 5), layout="constrained")
    for axes, (key, faces) in zip(
        figure.subplots(1, len(embeddings), squeeze=False)[0], embeddings.items(), strict=True
    ):
        labels = chips[key].labels
        most = np.argsort(-np.bincount(labels), kind="stable")[:people]
        shown = np.isin(labels, most)
        points = PCA(n_components=2).fit_transform(faces[shown])
        for label in most:
            own = points[labels[shown] == label]
            axes.scatter(own[:, 0], own[:, 1], s=14, label=chips[key].identities[label])
        axes.set(title=key, xlabel="first principal axis", ylabel="second")
        axes.legend(fontsize="x-small")
    figure.savefig(path, dpi=110)
