"""Measured curves in manifests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array

from models.files.writing import replacing
from models.registry.manifests.reading import read_manifest
from training.measure.calibration import Calibration


def describe_method(calibration: Calibration) -> str:
    """Describe how the points came about, in one sentence for the manifest."""
    tail = calibration.tail
    return (
        f"counted up to similarity {calibration.tail_from:.5f}; above it a generalised Pareto "
        f"tail (shape {tail.shape:.3f}, scale {tail.scale:.5f}) fitted to the scores above "
        f"{tail.start:.5f}"
    )


def curve_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """The curve in a report of `evaluate calibrate --json`."""
    curve = {
        "points": [list(point) for point in report["points"]],
        "method": report["method"],
        "data": report["data"],
        "impostors": report["impostor_comparisons"],
        "tail_from": round(report["tail_from"], 5),
    }
    optional = {name: report.get(name) for name in ("left_out", "template_power")}
    return curve | {name: value for name, value in optional.items() if value not in (None, [])}


def curve_fields(calibration: Calibration, data: str) -> dict[str, Any]:
    """`[curve]` of a manifest; `data` says in words what it was measured on."""
    return {
        "points": [list(point) for point in calibration.points],
        "method": describe_method(calibration),
        "data": data,
        "impostors": calibration.comparisons,
        "tail_from": round(calibration.tail_from, 5),
    }


def update_curve(
    path: Path,
    calibration: Calibration,
    data: str,
    left_out: Sequence[str] = (),
    template_power: float | None = None,
) -> None:
    """Replace `[curve]` in the file, leaving the rest as it is.

    `left_out` are the pictures of doubtful label that it was measured without. A `template_power`
    of None could not be measured: that of the curve before stays.
    Raises InvalidManifestError before and after a bad one.
    """
    read_manifest(path)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    curve = tomlkit.table()
    curve.update(curve_fields(calibration, data))
    curve["points"] = _points(calibration.points)
    if left_out:
        curve["left_out"] = tomlkit.item(list(left_out)).multiline(True)
    before = document.get("curve", {}).get("template_power")
    if (power := before if template_power is None else template_power) is not None:
        curve["template_power"] = power
    document["curve"] = curve
    with replacing(path, mode=None) as file:  # a server may read the manifest at any time
        file.write(tomlkit.dumps(document).encode())
        file.flush()
        read_manifest(Path(file.name))


def _points(points: tuple[tuple[float, float], ...]) -> Array:
    array = tomlkit.array()
    for similarity, fmr in points:
        pair = tomlkit.array()
        pair.extend([similarity, fmr])
        array.append(pair)
    return array.multiline(True)
