"""Facet beside dlib, both on one thread: encoding alone, and the way from file to embeddings."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import matplotlib
import numpy as np
import typer
from numpy.typing import NDArray

from app.domain.faces import AnalysisOptions
from app.vision.analyser import FaceAnalyser
from app.vision.threads import set_threads
from benchmarks.dlib_peer import DlibPeer
from benchmarks.measuring import draw_bars, machine, side_by_side, write_report
from models.pipelines.face_pipeline import face_encoder
from models.registry.locations import open_registry
from models.registry.registry import Registry

_PHOTOS = Path("../shared/data/photos")
_CHIPS = 16


def peers(
    images: Annotated[
        Path,
        typer.Option(help="A directory of photographs; if missing, two portraits from packages."),
    ] = _PHOTOS,
    json_path: Annotated[
        Path, typer.Option("--json", help="Where the figures go; a picture lands beside it.")
    ] = Path("benchmarks/results/peers.json"),
    quick: Annotated[bool, typer.Option(help="Fewer rounds: rough figures.")] = False,
) -> None:
    """Measure against dlib-bin, doing the same work on the same pictures in turns."""
    set_threads(1)
    files = _files(images)
    pictures = [file.read_bytes() for file in files]
    registry = open_registry()
    dlib_peer = DlibPeer()
    encoding = _measure_encoders(registry, dlib_peer, pictures, 3 if quick else 15)
    pipeline = _measure_pipelines(registry, dlib_peer, pictures, 1 if quick else 3)
    ratios = _ratios(encoding, pipeline["seconds"])
    report = {
        "ratios": ratios,
        "encoder_seconds_per_face": encoding,
        "pipeline": pipeline,
        "images": [file.name for file in files],
        "threads": 1,
        "machine": machine(),
    }
    write_report(json_path, report)
    whole = {name: seconds / len(files) for name, seconds in pipeline["seconds"].items()}
    draw_bars(
        json_path.with_suffix(".png"),
        {"One face to its embedding": encoding, "One photograph to its embeddings": whole},
    )
    for name, ratio in ratios.items():
        typer.echo(f"{name}: {ratio:.2f}")
    typer.echo(f"written: {json_path}, {json_path.with_suffix('.png')}")


def _ratios(encoding: Mapping[str, float], pipeline: Mapping[str, float]) -> dict[str, float]:
    """How many times faster Facet is. The first two have targets: 5 and 2.

    The first gives each side the same faces at once, the way that suits it; the next three
    say what is left without batches, and what mirror averaging costs.
    """
    dlib_best = min(encoding["dlib"], encoding["dlib, batch"])
    return {
        "encoder_over_dlib": dlib_best / encoding["facet, batch"],
        "pipeline_over_face_recognition": pipeline["dlib"] / pipeline["facet"],
        "encoder_one_by_one_over_dlib": encoding["dlib"] / encoding["facet"],
        "encoder_without_mirror_over_dlib": dlib_best / encoding["facet, no mirror, batch"],
        "encoder_one_by_one_without_mirror_over_dlib": encoding["dlib"]
        / encoding["facet, no mirror"],
    }


def _measure_encoders(
    registry: Registry, dlib_peer: DlibPeer, pictures: Sequence[bytes], rounds: int
) -> dict[str, float]:
    """Seconds per face on the same chips. Facet's own averages a face and its mirror image."""
    chips = _chips(dlib_peer, pictures)
    default, plain = face_encoder(registry), face_encoder(registry, mirror=False)

    def one_by_one(encode: Callable[[NDArray[np.uint8]], object]) -> None:
        for chip in chips:
            encode(chip[None])

    seconds = side_by_side(
        {
            "dlib": lambda: dlib_peer.encode(chips),
            "facet": lambda: one_by_one(default.encode),
            "facet, no mirror": lambda: one_by_one(plain.encode),
            "dlib, batch": lambda: dlib_peer.encode_batch(chips),
            "facet, batch": lambda: default.encode(chips),
            "facet, no mirror, batch": lambda: plain.encode(chips),
        },
        rounds,
    )
    return {name: value / len(chips) for name, value in seconds.items()}


def _measure_pipelines(
    registry: Registry, dlib_peer: DlibPeer, pictures: Sequence[bytes], rounds: int
) -> dict[str, Any]:
    """Seconds for all pictures (the sum of medians), and how many faces each has found."""
    analyser = FaceAnalyser(registry)
    options = AnalysisOptions(encoder=registry.default("encode-faces"))
    per_picture = [
        side_by_side(
            {
                "dlib": functools.partial(dlib_peer.analyse, picture),
                "facet": functools.partial(analyser.analyse, picture, options),
            },
            rounds,
        )
        for picture in pictures
    ]
    return {
        "seconds": {name: sum(one[name] for one in per_picture) for name in ("dlib", "facet")},
        "seconds_per_image": per_picture,
        "faces": {
            "dlib": [len(dlib_peer.analyse(picture)) for picture in pictures],
            "facet": [len(analyser.analyse(picture, options).faces) for picture in pictures],
        },
    }


def _chips(dlib_peer: DlibPeer, pictures: Sequence[bytes]) -> NDArray[np.uint8]:
    found = [chip for picture in pictures for chip in dlib_peer.chips(picture)]
    return np.stack([found[i % len(found)] for i in range(_CHIPS)])


def _files(images: Path) -> list[Path]:
    """The photographs of the directory, or the two portraits."""
    endings = {".jpg", ".jpeg", ".png"}
    if images.is_dir():
        return sorted(file for file in images.iterdir() if file.suffix.lower() in endings)
    import skimage

    grace = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return [grace, Path(skimage.__file__).parent / "data" / "astronaut.png"]
