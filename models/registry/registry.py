"""Every model there is: found by key, loaded once, shared by all who ask."""

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, overload

from models.registry import sources
from models.registry.directories import BUILT_IN as BUILT_IN
from models.registry.directories import ManifestDirectories
from models.registry.download import DownloadRules, Progress, algorithm, file_checksum
from models.registry.errors import (
    InvalidManifestError,
    UnknownModelError,
    WeightsMissingError,
    WrongTaskError,
)
from models.registry.fetching import Wanted, fetch, wanted
from models.registry.manifests.base import Manifest, Task
from models.registry.manifests.encoders import EncoderManifest
from models.registry.origins import DownloadsSource, UrlSource
from models.registry.readiness import Obstacle, obstacle

if TYPE_CHECKING:  # torch takes a second to import, and listing models does not need it
    from torch import nn

M = TypeVar("M", bound=Manifest)

_log = logging.getLogger(__name__)
_MAY_CHANGE = {
    *("default", "description", "limits", "curve", "licence", "training_data", "metrics"),
    "provenance_doubt",
}
"""Fields of a manifest that its network does not depend on."""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file of a model's weights; `actual` is None when the file is missing."""

    path: Path
    expected: str
    actual: str | None

    @property
    def ok(self) -> bool:
        return self.actual == self.expected

    @property
    def algorithm(self) -> str:
        """`sha256` or `sha384`."""
        return algorithm(self.expected)


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of `verify`; `problem` tells why files could not even be looked for."""

    key: str
    files: tuple[FileCheck, ...]
    problem: str | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None and all(file.ok for file in self.files)


class Registry:
    """The manifests of this project and of `extra_manifest_dirs`. Thread-safe.

    A manifest of an extra directory that is a default takes the place of the built-in one.
    What is published while it is open is found when it is asked for; a new default counts for
    registries that are opened later.
    Raises InvalidManifestError when a manifest cannot be read or two have one key.
    """

    def __init__(self, cache_dir: Path, extra_manifest_dirs: Sequence[Path] = ()) -> None:
        self.cache_dir = cache_dir
        self._manifests: dict[str, Manifest] = {}
        self._defaults: dict[Task, str] = {}
        self._directories = ManifestDirectories(extra_manifest_dirs)
        for manifest in self._directories.read():
            self._add(manifest)
        self._loaded: dict[tuple[str, str], nn.Module] = {}
        self._locks: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()
        self._refreshing = threading.Lock()

    def _add(self, manifest: Manifest) -> None:
        if manifest.key in self._manifests:
            raise InvalidManifestError(
                f"{manifest.directory}: there are two models {manifest.key}."
            )
        self._manifests[manifest.key] = manifest
        if manifest.default:
            self._defaults[manifest.task] = manifest.key

    def refresh(self) -> None:
        """Take in manifests that are new, and new curves and texts of those there are.

        Only files that changed are read. One that is bad, has the key of another model, or
        would let a known key compute something else is told in the log and left out.
        """
        with self._refreshing:
            known = dict(self._manifests)
            for manifest in self._directories.changed():
                there = known.get(manifest.key)
                if there is None or _computes_the_same(there, manifest):
                    known[manifest.key] = manifest
                else:
                    _log.warning("manifest-left-out %s means another model already", manifest.key)
            self._manifests = known

    def keys(self) -> tuple[str, ...]:
        """`name@version` of every model, in order of names and versions."""
        return tuple(manifest.key for manifest in self.manifests())

    def manifests(self) -> tuple[Manifest, ...]:
        """Every manifest, in order of names and versions."""
        return tuple(sorted(self._manifests.values(), key=lambda m: (m.name, m.version)))

    @overload
    def manifest(self, key: str) -> Manifest: ...

    @overload
    def manifest(self, key: str, kind: type[M]) -> M: ...

    def manifest(self, key: str, kind: type[Manifest] = Manifest) -> Manifest:
        """The manifest of `name@version`, or of the newest version of a bare name.

        Raises UnknownModelError, and WrongTaskError when it is not of that kind.
        """
        found = self._manifests.get(key)
        if found is None:
            self.refresh()
            found = self._manifests.get(key) or self._newest(key)
        if found is None:
            raise self._unknown(key)
        if not isinstance(found, kind):
            raise WrongTaskError(
                f"{found.key} does {found.task}, not {kind.does()}.",
                model=found.key,
                task=found.task,
            )
        return found

    def _newest(self, name: str) -> Manifest | None:
        versions = [m for m in self._manifests.values() if m.name == name]
        return max(versions, key=lambda m: m.version, default=None)

    def _unknown(self, key: str) -> UnknownModelError:
        bad = ", ".join(sorted(self._directories.unreadable))
        return UnknownModelError(
            f"There is no model {key!r}.",
            hint=f"There are {', '.join(self.keys())}."
            + (f" What {bad} holds cannot be used; the log says why." if bad else ""),
            model=key,
        )

    def default(self, task: Task) -> str:
        """The key of the task's default model. Raises UnknownModelError."""
        if task not in self._defaults:
            raise UnknownModelError(f"No model is the default for {task}.", task=task)
        return self._defaults[task]

    def is_default(self, manifest: Manifest) -> bool:
        """Whether this is the model used for its task when none is named."""
        return self._defaults.get(manifest.task) == manifest.key

    def load(self, key: str, device: str = "cpu") -> "nn.Module":
        """The network with its weights, in evaluation mode and without gradients.

        Built on first use, once per process and device; everybody gets the same object.
        Raises UnknownModelError, WeightsMissingError, ChecksumMismatchError,
        InvalidManifestError or InvalidWeightsError.
        """
        manifest = self.manifest(key)
        slot = (manifest.key, device)
        with self._guard:
            lock = self._locks[slot]
        with lock:
            if slot not in self._loaded:
                self._loaded[slot] = self._build(manifest, device)
            return self._loaded[slot]

    def parts_of(
        self, manifest: Manifest, device: str = "cpu"
    ) -> list[tuple[EncoderManifest, "nn.Module"]]:
        """Manifests and networks of what a model is made of. Raises what `load` raises."""
        parts = self._parts(manifest)
        return [(part, self.load(part.key, device)) for part in parts]

    def _parts(self, manifest: Manifest) -> list[EncoderManifest]:
        """Raises InvalidManifestError for a part that is made of parts itself."""
        parts = [self.manifest(key, EncoderManifest) for key in manifest.needs]
        for part in parts:
            if part.needs:
                raise InvalidManifestError(
                    f"{manifest.key} is made of {part.key}, which is made of parts itself.",
                    model=manifest.key,
                )
        return parts

    def _build(self, manifest: Manifest, device: str) -> "nn.Module":
        from models.registry.loading import load_network

        weights = sources.weights_file(manifest, self.cache_dir)
        return load_network(manifest, weights, device, self.parts_of(manifest, device))

    def obstacle(self, key: str) -> Obstacle | None:
        """Find why a model cannot serve, as things are now; None when it is ready.

        A model that is made of others is ready when they are. Raises UnknownModelError.
        """
        found = self._obstacle(key)
        if found is None:
            return None
        self.refresh()  # it may have been calibrated since
        return self._obstacle(key)

    def _obstacle(self, key: str) -> Obstacle | None:
        manifest = self.manifest(key)
        found = obstacle(manifest, self.cache_dir)
        try:
            of_parts = [obstacle(part, self.cache_dir) for part in self._parts(manifest)]
        except (UnknownModelError, WrongTaskError, InvalidManifestError) as error:
            return Obstacle("invalid-manifest", error.message, error.hint)
        # Nobody is compared by a part alone, so it needs no curve.
        in_the_way = [one for one in of_parts if one is not None and one.reason != "no-curve"]
        return in_the_way[0] if in_the_way else found

    def prepare(self, key: str) -> Path:
        """Convert and check the weights without building the network; the file used."""
        return sources.weights_file(self.manifest(key), self.cache_dir)

    def verify(self, key: str) -> Verification:
        """Compute the checksums of the model's source files again."""
        manifest = self.manifest(key)
        try:
            files = [
                file
                for one in (manifest, *self._parts(manifest))
                for file in sources.source_files(one, self.cache_dir)
            ]
        except WeightsMissingError as error:
            return Verification(manifest.key, (), str(error))
        return Verification(
            manifest.key,
            tuple(
                FileCheck(path, expected, file_checksum(path, expected) if path.is_file() else None)
                for path, expected in files
            ),
        )

    def awaits_download(self, key: str) -> bool:
        """Whether nobody has fetched the weights yet that this model takes from the web."""
        manifest = self.manifest(key)
        wanted = sources.downloads(manifest, self.cache_dir)
        here = all(target.is_file() for _, target in wanted)
        return not here or any(map(self.awaits_download, manifest.needs))

    def has_address(self, key: str) -> bool:
        """Whether weights of it or of its parts are taken from the web, here or not yet."""
        manifest = self.manifest(key)
        stated = isinstance(manifest.source, UrlSource | DownloadsSource)
        return stated or any(map(self.has_address, manifest.needs))

    def wanted(self, key: str) -> list[Wanted]:
        """Files that `pull` would fetch: of the parts first. Raises what `manifest` raises."""
        manifest = self.manifest(key)
        every = (*self._parts(manifest), manifest)
        return [file for one in every for file in wanted(one, self.cache_dir)]

    def pull(
        self, key: str, progress: Progress | None = None, rules: DownloadRules | None = None
    ) -> Path:
        """Make the weights ready: download those of the web, convert what needs it.

        Raises what `prepare` and `fetch` raise.
        """
        manifest = self.manifest(key)
        fetch(self.wanted(manifest.key), progress, rules)
        for part in self._parts(manifest):
            self.prepare(part.key)
        return self.prepare(manifest.key)


def _computes_the_same(one: Manifest, other: Manifest) -> bool:
    """Whether they differ in nothing that a network depends on."""
    fields = [
        {name: value for name, value in manifest if name not in _MAY_CHANGE}
        for manifest in (one, other)
    ]
    return fields[0] == fields[1]
