"""Places that a published model goes to."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Directories that the parts of a published model go to."""

    manifests: Path
    weights: Path
    cards: Path

    @classmethod
    def under(cls, directory: Path | None) -> "Places":
        """All in one directory that can be given as a manifest directory; or in the project."""
        if directory is not None:
            return cls(directory, directory / "weights", directory)
        models = Path(__file__).parents[2] / "models"
        return cls(models / "manifests", models / "weights", models.parent / "docs" / "models")
