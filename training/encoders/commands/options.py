"""Options of the commands that measure encoders, and what they all do with them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from training.encoders.measuring.pairing import Compared, compared
from training.encoders.measuring.setup import Setup, setup
from training.kit.options import CacheOption, ManifestsOption, ThreadsOption, set_threads
from training.measure.gallery import find_images, read_people
from training.measure.pairs import names_in, pairs_of

EncoderOption = Annotated[
    str,
    typer.Option(
        "--encoder", help="Model key, name@version, or the directory of a run of `train`."
    ),
]
DetectorOption = Annotated[
    str | None, typer.Option("--detector", help="Model key; the registry's default if not given.")
]
ImagesOption = Annotated[
    Path, typer.Option("--images", exists=True, file_okay=False, help="One folder per person.")
]
PairsOption = Annotated[
    Path | None,
    typer.Option(
        "--pairs",
        exists=True,
        dir_okay=False,
        help="fold, first, second, same. Without it, pairs are made out of the folders.",
    ),
]
NamedPicturesOption = Annotated[
    Path | None,
    typer.Option("--pairs", exists=True, help="Use only the pictures named here."),
]
FoldsOption = Annotated[
    str | None, typer.Option("--folds", help="Use only these folds of the pairs, such as 4,5.")
]
PadOption = Annotated[
    float,
    typer.Option("--pad", min=0, max=2, help="Replicate the border by this share of the size."),
]
MirrorOption = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Overrides the manifest's mirror averaging."),
]
PeopleOption = Annotated[
    Path | None,
    typer.Option(
        "--people",
        exists=True,
        dir_okay=False,
        help="Only these people, a name a line, such as held-out.txt of a run.",
    ),
]
LeftOutOption = Annotated[
    Path | None,
    typer.Option(
        "--without",
        exists=True,
        dir_okay=False,
        help="Pictures to leave out, folder/file a line, as `evaluate labels` lists them.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipOptions:
    """Options of cutting chips out of pictures, and places of models."""

    detector: DetectorOption = None
    pad: PadOption = 0.0
    threads: ThreadsOption = 0
    cache: CacheOption = None
    manifests: ManifestsOption = None

    def setup(self, encoder: str, mirror: bool | None = None) -> Setup:
        """Open the encoder. Raises what `setup` of measuring raises."""
        set_threads(self.threads)
        return setup(encoder, self.detector, self.pad, mirror, self.cache, self.manifests)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderOptions:
    """Choice of an encoder, and whether it sees faces mirrored as well."""

    encoder: EncoderOption
    mirror: MirrorOption = None

    def setup(self, chips: ChipOptions) -> Setup:
        """Open the encoder. Raises what `setup` of measuring raises."""
        return chips.setup(self.encoder, self.mirror)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOptions:
    """Pictures that are looked at."""

    images: ImagesOption
    pairs: NamedPicturesOption = None
    folds: FoldsOption = None
    people: PeopleOption = None

    def paths(self) -> list[Path]:
        """Find their files. Raises EvaluationError."""
        named = None if self.pairs is None else names_in(pairs_of(self.pairs, self.folds))
        return find_images(self.images, named, read_people(self.people))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOptions:
    """Pictures that are compared."""

    images: ImagesOption
    pairs: PairsOption = None
    folds: FoldsOption = None
    people: PeopleOption = None

    def compared(self) -> Compared:
        """Choose them. Raises EvaluationError."""
        return compared(self.images, self.pairs, self.folds, read_people(self.people))
