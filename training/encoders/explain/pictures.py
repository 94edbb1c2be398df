"""The files of `explain`: a sheet for each expert, a map of people, a report, and the card."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.nets.onnx_network import OnnxNetwork
from models.registry.manifests.base import Manifest
from models.registry.manifests.encoders import EncoderManifest
from training.data.chips import ChipSet
from training.data.sources import TrainingDataError
from training.encoders.explain.layers import experts
from training.encoders.explain.sheet import draw_sheet
from training.encoders.explain.units import Choice, sent, units_of
from training.encoders.measuring.embedding import encoder_of
from training.encoders.measuring.setup import Setup
from training.encoders.measuring.sheets import draw_projection
from training.kit.options import console
from training.kit.recipe import ConfigError
from training.kit.run_files import write_json
from training.measure.encoding import encode_chips
from training.publish.card import LEARNT, card_place, put_section

_FEWEST = 4
"""Pictures that there is anything to see of."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and what it shows."""

    file: str
    caption: str


def folder_for(manifest: Manifest, out: Path | None) -> Path:
    """Folder of the pictures, made if need be: `out`, or one beside the model card.

    Raises ConfigError, before any work, when nothing can be written there.
    """
    folder = out or card_place(manifest).with_suffix("")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError("it is not writable")
    except OSError as error:
        raise ConfigError(
            f"Nothing can be written to {folder}: {error}.", hint="Give another --out."
        ) from error
    return folder


def draw(use: Setup, chips: ChipSet, choice: Choice, folder: Path, people: int) -> list[Drawn]:
    """Write all files to the folder; the pictures among them, with captions.

    Raises ConfigError, TrainingDataError, and what the registry raises.
    """
    if len(chips) < _FEWEST or len(chips.identities) < 2:
        raise TrainingDataError(
            f"{len(chips)} faces of {len(chips.identities)} people show nothing.",
            hint="Give some hundred pictures; four of two people are the least.",
        )
    manifest = use.registry.manifest(use.encoder)
    faces = encode_chips(encoder_of(use), chips.chips)
    sheets, report = _sheets(use, chips, choice, folder)
    draw_projection(
        folder / "people.png", {manifest.key: chips}, {manifest.key: faces}, people, choice.seed
    )
    about = {
        **use.options(),
        "faces": len(chips),
        "people": len(chips.identities),
        "undetected": len(chips.undetected),
        "seed": choice.seed,
        "pictures": [Path(path).name for path in chips.paths],
        "layers": report,
    }
    write_json(folder / "explained.json", about)
    shown = min(people, len(chips.identities))
    caption = (
        f"The {shown} people with most pictures, of {len(chips):,} faces of "
        f"{len(chips.identities):,} people: principal axes, and t-SNE."
    )
    return [*sheets, Drawn("people.png", caption)]


def _sheets(
    use: Setup, chips: ChipSet, choice: Choice, folder: Path
) -> tuple[list[Drawn], dict[str, Any]]:
    manifest, network = (
        use.registry.manifest(use.encoder, EncoderManifest),
        use.registry.load(use.encoder),
    )
    if isinstance(network, OnnxNetwork):
        console.print(f"{manifest.key} is an ONNX file, whose layers cannot be looked into.")
        return [], {}
    routed = sent(network, chips.chips, manifest)
    drawn, report = [], {}
    for name, expert in experts(network).items():
        file = f"units-{name}.png" if name else "units.png"
        depths, layers = units_of(expert, manifest, chips.chips, choice)
        caption = f"What excites units most among {len(chips):,} faces"
        if name:
            caption += f", expert {name}: the router shows it {routed[name]:,} of them"
        draw_sheet(folder / file, f"{manifest.key}: {caption[0].lower()}{caption[1:]}", depths)
        drawn.append(Drawn(file, f"{caption}."))
        report[name or "network"] = layers
    return drawn, report


def show_in_card(card: Path, drawn: list[Drawn], folder: Path) -> None:
    """Links from the card to the pictures, in the place of those of before."""
    below = Path(os.path.relpath(folder, card.parent)).as_posix()
    parts = [f"{one.caption}\n\n![{one.caption}](<{below}/{one.file}>)" for one in drawn]
    put_section(card, LEARNT, "\n\n".join(parts))
