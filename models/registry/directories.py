"""Manifests of several directories, and what has changed in them since."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from models.registry.errors import InvalidManifestError
from models.registry.manifests.base import Manifest
from models.registry.manifests.reading import TASKS, read_manifest
from models.registry.origins import ConvertedSource

BUILT_IN = Path(__file__).parent.parent / "manifests"

_log = logging.getLogger(__name__)
_State = tuple[int, int, int]


def manifest_files(*directories: Path) -> list[Path]:
    """The TOML files of directories, and of folders in them that have the name of a task.

    Other folders may hold what they like: runs, recipes, cards.
    """
    return [path for folder in _folders(directories) for path in sorted(folder.glob("*.toml"))]


def _folders(directories: Iterable[Path]) -> list[Path]:
    """The directories and their folders by task, each once."""
    every = (part for each in directories for part in (each, *(each / task for task in TASKS)))
    return list({path.resolve(): path for path in every}.values())


def folder_for(manifest: Manifest, directory: Path) -> Path:
    """The folder of a directory that a manifest belongs in: its task's, where there is one."""
    folder = directory / manifest.task
    return folder if folder.is_dir() else directory


class ManifestDirectories:
    """The project's own manifests, and those of other directories.

    One directory is read once, under however many names it is given.
    """

    def __init__(self, others: Sequence[Path]) -> None:
        self._others = tuple(others)
        self._seen: dict[Path, _State] = {}
        self.unreadable: frozenset[str] = frozenset()
        """Names of files that could not be used when they were looked at last."""

    def read(self) -> Iterator[Manifest]:
        """Read all of them. Raises InvalidManifestError for the first that is bad."""
        for path in manifest_files(BUILT_IN):
            yield read_manifest(path)
        for path, state in self._files():
            manifest = _foreign(path)
            self._seen[path] = state
            yield manifest

    def changed(self) -> Iterator[Manifest]:
        """Read those whose files are new or other than when they were read last.

        A bad one is told in the log and left out, until its file changes again.
        """
        bad = set(self.unreadable)
        for path, state in self._files():
            if self._seen.get(path) == state:
                continue
            self._seen[path] = state
            bad.discard(path.name)
            try:
                yield _foreign(path)
            except InvalidManifestError as error:
                bad.add(path.name)
                _log.warning("manifest-left-out %s", error)
        self.unreadable = frozenset(bad)

    def _files(self) -> Iterator[tuple[Path, _State]]:
        for path in manifest_files(*self._others):
            try:
                found = path.stat()
            except OSError:  # a broken link, or gone meanwhile
                yield path, (0, 0, 0)
                continue
            yield path, (found.st_mtime_ns, found.st_size, found.st_ino)


def _foreign(path: Path) -> Manifest:
    manifest = read_manifest(path)
    if isinstance(manifest.source, ConvertedSource):
        raise InvalidManifestError(
            f"{path}: source.kind: only the project's own manifests may have weights "
            "converted, out of an installed package or from the web.",
            hint="Add the weights themselves as safetensors or ONNX: facet models add.",
            path=str(path),
            field="source.kind",
        )
    return manifest
