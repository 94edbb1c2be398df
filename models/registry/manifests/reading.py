"""Reading a TOML file as the manifest of its task."""

import tomllib
from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field, TypeAdapter, ValidationError

from models.registry.errors import InvalidManifestError
from models.registry.manifests.aggregators import AggregatorManifest
from models.registry.manifests.base import Manifest, Task
from models.registry.manifests.dates import DateReaderManifest
from models.registry.manifests.detectors import DetectorManifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.masks import MaskManifest
from models.registry.manifests.styles import StyleManifest

_OfAnyTask = (
    EncoderManifest
    | DetectorManifest
    | AggregatorManifest
    | DateReaderManifest
    | MaskManifest
    | StyleManifest
)
_ADAPTER: TypeAdapter[Manifest] = TypeAdapter(Annotated[_OfAnyTask, Field(discriminator="task")])
MANIFESTS: tuple[type[Manifest], ...] = get_args(_OfAnyTask)
"""The manifest of each task."""
TASKS: tuple[Task, ...] = get_args(Task)


def read_manifest(path: Path) -> Manifest:
    """Parse one TOML file. Raises InvalidManifestError naming the file and the field."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _ADAPTER.validate_python({**data, "directory": path.parent})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidManifestError(f"{path} cannot be read: {error}", path=str(path)) from error
    except ValidationError as error:
        field, message = _first(error)
        raise InvalidManifestError(
            f"{path}: {field}: {message}", path=str(path), field=field
        ) from error


def _first(error: ValidationError) -> tuple[str, str]:
    """The first field that is wrong, and what is wrong with it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    match first["type"]:
        case "union_tag_not_found":
            return "task", f"Field required; it is one of {', '.join(TASKS)}"
        case "union_tag_invalid" if not first["loc"]:
            return "task", f"Input should be one of {', '.join(TASKS)}"
    # The union puts the task before the field.
    where = ".".join(str(part) for part in first["loc"][1:])
    return where or "the manifest", first["msg"].removeprefix("Value error, ")
