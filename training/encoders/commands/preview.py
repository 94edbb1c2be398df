"""`preview`: a contact sheet of what the network will see."""

import tomllib
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from pydantic import ValidationError

from training.augment.augmenter import Augmenter
from training.augment.conditions import CONDITIONS, condition, condition_rng
from training.augment.config import AugmentConfig
from training.augment.geometry import Chip
from training.data.chips import ChipSet, cut_chips
from training.data.sources import TrainingDataError, find_samples
from training.encoders.commands.options import ChipOptions
from training.encoders.measuring.setup import Setup
from training.encoders.measuring.sheets import labelled, write_sheet
from training.kit.option_groups import with_groups
from training.kit.options import console, errors_reported
from training.kit.places import new_picture
from training.kit.recipes import recipe_file

_EXAMPLES = [name for name in AugmentConfig.model_fields if name != "conditions"]
_SPARE = 10
"""Pictures taken beyond those needed: in some no face is found."""


@with_groups
def preview(
    *,
    data: Annotated[
        list[Path], typer.Option("--data", exists=True, help="Folders or lists; several allowed.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", callback=new_picture, help="A PNG.")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            parser=recipe_file,
            metavar="RECIPE",
            help="TOML with an \\[augment] table, or the name of a recipe that comes along.",
        ),
    ] = None,
    encoder: Annotated[
        str, typer.Option("--encoder", help="Whose chips are cut: model key.")
    ] = "facenet-resnet29@1",
    faces: Annotated[int, typer.Option(min=1, help="Rows.")] = 6,
    variants: Annotated[int, typer.Option(min=1, help="Per face, with --config.")] = 8,
    seed: Annotated[int, typer.Option()] = 0,
    chips: ChipOptions,
) -> None:
    """One face per row: as it is, then as augmented by the configuration.

    Without a configuration, each augmentation on its own at its default strength, and below
    them the fixed conditions that `evaluate robustness` measures under.
    """
    with errors_reported():
        settings = None if config is None else read_augment(config)
        use = chips.setup(encoder)
        rng = np.random.default_rng(seed)
        drawn = _drawn(use, data, faces + _SPARE, rng)
        rows = [
            row
            for i in range(min(faces, len(drawn)))
            for row in (
                _defaults(drawn, i, rng)
                if settings is None
                else [_variants(drawn, i, Augmenter.from_config(settings), variants, rng)]
            )
        ]
        write_sheet(output, rows)
    console.print(f"{output}: {len(rows)} rows.")


def _drawn(use: Setup, data: list[Path], count: int, rng: np.random.Generator) -> ChipSet:
    samples = find_samples(data)
    chosen = sorted(rng.permutation(len(samples))[:count].tolist())
    return cut_chips(
        [samples[i] for i in chosen],
        use.registry,
        use.encoder,
        use.registry.cache_dir / "chips",
        detector=use.detector,
        pad=use.pad,
    )


def read_augment(path: Path) -> AugmentConfig:
    """The table `[augment]` of a TOML file. Raises TrainingDataError naming the field."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return AugmentConfig.model_validate(table.get("augment", {}))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TrainingDataError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(["augment", *(str(part) for part in first["loc"])])
        raise TrainingDataError(f"{path}: {where}: {first['msg']}", field=where) from error


def _variants(
    chips: ChipSet, i: int, augmenter: Augmenter, count: int, rng: np.random.Generator
) -> list[Chip]:
    chip = np.array(chips.chips[i])
    changed = [augmenter(chip, chips.landmarks[i], rng) for _ in range(count)]
    tiles = [labelled(tile, f"augmented {n + 1}") for n, tile in enumerate(changed)]
    return [labelled(chip, chips.names[i]), *tiles]


def _defaults(chips: ChipSet, i: int, rng: np.random.Generator) -> list[list[Chip]]:
    """A row of every augmentation and a row of every condition."""
    chip, points = np.array(chips.chips[i]), chips.landmarks[i]
    first, second = [labelled(chip, chips.names[i])], []
    for name in _EXAMPLES:
        always = AugmentConfig.model_validate({name: {"probability": 1}})
        first.append(labelled(Augmenter.from_config(always)(chip, points, rng), name))
    for name in CONDITIONS:
        changed = condition(name)(chip, points, condition_rng(name, Path(chips.paths[i]).name))
        second.append(labelled(changed, name))
    return [first, second]
