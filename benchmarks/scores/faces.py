"""Faces of labelled pictures as scores need them: embeddings, people, qualities."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from models.pipelines.faces.face_quality import QualityMeasures, judge
from models.pipelines.faces.head_pose import estimate_pose
from models.pipelines.faces.measures import sharpness
from models.registry.curve import ThresholdCurve
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest
from training.data.chips import ChipSet
from training.encoders.measuring.embedding import chips_of, encoder_of
from training.encoders.measuring.setup import setup
from training.measure.encoding import encode_chips
from training.measure.gallery import find_images
from training.measure.labels import label_of, read_left_out
from training.measure.pairs import Pair, names_in, pairs_of

Vectors = NDArray[np.float32]
ImagesOption = Annotated[
    Path, typer.Option(exists=True, help="One folder per person: those of the folds, and others.")
]
PairsOption = Annotated[Path, typer.Option(exists=True, help="fold, first, second, same.")]
FoldsOption = Annotated[str, typer.Option(help="Folds whose people are measured.")]
WithoutOption = Annotated[
    Path | None, typer.Option(exists=True, help="Pictures to leave out, a folder/file a line.")
]
PadOption = Annotated[float, typer.Option(help="Replicate the border by this share.")]
EncoderOption = Annotated[str, typer.Option(help="Model key; the default if empty.")]


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Faces, one a row, and the pairs of those that are measured."""

    encoder: str
    """Key of the model that embedded them."""
    embeddings: Vectors
    """(N, dimension), L2-normalised."""
    names: NDArray[np.str_]
    people: NDArray[np.str_]
    quality: NDArray[np.float64]
    """(N,) scores in [0, 1] of sharpness, brightness and pose."""
    measured: NDArray[np.bool_]
    """(N,) whether the person is one of the folds'."""
    paired: NDArray[np.bool_]
    """(N,) whether the picture is in one of the folds' pairs."""
    pairs: tuple[Pair, ...]
    curve: ThresholdCurve
    template_power: float
    """The encoder's, by which templates of several faces are lengthened."""

    def several(self, least: int, *, measured: bool) -> dict[str, NDArray[np.intp]]:
        """Rows of everybody with that many faces, of the folds' people alone or of all."""
        chosen = self.measured if measured else np.ones(len(self.names), np.bool_)
        rows = {
            name: np.flatnonzero(chosen & (self.people == name)) for name in self._named(chosen)
        }
        return {name: own for name, own in rows.items() if len(own) >= least}

    def _named(self, chosen: NDArray[np.bool_]) -> list[str]:
        return sorted(set(self.people[chosen].tolist()))


def read_faces(
    encoder: str,
    images: Path,
    pairs: Path,
    folds: str,
    without: Path | None,
    pad: float,
    *,
    others: bool = True,
) -> Faces:
    """Find and encode the main face of every picture below `images`; chips come from the cache.

    By the default encoder if `encoder` is empty. Without the `others`, those of the folds' people
    alone.
    """
    key = encoder or open_registry().default("encode-faces")
    use = setup(key, None, pad, None, None, None)
    chips = chips_of(use, find_images(images))
    paths = [Path(path) for path in chips.paths]
    left_out = read_left_out(without)
    kept = np.array([label_of(path) not in left_out for path in paths])
    names = np.array([path.name for path in paths])
    people = np.array([path.parent.name for path in paths])
    chosen = pairs_of(pairs, folds)
    paired = np.isin(names, sorted(names_in(chosen)))
    measured = np.isin(people, people[paired])
    if not others:
        kept &= measured
    manifest = use.registry.manifest(key, EncoderManifest)
    return Faces(
        key,
        encode_chips(encoder_of(use), chips.chips[kept]),
        names[kept],
        people[kept],
        _qualities(chips, np.flatnonzero(kept)),
        measured[kept],
        paired[kept],
        tuple(chosen),
        manifest.threshold_curve,
        manifest.template_power,
    )


def _qualities(chips: ChipSet, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Scores of chips: crops of one size say nothing of size and border."""
    scores = []
    for row in rows.tolist():
        gray = np.asarray(cv2.cvtColor(np.array(chips.chips[row]), cv2.COLOR_RGB2GRAY), np.uint8)
        pose = estimate_pose(chips.landmarks[row])
        measures = QualityMeasures(100.0, sharpness(gray), float(gray.mean()), 1.0, pose)
        scores.append(judge(measures).score)
    return np.array(scores)
