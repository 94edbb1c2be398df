"""What mining teaches: runs of one recipe that differ in their negatives, side by side."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from benchmarks.measuring import JsonOption, QuickOption, console, machine, write_report
from models.registry.locations import open_registry
from training.data.chips import ChipSet
from training.encoders.backbones import BACKBONES, DIMENSION
from training.encoders.material import Sources, read_sources
from training.encoders.networks.embedding import embed_chips
from training.encoders.recipe import TrainConfig
from training.kit import checkpoints
from training.measure.metrics import false_non_match_rate

_FMR = 1e-2
_QUICK_PICTURES = 500


def mining(
    runs: Annotated[list[Path], typer.Argument(help="Directories that `train` wrote.")],
    data: Annotated[list[Path], typer.Option("--data", exists=True)],
    pairs: Annotated[Path, typer.Option("--pairs", exists=True, dir_okay=False)],
    folds: Annotated[str, typer.Option(help="Their people were not trained on.")] = "4,5",
    json_path: JsonOption = Path("benchmarks/results/mining.json"),
    quick: QuickOption = False,
) -> None:
    """How well the last checkpoint of each run tells apart people it learnt from, and others."""
    report: dict[str, Any] = {"machine": machine(), "runs": {}}
    sources = Sources(data, pairs, [int(fold) for fold in folds.split(",")])
    for run in runs:
        content = checkpoints.load(run / "last.pt")
        config = TrainConfig.model_validate(content["config"])
        chips, split = read_sources(sources, config.data, open_registry(None, []), config.seed)
        known = np.concatenate([split.train, split.validation])
        others = np.setdiff1d(np.arange(len(chips.labels)), known)
        backbone = BACKBONES[config.model.backbone]
        network = backbone.build(DIMENSION)
        network.load_state_dict(content["average"])
        figures = {}
        for people, rows in (("trained", split.train), ("others", others)):
            looked_at = rows[:_QUICK_PICTURES] if quick else rows
            embeddings = embed_chips(network, np.asarray(chips.chips[looked_at]), backbone)
            figures[people] = separation(embeddings, _labels(chips, looked_at))
        report["runs"][run.name] = figures
        console.print(f"{run.name}: {figures}")
    ranks = {name: f["trained"]["rank_1"] for name, f in report["runs"].items()}
    first = next(iter(ranks.values()))
    report["ratios"] = {f"{name}_over_first": rank / first for name, rank in ranks.items()}
    write_report(json_path, report)


def _labels(chips: ChipSet, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    return np.asarray(chips.labels[rows])


def separation(embeddings: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    """Rank 1 (nearest other picture is the same person's, of people with several), and FNMR.

    Of (N, dimension) L2-normalised embeddings of N pictures with (N,) people.
    """
    similarities = torch.from_numpy(embeddings @ embeddings.T).fill_diagonal_(-2).numpy()
    same = labels[:, None] == labels[None, :]
    several = same.sum(1) > 1
    nearest = similarities[several].argmax(1)
    a, b = np.triu_indices(len(labels), 1)
    scores, genuine = similarities[a, b], same[a, b]
    threshold = float(np.quantile(scores[~genuine], 1 - _FMR))
    return {
        "rank_1": float((labels[nearest] == labels[several]).mean()),
        "probes": int(several.sum()),
        "fnmr_at_1e-2": false_non_match_rate(scores[genuine], threshold),
    }
