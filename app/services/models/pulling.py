"""Weights fetched from where their manifest says, once their terms are accepted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.jobs import Job
from app.services.jobs.parameters import to_json
from app.services.jobs.queue import Jobs
from app.services.keys import Principal
from app.services.models.pull_jobs import MODEL_PULL, ModelPullParameters
from models.registry.download import DownloadRules
from models.registry.errors import LicenceNotAcceptedError, ModelWithoutAddressError
from models.registry.fetching import Wanted
from models.registry.manifests.base import Manifest
from models.registry.origins import UrlSource, shown_address
from models.registry.readiness import Obstacle
from models.registry.registry import Registry

Report = Callable[[int, int | None], None]
"""Called with bytes so far, and how many there will be if that is known."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms under which files of one model are fetched."""

    model: str
    """Its key: the model that is asked for, or a part of it."""
    description: str
    licence: str
    licence_url: str
    commercial_use: bool
    provenance_doubt: str
    addresses: tuple[str, ...]
    """Addresses of its files, as people may read them."""
    size: int | None
    """Bytes of all of them, where the manifest states them."""

    @property
    def restricts(self) -> tuple[str, ...]:
        """Uses that the licence does not allow."""
        return () if self.commercial_use else ("commercial-use",)


@dataclass(frozen=True, slots=True)
class Pulled:
    """Weights that are here now."""

    model: str
    path: Path
    fetched: int
    """Bytes."""
    obstacle: Obstacle | None
    """Obstacle that still keeps the model from serving, such as a missing curve."""
    pinned_sha256: str | None = None
    """Checksum of a file for which nobody has published one, and that counts from now on."""


class ModelPuller:
    """Fetches weights, from no other address than their manifest's."""

    def __init__(self, registry: Registry, rules: DownloadRules, jobs: Jobs | None = None) -> None:
        """Jobs may be missing on the command line, which runs itself."""
        self._registry = registry
        self._rules = rules
        self._jobs = jobs

    def terms(self, key: str) -> list[Terms]:
        """Terms of what `run` would fetch; none where all is here.

        Raises UnknownModelError, InvalidManifestError, and ModelWithoutAddressError where the
        weights are missing and there is nowhere to fetch them from.
        """
        self._registry.refresh()
        manifest = self._registry.manifest(key)
        wanted = self._registry.wanted(manifest.key)
        if not wanted:
            self._require_weights(manifest)
        by_model: dict[str, list[Wanted]] = {}
        for file in wanted:
            by_model.setdefault(file.manifest.key, []).append(file)
        return [_terms(files) for files in by_model.values()]

    def order(self, key: str, caller: Principal, *, accept_licence: bool) -> Job:
        """Put the fetching into the queue.

        Raises what `terms` and `Jobs.submit` raise, and LicenceNotAcceptedError.
        """
        require_accepted(self.terms(key), accepted=accept_licence)
        assert self._jobs is not None  # noqa: S101 - for the types; the command line runs itself
        model = self._registry.manifest(key).key
        wanted = to_json(ModelPullParameters(model, accept_licence))
        return self._jobs.submit(MODEL_PULL, caller, parameters=wanted)

    def run(self, key: str, report: Report, *, accept_licence: bool) -> Pulled:
        """Fetch, check and convert; what is here already is not fetched again.

        Raises what `terms` raises, LicenceNotAcceptedError, and what `Registry.pull` raises.
        """
        require_accepted(self.terms(key), accepted=accept_licence)
        manifest = self._registry.manifest(key)
        fetched = 0

        def show(done: int, total: int | None) -> None:
            nonlocal fetched
            fetched = done
            report(done, total)

        path = self._registry.pull(manifest.key, show, self._rules)
        return Pulled(
            manifest.key,
            path,
            fetched,
            self._registry.obstacle(manifest.key),
            self._pinned(manifest),
        )

    def _pinned(self, manifest: Manifest) -> str | None:
        source = manifest.source
        if not isinstance(source, UrlSource) or source.checksum is not None:
            return None
        return self._registry.verify(manifest.key).files[0].actual

    def _require_weights(self, manifest: Manifest) -> None:
        found = self._registry.obstacle(manifest.key)
        if found is not None and found.reason == "weights-missing":
            raise ModelWithoutAddressError(
                f"There is no address to fetch {manifest.key} from. {found.message}",
                hint=_without_pull(found.hint),
                model=manifest.key,
            )


def require_accepted(terms: Sequence[Terms], *, accepted: bool) -> None:
    """Raise LicenceNotAcceptedError for terms that restrict, unless they are accepted."""
    restricting = [one for one in terms if one.restricts]
    if accepted or not restricting:
        return
    first = restricting[0]
    raise LicenceNotAcceptedError(
        f"The licence of {first.model} restricts its use: {first.licence}. It is not for "
        "commercial use.",
        hint=f"Read {first.licence_url}, then say `accept_licence`, or `facet models pull "
        f"{first.model} --accept-licence`.",
        licences=[terms_fields(one) for one in restricting],
    )


def terms_fields(terms: Terms) -> dict[str, Any]:
    """The terms as plain JSON."""
    return {
        "model": terms.model,
        "licence": terms.licence,
        "licence_url": terms.licence_url,
        "commercial_use": terms.commercial_use,
        "restricts": list(terms.restricts),
        "provenance_doubt": terms.provenance_doubt,
        "addresses": list(terms.addresses),
        "bytes": terms.size,
    }


def _terms(files: Sequence[Wanted]) -> Terms:
    manifest = files[0].manifest
    sizes = [one.size for one in files if one.size is not None]
    return Terms(
        model=manifest.key,
        description=manifest.description,
        licence=manifest.licence.name,
        licence_url=manifest.licence.url,
        commercial_use=manifest.licence.commercial,
        provenance_doubt=manifest.provenance_doubt,
        addresses=tuple(shown_address(one.source.url) for one in files),
        size=sum(sizes) if len(sizes) == len(files) else None,
    )


def _without_pull(hint: str) -> str:
    """Advice where pulling is what was tried."""
    return "Put the file where the manifest says." if "models pull" in hint else hint
