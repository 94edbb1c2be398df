"""Pictures on disk to one embedding each."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ReportedError
from models.pipelines.encoding import FaceEncoder
from models.pipelines.face_pipeline import main_chip
from models.pipelines.mtcnn_detection import FaceDetector

SUFFIXES = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
_CHUNK = 64


class EvaluationError(ReportedError):
    """The data to evaluate on is not what was promised."""

    slug = "evaluation-failed"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures, by file name, and whether they show one person."""

    fold: int
    first: str
    second: str
    same: bool


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Embeddings of pictures; those in which no face was found have a row of zeros."""

    names: tuple[str, ...]
    identities: tuple[str, ...]
    """Name of the folder that holds the picture."""
    embeddings: NDArray[np.float32]
    """(N, dimension), L2-normalised."""
    detected: NDArray[np.bool_]
    """(N,)."""

    def similarities(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """(P,) cosines; -1, the lowest there is, where a face was not found."""
        row = {name: i for i, name in enumerate(self.names)}
        a = np.array([row[pair.first] for pair in pairs], dtype=np.intp)
        b = np.array([row[pair.second] for pair in pairs], dtype=np.intp)
        cosines = np.einsum("ij,ij->i", self.embeddings[a], self.embeddings[b], dtype=np.float64)
        return np.where(self.detected[a] & self.detected[b], np.clip(cosines, -1, 1), -1.0)


def read_pairs(path: Path) -> list[Pair]:
    """From tab-separated columns fold, first, second, same (0 or 1), with a header line.

    Raises EvaluationError.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        pairs = [Pair(int(r["fold"]), r["first"], r["second"], bool(int(r["same"]))) for r in rows]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise EvaluationError(f"{path} is not a table of pairs: {error!r}") from error
    if len({pair.same for pair in pairs}) < 2:
        raise EvaluationError(f"{path} needs pairs of one person and pairs of two.")
    return pairs


def find_images(directory: Path, names: Iterable[str] | None = None) -> list[Path]:
    """Pictures anywhere under a directory, in order: all of them, or those with these names.

    Raises EvaluationError when a name is missing or there twice.
    """
    found = sorted(p for p in directory.rglob("*") if p.suffix.lower() in SUFFIXES)
    if names is None:
        if not found:
            raise EvaluationError(f"There are no pictures under {directory}.")
        return found
    wanted = set(names)
    found = [path for path in found if path.name in wanted]
    missing = wanted - {path.name for path in found}
    if missing:
        raise EvaluationError(f"{len(missing)} pictures are missing, such as {min(missing)}.")
    if len(found) > len(wanted):
        raise EvaluationError("Some file names occur twice; pairs cannot tell them apart.")
    return found


def read_rgb(path: Path, pad: float) -> NDArray[np.uint8]:
    """An (H, W, 3) picture whose border is replicated by `pad` times its size on every side."""
    bgr = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise EvaluationError(f"{path} is not a picture.")
    dy, dx = (round(side * pad) for side in bgr.shape[:2])
    padded = cv2.copyMakeBorder(bgr, dy, dy, dx, dx, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(padded, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def embed_images(
    paths: Sequence[Path], detector: FaceDetector, encoder: FaceEncoder, *, pad: float = 0.0
) -> Iterator[tuple[list[Path], NDArray[np.float32], NDArray[np.bool_]]]:
    """Chunks of (paths, (n, dimension) embeddings, (n,) detected), in order."""
    for start in range(0, len(paths), _CHUNK):
        chunk = list(paths[start : start + _CHUNK])
        chips = [main_chip(read_rgb(path, pad), detector, encoder) for path in chunk]
        detected = np.array([chip is not None for chip in chips], dtype=np.bool_)
        embeddings = np.zeros((len(chunk), encoder.dimension), dtype=np.float32)
        if detected.any():
            embeddings[detected] = encoder.encode(np.stack([c for c in chips if c is not None]))
        yield chunk, embeddings, detected
