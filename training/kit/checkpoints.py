"""Checkpoints: written whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import safetensors.torch
import torch
from torch import Tensor

from models.errors import ReportedError
from models.files.writing import replacing
from training.kit.run_files import LAST

FORMAT = 1


class CheckpointError(ReportedError):
    """A checkpoint could not be written or read."""

    slug = "checkpoint-failed"


def save(path: Path, content: dict[str, Any]) -> None:
    """Write beside the old file, then take its place. Raises CheckpointError.

    On a full disk what was there before stays.
    """
    _written(path, lambda file: torch.save({"format": FORMAT, **content}, file))


def save_weights(path: Path, state: dict[str, Tensor]) -> None:
    """A state as safetensors, written like a checkpoint. Raises CheckpointError."""
    tensors = {name: value.cpu().contiguous() for name, value in state.items()}
    data = safetensors.torch.save(tensors)
    _written(path, lambda file: file.write(data))


def _written(path: Path, write: Callable[[BinaryIO], object]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, mode=None) as file:
            write(file)
    except (OSError, RuntimeError) as error:  # torch wraps what its writer met
        kept = f"{path} is still the last good one." if path.exists() else ""
        raise CheckpointError(
            f"The checkpoint {path} could not be written: {error}.", hint=kept, path=str(path)
        ) from error


def load(path: Path) -> dict[str, Any]:
    """Read what `save` wrote. Raises CheckpointError."""
    if not path.is_file():
        hint = "Nothing was saved that could be gone on from; leave out --resume."
        raise CheckpointError(
            f"There is no checkpoint {path}.",
            hint=hint if path.name == LAST else "",
            path=str(path),
        )
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever is wrong with the bytes
        raise CheckpointError(f"{path} is not a checkpoint: {error}", path=str(path)) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f"{path} is not a checkpoint of this program.", path=str(path))
    return content
