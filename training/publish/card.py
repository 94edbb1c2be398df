"""The model card: what a person should know before putting an encoder into service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.registry.directories import BUILT_IN
from models.registry.manifests.base import Manifest
from models.registry.manifests.embeddings import Curve, EmbeddingManifest
from models.registry.manifests.reading import read_manifest

_FIGURES, _LIMITS = "## Figures", "## Who it fails on"
LEARNT = "## What it learnt"


def model_card(manifest: Manifest, recipe: str, precision: str) -> str:
    """Markdown: data, recipe, figures, who it fails on, licence."""
    licence = manifest.licence
    use = "commercial use allowed" if licence.commercial else "not for commercial use"
    parts = [
        f"# {manifest.name}, version {manifest.version}",
        manifest.description.strip(),
        "| | |\n| --- | --- |\n"
        f"| key | `{manifest.key}` |\n"
        f"| architecture | {manifest.architecture.name} |\n"
        f"| input | {manifest.described_input()} |\n"
        f"| output | {manifest.described_output()} |\n"
        f"| weights | {precision} |\n"
        f"| licence | [{licence.name}]({licence.url}), {use} |",
        "## Data",
        manifest.training_data.strip(),
        "## Recipe",
        recipe.strip(),
        _FIGURES,
        _figures(manifest),
        _LIMITS,
        manifest.limits.strip(),
    ]
    return "\n\n".join(parts) + "\n"


def refresh_card(manifest_path: Path) -> None:
    """Bring the figures of a manifest's card up to date, if there is a card."""
    manifest = read_manifest(manifest_path)
    card = card_of(manifest)
    if card is None:
        return
    before, figures, rest = card.read_text(encoding="utf-8").partition(f"{_FIGURES}\n")
    _, limits, after = rest.partition(f"{_LIMITS}\n")
    if figures and limits:
        text = f"{before}{_FIGURES}\n\n{_figures(manifest)}\n\n{_LIMITS}\n{after}"
        card.write_text(text, encoding="utf-8")


def card_place(manifest: Manifest) -> Path:
    """Place of the card of a published model, whether there is one or not."""
    name = card_name(manifest.name, manifest.version)
    if BUILT_IN in manifest.path.parents:
        return BUILT_IN.parents[1] / "docs" / "models" / name
    return manifest.path.with_name(name)


def card_of(manifest: Manifest) -> Path | None:
    """The card of a published model, if it has one."""
    place = card_place(manifest)
    return place if place.is_file() else None


def put_section(card: Path, heading: str, text: str) -> None:
    """Put a section into a card: in the place of the one of that heading, or at the end."""
    before, found, rest = card.read_text(encoding="utf-8").partition(f"\n{heading}\n")
    _, more, after = rest.partition("\n## ")
    whole = f"{before.rstrip()}\n\n{heading}\n\n{text.strip()}\n"
    if found and more:
        whole += f"\n## {after}"
    card.write_text(whole, encoding="utf-8")


def card_name(name: str, version: int) -> str:
    """Name of the file."""
    return f"{name}-v{version}.md"


def _figures(manifest: Manifest) -> str:
    return "\n\n".join(_tables(manifest)) or "None yet."


def _tables(manifest: Manifest) -> list[str]:
    tables = [f"### {title}\n\n{_table(figures)}" for title, figures in manifest.metrics.items()]
    if isinstance(manifest, EmbeddingManifest) and manifest.curve is not None:
        rows = "\n".join(f"| {fmr:.0e} | {s:.3f} |" for s, fmr in manifest.curve.points)
        tables.append(
            "### Thresholds\n\n"
            f"Over {manifest.curve.impostors:,} comparisons of different people "
            f"({manifest.curve.data}).{_of_templates(manifest.curve)}\n\n"
            f"| FMR | similarity |\n| --- | --- |\n{rows}"
        )
    return tables


def _of_templates(curve: Curve) -> str:
    power = curve.template_power
    return (
        "" if power == 1 else f" Templates of several faces are lengthened by a power of {power:g}."
    )


def _table(figures: Any) -> str:
    if not isinstance(figures, Mapping):
        return str(figures)
    rows = "\n".join(f"| {name} | {value} |" for name, value in _flat(figures))
    return f"| figure | value |\n| --- | --- |\n{rows}"


def _flat(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in figures.items():
        label = f"{prefix} {name}".strip()
        if isinstance(value, Mapping):
            rows += _flat(value, label)
        else:
            rows.append((label, f"{value:.4g}" if isinstance(value, float) else str(value)))
    return rows
