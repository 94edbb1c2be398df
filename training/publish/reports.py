"""Reports of `evaluate`, for the figures of manifests and cards."""

import json
from pathlib import Path
from typing import Any

from models.registry.errors import InvalidManifestError


def read_reports(paths: list[Path]) -> dict[str, Any]:
    """JSON reports by their file's stem, for the manifest's metrics.

    Without nulls, which TOML cannot say, and without saying the figures of robustness twice.
    """
    reports = {path.stem: read_report(path) for path in paths}
    return {
        stem: {
            key: _without_nulls(value)
            for key, value in report.items()
            if value is not None and key not in report.get("robustness", ())
        }
        for stem, report in reports.items()
    }


def read_report(path: Path) -> dict[str, Any]:
    """Read what `evaluate … --json` wrote. Raises InvalidManifestError."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidManifestError(f"{path} is not a report: {error}", path=str(path)) from error
    if not isinstance(report, dict):
        raise InvalidManifestError(f"{path} is not a report.", path=str(path))
    return report


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return value
