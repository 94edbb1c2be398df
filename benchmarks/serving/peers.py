"""Facet beside its peers on one thread: dlib as `face_recognition` uses it, DeepFace's server."""

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.progress import track

from app.domain.faces import AnalysisOptions
from app.platform.machine import FreedMemory
from app.vision.faces.analyser import FaceAnalyser
from app.vision.running.runtimes.choice import open_runtime
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.threads import set_threads
from benchmarks.measuring import (
    JsonOption,
    QuickOption,
    console,
    draw_bars,
    finish,
    machine,
    side_by_side,
)
from benchmarks.pictures import PHOTOS, ImagesOption, photographs
from benchmarks.serving import deepface_peer
from benchmarks.serving.deepface_peer import DeepFaceServer
from benchmarks.serving.dlib_peer import DlibPeer
from benchmarks.serving.load import Request, ask, form, generate
from benchmarks.serving.server_process import ServerProcess
from models.pipelines.faces.pipeline import Networks, face_encoder
from models.registry.locations import open_registry
from models.registry.manifests.encoders import EncoderManifest

_CHIPS = 16
_QUICK = 4
"""Pictures."""


def peers(
    images: ImagesOption = PHOTOS,
    json_path: JsonOption = Path("benchmarks/results/peers.json"),
    quick: QuickOption = False,
    deepface: Annotated[
        bool | None,
        typer.Option(
            help="Measure DeepFace too, in an environment that is made when it is missing (a "
            "gigabyte). By default yes; with --quick only where it is there already."
        ),
    ] = None,
) -> None:
    """Measure against dlib-bin and DeepFace, doing the same work on the same pictures."""
    set_threads(1)
    FreedMemory()  # as in a server: what a picture needed stays for the next one
    files = photographs(images)[: _QUICK if quick else None]
    pictures = [file.read_bytes() for file in files]
    if deepface is None:
        deepface = deepface_peer.installed() or not quick
    if deepface and not deepface_peer.installed():
        deepface_peer.install()
    with tempfile.TemporaryDirectory() as cache:
        networks = ServingNetworks(open_registry(), open_runtime("auto", Path(cache)))
        dlib_peer = DlibPeer()
        encoding = _measure_encoders(networks, dlib_peer, pictures, 3 if quick else 15)
        pipeline = _measure_pipelines(networks, dlib_peer, pictures, 1 if quick else 3)
    whole = {name: seconds / len(files) for name, seconds in pipeline["seconds"].items()}
    ratios = _ratios(encoding, whole)
    if deepface:
        whole |= _measure_servers(pictures, 1 if quick else 3)
        ratios["pipeline_over_deepface"] = whole["deepface, server"] / whole["facet"]
        ratios["server_over_deepface"] = whole["deepface, server"] / whole["facet, server"]
    draw_bars(
        json_path.with_suffix(".png"),
        {"One face to its embedding": encoding, "One photograph to its embeddings": whole},
    )
    report = {
        "ratios": ratios,
        "encoder_seconds_per_face": encoding,
        "seconds_per_picture": whole,
        "pipeline": pipeline,
        "images": [file.name for file in files],
        "threads": 1,
        "machine": machine(),
    }
    finish(json_path, report)


def _measure_servers(pictures: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Processor seconds of both servers per picture, taking turns, the first round not counted.

    Facet's recognises against a collection, DeepFace's only computes embeddings.
    """
    seconds: dict[str, list[list[float]]] = {"deepface, server": [], "facet, server": []}
    with DeepFaceServer() as theirs, ServerProcess(workers=1, threads=1) as ours:
        ask(ours.port, "/v1/collections", {"name": "peers"})
        for picture in track(pictures, "Servers", console=console):
            mine = form("recognize", "/v1/collections/peers/recognize", {"image": picture})
            times: dict[str, list[float]] = {name: [] for name in seconds}
            for _ in range(rounds + 1):
                times["deepface, server"].append(theirs.cpu_seconds(picture))
                before = ours.cpu_seconds()
                # Twenty at a time: processor time is counted in hundredths of a second.
                generate(ours.port, 1, _always(mine), requests=20)
                times["facet, server"].append((ours.cpu_seconds() - before) / 20)
            for name, values in times.items():
                seconds[name].append(values[1:])
    return {
        name: sum(median(values) for values in per_picture) / len(pictures)
        for name, per_picture in seconds.items()
    }


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
    networks: Networks, dlib_peer: DlibPeer, pictures: Sequence[bytes], rounds: int
) -> dict[str, float]:
    """Seconds per face on the same chips, Facet's brought to the size that its encoder takes."""
    chips = _chips(dlib_peer, pictures)
    own = _resized(chips, networks)
    default, plain = face_encoder(networks), face_encoder(networks, mirror=False)

    def one_by_one(encode: Callable[[NDArray[np.uint8]], object]) -> None:
        for chip in own:
            encode(chip[None])

    seconds = side_by_side(
        {
            "dlib": lambda: dlib_peer.encode(chips),
            "facet": lambda: one_by_one(default.encode),
            "facet, no mirror": lambda: one_by_one(plain.encode),
            "dlib, batch": lambda: dlib_peer.encode_batch(chips),
            "facet, batch": lambda: default.encode(own),
            "facet, no mirror, batch": lambda: plain.encode(own),
        },
        rounds,
    )
    return {name: value / len(chips) for name, value in seconds.items()}


def _measure_pipelines(
    networks: Networks, dlib_peer: DlibPeer, pictures: Sequence[bytes], rounds: int
) -> dict[str, Any]:
    """Seconds for all pictures (the sum of medians), and how many faces each has found."""
    analyser = FaceAnalyser(networks)
    options = AnalysisOptions(encoder=networks.default("encode-faces"))
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


def _resized(chips: NDArray[np.uint8], networks: Networks) -> NDArray[np.uint8]:
    manifest = networks.manifest(networks.default("encode-faces"), EncoderManifest)
    height, width = manifest.input.size
    return np.stack([np.asarray(cv2.resize(one, (width, height)), np.uint8) for one in chips])


def _always(request: Request) -> Callable[[int, int], Request]:
    return lambda client, position: request
