"""Pictures that show faces or embeddings, as PNG."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.data.chips import ChipSet
from training.encoders.measuring.nearest import nearest_impostors

_PERPLEXITY = 30
"""Neighbours that t-SNE tries to keep together, where there are three times as many pictures."""
_FEWEST = 4
"""Pictures that a map can be made of."""
_MARKS = "o^sDvPX"
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
    seed: int = 0,
) -> None:
    """The people with most pictures: on the two principal axes of their embeddings, and by t-SNE.

    Embeddings are (N, dimension), L2-normalised, a row for every chip. After van der Maaten and
    Hinton, "Visualizing data using t-SNE" (2008).
    """
    from sklearn.decomposition import PCA  # a second, which most commands do not need

    figure = Figure(figsize=(12, 5.2 * len(embeddings)), layout="constrained")
    grid = figure.subplots(len(embeddings), 2, squeeze=False)
    for (left, right), (key, faces) in zip(grid, embeddings.items(), strict=True):
        cut = chips[key]
        most = np.argsort(-np.bincount(cut.labels), kind="stable")[:people]
        rows = np.flatnonzero(np.isin(cut.labels, most))
        who = [cut.identities[label] for label in cut.labels[rows]]
        _map(left, PCA(n_components=2).fit_transform(faces[rows]), who)
        left.set(title=f"{key}: principal axes", xlabel="first", ylabel="second")
        _draw_neighbours(right, faces[rows], who, seed)
        right.legend(*left.get_legend_handles_labels(), loc="center left", bbox_to_anchor=(1, 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _draw_neighbours(axes: Axes, faces: NDArray[np.float32], who: Sequence[str], seed: int) -> None:
    axes.set(xticks=[], yticks=[])
    if len(faces) < _FEWEST:
        axes.set(title=f"no t-SNE of {len(faces)} pictures")
        return
    from sklearn.manifold import TSNE

    perplexity = min(_PERPLEXITY, (len(faces) - 1) / 3)
    # The squared distance of unit vectors is twice one minus their cosine.
    flow = TSNE(n_components=2, perplexity=perplexity, init="pca", random_state=seed)
    _map(axes, flow.fit_transform(faces), who)
    few = (
        ""
        if perplexity == _PERPLEXITY
        else f" ({_PERPLEXITY} needs {3 * _PERPLEXITY + 1} pictures)"
    )
    axes.set(
        title=f"t-SNE of {len(faces)} pictures, perplexity {perplexity:.3g}{few}",
        xlabel="neighbors count; distances between groups do not",
    )


def _map(axes: Axes, points: NDArray[np.floating], who: Sequence[str]) -> None:
    """A colour and a mark for each person, by the number of their pictures."""
    for number, name in enumerate(dict.fromkeys(sorted(who, key=lambda n: (-who.count(n), n)))):
        own = points[np.asarray(who) == name]
        axes.scatter(
            own[:, 0],
            own[:, 1],
            s=22,
            color=f"C{number % 10}",
            marker=_MARKS[number // 10 % len(_MARKS)],
            label=f"{name} ({len(own)})",
        )
