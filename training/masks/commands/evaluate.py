"""`python -m training masks evaluate`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from models.nets.mask_network import MaskNetwork
from models.pipelines.faces.mask_telling import MaskTeller
from models.pipelines.faces.mask_wearing import WEARINGS
from models.pipelines.faces.pipeline import face_detector, mask_teller
from models.registry.loading import read_state
from models.registry.locations import open_registry
from models.registry.manifests.encoders import ChipInput
from models.registry.registry import Registry
from training.kit.options import (
    CacheOption,
    JsonOption,
    ManifestsOption,
    ThreadsOption,
    console,
    errors_reported,
    set_threads,
)
from training.kit.run_files import FIGURES, WEIGHTS, write_json
from training.masks.measuring import masks_report
from training.masks.publication import fields_of
from training.masks.recipe import MasksConfig
from training.measure.errors import EvaluationError
from training.measure.gallery import find_images, read_people


def evaluate(
    images: Annotated[Path, typer.Option(exists=True, file_okay=False, help="A folder a person.")],
    output: JsonOption,
    run: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="`--out` of train; else a model."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Model key; the default if not given.")] = None,
    people: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Only these people, a name a line."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Pictures, spread over all there are.")] = 600,
    pad: Annotated[float, typer.Option(min=0, help="Replicate the border by this share.")] = 0.0,
    threads: ThreadsOption = 0,
    cache: CacheOption = None,
    manifests: ManifestsOption = None,
) -> None:
    """Draw masks, sunglasses, hands and scarves in pictures, find the faces, and ask."""
    with errors_reported():
        if run is not None and model is not None:
            raise EvaluationError("--run and --model exclude each other.")
        set_threads(threads)
        registry = open_registry(cache, tuple(manifests or ()))
        teller = mask_teller(registry, model) if run is None else _of_run(run, registry)
        found = find_images(images, people=read_people(people))
        paths = found[:: max(1, len(found) // most)][:most]
        figures = masks_report(paths, pad, face_detector(registry), teller)
    write_json(output, {"pad": pad, **figures})
    _print(figures)


def _of_run(run: Path, registry: Registry) -> MaskTeller:
    """The network of a run that is not published."""
    content = json.loads((run / FIGURES).read_text(encoding="utf-8"))
    fields = fields_of(MasksConfig.model_validate(content["config"]), registry)
    network = MaskNetwork()
    network.load_state_dict(read_state(run / WEIGHTS, "safetensors"))
    convention = ChipInput.model_validate(fields["input"])
    return MaskTeller(network.eval(), convention, fields["alignment"])


def _print(figures: dict[str, Any]) -> None:
    table = Table("case", *WEARINGS, "not found")
    for name, case in figures["cases"].items():
        shares = [f"{case[wearing]:.1%}" for wearing in WEARINGS]
        table.add_row(name, *shares, str(case["undetected"]))
    console.print(table)
    for name in ("told_right", "mask_or_none_told_right", "area_mask_or_none", "sure_told_right"):
        console.print(f"{name}: {figures[name]:.4f}")
