"""`explain`: what an encoder's units look for, and which people it tells apart."""

from pathlib import Path
from typing import Annotated

import typer

from models.registry.manifests.encoders import EncoderManifest
from training.encoders.commands.options import ChipOptions, ImagesOption, PeopleOption
from training.encoders.explain.pictures import draw, folder_for, show_in_card
from training.encoders.explain.units import Choice
from training.encoders.measuring.embedding import chips_of
from training.kit.option_groups import with_groups
from training.kit.options import console, errors_reported
from training.kit.places import new_directory
from training.measure.gallery import find_images, read_people
from training.publish.card import card_of


@with_groups
def explain(
    *,
    encoder: Annotated[
        str, typer.Argument(metavar="KEY", help="Model key, or the directory of a run.")
    ],
    images: ImagesOption,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            file_okay=False,
            callback=new_directory,
            help="Else a folder beside the model card.",
        ),
    ] = None,
    card: Annotated[
        bool, typer.Option("--card/--no-card", help="Show the pictures in the model card.")
    ] = True,
    depths: Annotated[int, typer.Option(min=1, help="Convolutions to look at.")] = 5,
    layers: Annotated[
        str, typer.Option(help="Their names in place of --depths, with commas between.")
    ] = "",
    units: Annotated[int, typer.Option(min=1, help="Of each convolution, drawn by --seed.")] = 6,
    patches: Annotated[int, typer.Option(min=1, help="Of each unit, from as many pictures.")] = 9,
    shown: Annotated[int, typer.Option(min=2, help="People on the map: those most seen.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Draws units, and starts t-SNE.")] = 0,
    people: PeopleOption = None,
    chips: ChipOptions,
) -> None:
    """Contact sheets of what excites units most at several depths, and a map of people."""
    with errors_reported():
        use = chips.setup(encoder)
        manifest = use.registry.manifest(use.encoder, EncoderManifest)
        page = card_of(manifest) if card else None
        folder = folder_for(manifest, out)
        names = tuple(name.strip() for name in layers.split(",") if name.strip())
        cut = chips_of(use, find_images(images, people=read_people(people)))
        drawn = draw(use, cut, Choice(depths, names, units, patches, seed), folder, shown)
        if page is not None:
            show_in_card(page, drawn, folder)
    console.print(
        f"Written to {folder}" + ("." if page is None else f", and shown in {page}."),
        "They hold pieces of the pictures: give them on only if you may.",
        soft_wrap=True,
    )
