"""`python -m training fuse`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.table import Table

from models.registry.errors import InvalidManifestError
from models.registry.manifests.encoders import EncoderManifest
from training.encoders.commands.options import (
    ChipOptions,
    ImagesOption,
    LeftOutOption,
    PairsOption,
)
from training.encoders.measuring.embedding import chips_of, encoder_of
from training.encoders.publication.fusion import FMRS, Fusion, Vectors, learn
from training.kit.option_groups import with_groups
from training.kit.options import console, errors_reported
from training.kit.places import IntoOption
from training.measure.encoding import encode_chips
from training.measure.gallery import find_images
from training.measure.labels import label_of, read_left_out
from training.measure.pairs import names_in, pairs_of
from training.publish.card_file import NameOption, VersionOption, read_card
from training.publish.curve import curve_of
from training.publish.places import Places
from training.publish.publication import new_card, publish_state, write_card
from training.publish.reports import read_report, read_reports

_MOST = 12
"""Pictures of one person, so that nobody decides alone."""
_TEXTS = ("name", "version", "description", "limits", "training_data", "licence")


@with_groups
def fuse(
    *,
    part: Annotated[list[str], typer.Option("--part", help="Key of an encoder; two or more.")],
    weight: Annotated[
        list[float] | None,
        typer.Option("--weight", help="Share of each part, in order; else chosen for two."),
    ] = None,
    dimension: Annotated[
        int | None,
        typer.Option("--dimension", min=2, help="Numbers to project onto; else all of the parts'."),
    ] = None,
    centers: Annotated[
        bool,
        typer.Option(help="Subtract each part's center, which makes some spaces worse."),
    ] = True,
    images: ImagesOption,
    pairs: PairsOption = None,
    exclude_folds: Annotated[
        str | None,
        typer.Option("--exclude-folds", help="Folds of --pairs whose people are not looked at."),
    ] = None,
    without: LeftOutOption = None,
    card: Annotated[
        Path,
        typer.Option(
            help="TOML with description, limits, training_data, perhaps recipe, and \\[licence].",
            exists=True,
            dir_okay=False,
        ),
    ],
    name: NameOption = None,
    version: VersionOption = None,
    calibration: Annotated[
        Path | None, typer.Option(help="Report of `evaluate calibrate --json` of an earlier one.")
    ] = None,
    figures: Annotated[
        list[Path] | None, typer.Option(help="JSON reports of `evaluate` for manifest and card.")
    ] = None,
    into: IntoOption = None,
    chips: ChipOptions,
) -> None:
    """Publish an encoder made of others: centres, weights and projection learnt from a folder."""
    places = Places.under(into)
    with errors_reported():
        texts = _texts(read_card(card, name, version))
        place = new_card(places, texts["name"], texts["version"])
        registry = chips.setup(part[0]).registry
        parts = [registry.manifest(key, EncoderManifest) for key in part]
        if weight is not None and len(weight) != len(part):
            raise InvalidManifestError("Give --weight once for each --part, or not at all.")
        embeddings, people = _embedded(parts, images, pairs, exclude_folds, without, chips)
        found = learn(embeddings, people, dimension=dimension, weights=weight, centered=centers)
        _tell(found, len(people), len(set(people)))
        fields = texts | _fields(parts, found) | {"metrics": read_reports(figures or [])}
        recipe = fields.pop("recipe", "") or _recipe(found)
        if calibration is not None:
            fields["curve"] = curve_of(read_report(calibration))
        manifest = publish_state(_state(found), fields, registry, places)
        write_card(place, manifest, recipe, "fp32")
    console.print(f"{manifest.key} is published: {manifest.path}", soft_wrap=True)


def _texts(card: dict[str, Any]) -> dict[str, Any]:
    missing = [text for text in _TEXTS if text not in card]
    unknown = sorted(set(card) - {*_TEXTS, "recipe"})
    if missing or unknown:
        raise InvalidManifestError(
            f"The card lacks {', '.join(missing)}."
            if missing
            else f"The card has no use for {', '.join(unknown)}."
        )
    return card


def _embedded(
    parts: Sequence[EncoderManifest],
    images: Path,
    pairs: Path | None,
    folds: str | None,
    without: Path | None,
    chips: ChipOptions,
) -> tuple[list[Vectors], list[str]]:
    """Embeddings of the same faces by each part, and who is on them."""
    every = find_images(images)
    paths = _chosen(every, pairs, folds, without)
    # Chips of all pictures, so that the cache has them, whoever is left out.
    uses = [chips.setup(one.key) for one in parts]
    cut = [chips_of(use, every) for use in uses]
    seen = set(paths).intersection(*(map(Path, one.paths) for one in cut))
    paths = [path for path in paths if path in seen]
    embeddings = []
    for use, one in zip(uses, cut, strict=True):
        row = {Path(path): number for number, path in enumerate(one.paths)}
        rows = np.array([row[path] for path in paths])
        embeddings.append(encode_chips(encoder_of(use), one.chips[rows]))
    return embeddings, [path.parent.name for path in paths]


def _chosen(
    paths: Sequence[Path], pairs: Path | None, folds: str | None, without: Path | None
) -> list[Path]:
    """Pictures of people who are not held out, so many of each at most."""
    listed, held_out = read_left_out(without), set[str]()
    if folds is not None:
        if pairs is None:
            raise InvalidManifestError("--exclude-folds are folds of --pairs: give that, too.")
        named = names_in(pairs_of(pairs, folds))
        held_out = {path.parent.name for path in paths if path.name in named}
    taken: Counter[str] = Counter()
    chosen = []
    for path in paths:
        person = path.parent.name
        if person not in held_out and label_of(path) not in listed and taken[person] < _MOST:
            taken[person] += 1
            chosen.append(path)
    return chosen


def _fields(parts: Sequence[EncoderManifest], found: Fusion) -> dict[str, Any]:
    """Fields of the manifest beside its texts."""
    whole = sum(len(centre) for centre in found.centres)
    dimension = whole if found.projection is None else len(found.projection)
    sizes = [one.input.size for one in parts]
    weights = [round(weight, 6) for weight in found.weights]
    return {
        "task": "encode-faces",
        "mirror": False,
        "alignment": [list(point) for point in parts[0].alignment],
        "architecture": {"name": "fused", "arguments": {"dimension": dimension}},
        "parts": [
            {"model": one.key, "weight": weight} for one, weight in zip(parts, weights, strict=True)
        ],
        "input": {
            "size": [sum(height for height, _ in sizes), max(width for _, width in sizes)],
            "channels": "rgb",
            "mean": [0.0, 0.0, 0.0],
            "scale": 1.0,
        },
        "output": {"dimension": dimension, "normalised": True},
    }


def _state(found: Fusion) -> dict[str, torch.Tensor]:
    state = {f"centres.{n}": torch.from_numpy(one) for n, one in enumerate(found.centres)}
    if found.projection is not None:
        state["projection.weight"] = torch.from_numpy(found.projection)
    return state


def _recipe(found: Fusion) -> str:
    if not found.tried:
        return "`python -m training fuse`, with given weights."
    return f"`python -m training fuse`; weights chosen among {len(found.tried)} by their misses."


def _tell(found: Fusion, faces: int, people: int) -> None:
    console.print(f"{faces:,} faces of {people:,} people.")
    table = Table("weights", *(f"FNMR at FMR {fmr:g}" for fmr in FMRS))
    for one in found.tried:
        weights, misses = one["weights"], one["fnmr"]
        assert isinstance(weights, list) and isinstance(misses, list)  # noqa: S101
        mark = " *" if tuple(weights) == found.weights else ""
        table.add_row(
            ", ".join(f"{w:.2f}" for w in weights) + mark, *(f"{miss:.4f}" for miss in misses)
        )
    if found.tried:
        console.print(table)
