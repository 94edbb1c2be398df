"""Backgrounds of composed scenes: sample pictures of packages, and made-up texture."""

from functools import cache
from importlib.resources import files
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ReportedError

Grey = NDArray[np.uint8]
"""(H, W) luminance."""
Side = Literal["training", "held-out"]

_SKIMAGE, _SKLEARN = "skimage.data", "sklearn.datasets.images"
PICTURES: dict[Side, tuple[tuple[str, str], ...]] = {
    "training": (
        (_SKIMAGE, "brick.png"),
        (_SKIMAGE, "cell.png"),
        (_SKIMAGE, "chelsea.png"),
        (_SKIMAGE, "clock_motion.png"),
        (_SKIMAGE, "coins.png"),
        (_SKIMAGE, "color.png"),
        (_SKIMAGE, "gravel.png"),
        (_SKIMAGE, "horse.png"),
        (_SKIMAGE, "hubble_deep_field.jpg"),
        (_SKIMAGE, "ihc.png"),
        (_SKIMAGE, "logo.png"),
        (_SKIMAGE, "moon.png"),
        (_SKIMAGE, "motorcycle_left.png"),
        (_SKIMAGE, "retina.jpg"),
        (_SKIMAGE, "text.png"),
        (_SKLEARN, "flower.jpg"),
    ),
    "held-out": (
        (_SKIMAGE, "coffee.png"),
        (_SKIMAGE, "grass.png"),
        (_SKIMAGE, "page.png"),
        (_SKIMAGE, "rocket.jpg"),
        (_SKLEARN, "china.jpg"),
    ),
}
"""(package, file) of pictures without faces. Scenes to measure with show other places than
those to learn from."""
PHOTOGRAPHS = ((_SKIMAGE, "astronaut.png"),)
"""Real photographs of people to learn from."""
_PLAIN = 0.3
"""Share of scenes on texture instead of a picture."""


class MissingPicturesError(ReportedError):
    """A package whose sample pictures are needed is not installed."""

    slug = "sample-pictures-missing"


@cache
def pictures(side: Side) -> tuple[Grey, ...]:
    """The grey sample pictures of one side. Raises MissingPicturesError."""
    return tuple(_read(package, name) for package, name in PICTURES[side])


def photographs() -> tuple[Grey, ...]:
    """Grey photographs that show people. Raises MissingPicturesError."""
    return tuple(_read(package, name) for package, name in PHOTOGRAPHS)


def _read(package: str, name: str) -> Grey:
    try:
        content = files(package).joinpath(name).read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise MissingPicturesError(
            f"The sample picture {name} of {package} is missing.",
            hint="Install facet with the extras demo and training.",
        ) from error
    grey = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise MissingPicturesError(f"{name} of {package} is not a picture.")
    return np.asarray(grey, dtype=np.uint8)


def background(height: int, width: int, rng: np.random.Generator, side: Side = "training") -> Grey:
    """A part of a picture or texture, turned, stretched, and of any contrast."""
    scene = _part(height, width, rng, side, _PLAIN)
    if rng.random() < 0.3:
        # Another place behind a wavering edge, so that straight borders mean nothing.
        other = _part(height, width, rng, side, 0.5)
        edge = noise(height, width, rng, int(rng.integers(1, 5)))
        scene = np.where(edge > np.quantile(edge, rng.uniform(0.2, 0.8)), scene, other)
    gain = rng.uniform(0.4, 1.2) * (-1 if rng.random() < 0.1 else 1)
    level = rng.uniform(40, 215)
    values = (scene.astype(np.float32) - scene.mean()) * gain + level
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def _part(height: int, width: int, rng: np.random.Generator, side: Side, plain: float) -> Grey:
    if rng.random() < plain:
        return texture(height, width, rng)
    return view(height, width, rng, side)


def view(height: int, width: int, rng: np.random.Generator, side: Side) -> Grey:
    """A window of a random sample picture, from coarse to enlarged."""
    choice = pictures(side)
    source = choice[int(rng.integers(len(choice)))]
    if rng.random() < 0.3:
        source = np.rot90(source, int(rng.integers(1, 4)))
    share = rng.uniform(0.25, 1.0) ** 0.7
    rows, columns = (max(16, int(n * share)) for n in source.shape)
    rows, columns = min(rows, int(columns * 1.4)), min(columns, int(rows * 1.4))
    top = int(rng.integers(source.shape[0] - rows + 1))
    left = int(rng.integers(source.shape[1] - columns + 1))
    part = np.ascontiguousarray(source[top : top + rows, left : left + columns])
    if rng.random() < 0.5:
        part = np.ascontiguousarray(part[:, ::-1])
    way = cv2.INTER_AREA if rows > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (width, height), interpolation=way), dtype=np.uint8)


def texture(height: int, width: int, rng: np.random.Generator) -> Grey:
    """Clouds, stripes and plain shapes."""
    values = noise(height, width, rng, int(rng.integers(1, 7))) * rng.uniform(5, 60) + 128
    if rng.random() < 0.3:
        y, x = np.mgrid[:height, :width].astype(np.float32)
        angle, length = rng.uniform(0, np.pi), rng.uniform(4, 80)
        phase = (x * np.cos(angle) + y * np.sin(angle)) * (2 * np.pi / length)
        values = values + rng.uniform(10, 60) * np.sin(phase)
    canvas: Grey = np.asarray(np.clip(values, 0, 255), dtype=np.uint8)
    for _ in range(int(rng.integers(0, 14))):
        _shape(canvas, rng)
    return canvas


def _shape(canvas: Grey, rng: np.random.Generator) -> None:
    height, width = canvas.shape
    centre = (int(rng.integers(width)), int(rng.integers(height)))
    size = float(np.exp(rng.uniform(np.log(3), np.log(max(height, width) / 2))))
    shade = int(rng.integers(256))
    thickness = -1 if rng.random() < 0.6 else int(rng.integers(1, 6))
    axes = (max(1, int(size)), max(1, int(size * rng.uniform(0.3, 1.3))))
    match int(rng.integers(4)):
        case 0:
            angle = float(rng.uniform(0, 180))
            cv2.ellipse(canvas, centre, axes, angle, 0, 360, shade, thickness, cv2.LINE_AA)
        case 1:
            corner = (centre[0] + axes[0], centre[1] + axes[1])
            cv2.rectangle(canvas, centre, corner, shade, thickness)
        case 2:
            points = rng.normal(centre, size, (int(rng.integers(3, 7)), 2))
            cv2.fillPoly(canvas, [points.astype(np.int32)], shade, cv2.LINE_AA)
        case _:
            end = rng.normal(centre, size, 2).astype(int)
            cv2.line(canvas, centre, (int(end[0]), int(end[1])), shade, abs(thickness) * 2)


def noise(height: int, width: int, rng: np.random.Generator, octaves: int) -> NDArray[np.float32]:
    """(H, W) smooth noise of unit deviation: coarse grids enlarged, each finer and fainter."""
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        cells = 3 * 2**octave
        grid = rng.standard_normal((cells, cells)).astype(np.float32) * 0.6**octave
        total += np.asarray(cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC))
    return np.asarray(total / max(float(total.std()), 1e-6), dtype=np.float32)
