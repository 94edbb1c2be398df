"""Manifests of several directories, and what has changed in them since."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.registry.errors import InvalidManifestError
from models.registry.manifest import Manifest, read_manifest
from models.registry.origins import ConvertedSource

BUILT_IN = Path(__file__).parent.parent / "manifests"

_log = logging.getLogger(__name__)
_State = tuple[int, int, int]


class ManifestDirectories:
    """The project's own manifests, and those of other directories.

    One directory is read once, under however many names it is given.
    """

    def __init__(self, others: Sequence[Path]) -> None:
        self._others = list({path.resolve(): path for path in others}.values())
        self._seen: dict[Path, _State] = {}
        self.unreadable: frozenset[str] = frozenset()
        """Names of files that could not be used when they were looked at last."""

    def read(self) -> Iterator[Manifest]:
        """All of them. Raises InvalidManifestError for the first that is bad."""
        for path in sorted(BUILT_IN.glob("*.toml")):
            yield read_manifest(path)
        for path, state in self._files():
            manifest = _foreign(path)
            self._seen[path] = state
            yield manifest

    def changed(self) -> Iterator[Manifest]:
        """Those whose files are new or other than when they were read last.

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
        for directory in self._others:
            for path in sorted(directory.glob("*.toml")):
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
