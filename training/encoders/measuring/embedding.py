"""Encode pictures and chips, with a progress bar."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.pipelines.faces.alignment import Panel
from models.pipelines.faces.encoding import FaceEncoder, panels_of
from models.pipelines.faces.pipeline import face_encoder
from models.registry.manifests.encoders import EncoderManifest
from training.data.chips import ChipSet, cut_chips
from training.data.sources import Sample
from training.encoders.measuring.setup import Setup
from training.measure.encoding import encode_chips
from training.measure.gallery import Gallery


def encoder_of(setup: Setup) -> FaceEncoder:
    """Raises what the registry raises."""
    return face_encoder(setup.registry, setup.encoder, mirror=setup.mirror)


def chips_of(setup: Setup, paths: Sequence[Path]) -> ChipSet:
    """The main face of every picture, from the cache if it was cut before."""
    samples = [Sample(str(path), path.parent.name) for path in paths]
    return cut_chips(
        samples,
        setup.registry,
        setup.encoder,
        setup.registry.cache_dir / "chips",
        detector=setup.detector,
        pad=setup.pad,
        distinct=False,
    )


def panels_of_parts(setup: Setup) -> tuple[Panel, ...]:
    """The panels of the chips of an encoder made of parts; none of one that is whole."""
    manifest = setup.registry.manifest(setup.encoder, EncoderManifest)
    parts = [setup.registry.manifest(key, EncoderManifest) for key in manifest.needs]
    return panels_of(manifest, parts) if parts else ()


def gallery_of(
    chips: ChipSet,
    embeddings: NDArray[np.float32],
    paths: Sequence[Path],
    names: Sequence[str] | None = None,
) -> Gallery:
    """A row for every picture, in order; zeros for those without a chip.

    Pairs call a picture by its file name, unless other `names` are given.
    """
    row = {path: i for i, path in enumerate(chips.paths)}
    rows = np.array([row.get(str(path), -1) for path in paths], dtype=np.intp)
    detected = rows >= 0
    spread = np.zeros((len(paths), embeddings.shape[1]), dtype=np.float32)
    spread[detected] = embeddings[rows[detected]]
    return Gallery(
        tuple(path.name for path in paths) if names is None else tuple(names),
        tuple(path.parent.name for path in paths),
        spread,
        detected,
    )


def embed(setup: Setup, paths: Sequence[Path], names: Sequence[str] | None = None) -> Gallery:
    """Detect, align and encode the main face of every picture."""
    chips = chips_of(setup, paths)
    return gallery_of(chips, encode_chips(encoder_of(setup), chips.chips), paths, names)
