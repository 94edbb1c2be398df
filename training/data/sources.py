"""Pictures that there are, and whom they show."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from models.errors import ReportedError
from models.folders.walk import in_words, walk

_KINDS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
"""What OpenCV reads everywhere."""
_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_console = Console(stderr=True, markup=False, emoji=False)
_LISTS = {".csv": ",", ".tsv": "\t"}


class TrainingDataError(ReportedError):
    """The data to train or evaluate on is not what was promised."""

    slug = "training-data-unusable"


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture and the person it shows."""

    path: str
    identity: str
    group: str = ""
    """Whatever the list says in its column `group`."""


def find_samples(sources: Path | Sequence[Path]) -> list[Sample]:
    """The pictures of all sources, in a stable order.

    A source is a directory with one folder per identity, or a CSV or TSV file with a header
    and the columns `path` (relative to the file), `identity` and, if wanted, `group`. An
    identity that occurs in several sources is one person. Raises TrainingDataError.
    """
    samples: list[Sample] = []
    for source in [sources] if isinstance(sources, Path) else sources:
        if source.is_dir():
            samples += _from_directory(source)
        elif source.suffix.lower() in _LISTS:
            samples += _from_list(source)
        else:
            raise TrainingDataError(
                f"{source} is neither a directory nor a .csv or .tsv list.", source=str(source)
            )
    repeated = len(samples) - len({sample.path for sample in samples})
    if repeated:
        raise TrainingDataError(f"{repeated} pictures are named twice by the sources.")
    return samples


def pictures_in(directory: Path) -> list[Path]:
    """Pictures anywhere under a directory, in order; says on standard error what is passed over.

    Raises TrainingDataError when the directory cannot be read.
    """
    try:
        folder = walk(directory, _KINDS, promised=_SUFFIXES, follow_links=True)
    except OSError as error:
        raise TrainingDataError(f"{directory} cannot be read: {error.strerror}.") from error
    if folder.passed_over:
        first = next((one for one in folder.passed_over if one.left_out), None)
        such = f", such as {str(first.path)!a}" if first else ""
        _console.print(f"{in_words(folder.passed_over)}{such}.", soft_wrap=True)
    return folder.pictures


def read_rgb(path: str | Path, pad: float) -> NDArray[np.uint8]:
    """An (H, W, 3) picture whose border is replicated by `pad` times its size on every side.

    Raises TrainingDataError when the file is not a picture.
    """
    content = np.frombuffer(Path(path).read_bytes(), np.uint8)
    bgr = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if bgr is None:
        raise TrainingDataError(f"{path} is not a picture.", path=str(path))
    dy, dx = (round(side * pad) for side in bgr.shape[:2])
    padded = cv2.copyMakeBorder(bgr, dy, dy, dx, dx, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(padded, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def without_duplicates(samples: Iterable[Sample]) -> tuple[list[Sample], list[Sample]]:
    """The samples with distinct content, and the repetitions of a picture of one person.

    Raises TrainingDataError when the same file stands for two people: one label is wrong, and
    training would be told to separate a picture from itself.
    """
    first: dict[str, Sample] = {}
    clashes: dict[str, list[Sample]] = defaultdict(list)
    kept, repeated = [], []
    for sample in samples:
        digest = hashlib.sha256(Path(sample.path).read_bytes()).hexdigest()
        known = first.setdefault(digest, sample)
        if known is sample:
            kept.append(sample)
        elif known.identity == sample.identity:
            repeated.append(sample)
        else:
            clashes[digest].append(sample)
    if clashes:
        digest, others = next(iter(clashes.items()))
        raise TrainingDataError(
            f"{len(clashes)} pictures are filed under several people, such as "
            f"{first[digest].path} ({first[digest].identity}) and "
            f"{others[0].path} ({others[0].identity}).",
            hint="Remove the wrong copies, or name them as files to ignore.",
            pictures=[[first[d].path, *(s.path for s in c)] for d, c in clashes.items()],
        )
    return kept, repeated


def _from_directory(directory: Path) -> list[Sample]:
    found = pictures_in(directory)
    stray = [path for path in found if path.parent == directory]
    if not found or stray:
        raise TrainingDataError(
            f"{directory} holds {len(stray) or 'no'} pictures outside of folders."
            if stray
            else f"There are no pictures under {directory}.",
            hint="Give every person a folder of their own.",
            source=str(directory),
        )
    return [Sample(str(path), path.parent.name) for path in found]


def _from_list(path: Path) -> list[Sample]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=_LISTS[path.suffix.lower()]))
        samples = [
            Sample(str(path.parent / row["path"]), row["identity"], row.get("group") or "")
            for row in rows
        ]
    except (OSError, UnicodeDecodeError, KeyError, TypeError, csv.Error) as error:
        raise TrainingDataError(
            f"{path} is not a list of pictures: {error!r}.",
            hint="It needs a header with the columns path and identity.",
            source=str(path),
        ) from error
    missing = [s.path for s in samples if not Path(s.path).is_file()]
    unnamed = [s.path for s in samples if not s.identity]
    if not samples or missing or unnamed:
        what = (
            f"names {len(missing)} files that do not exist, such as {missing[0]}"
            if missing
            else f"gives {len(unnamed)} pictures no identity"
            if unnamed
            else "is empty"
        )
        raise TrainingDataError(f"{path} {what}.", source=str(path))
    return samples
