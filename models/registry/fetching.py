"""Files of weights that are fetched from the web, each checked before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.registry import sources
from models.registry.download import DownloadRules, Progress, download, file_checksum
from models.registry.manifests.base import Manifest
from models.registry.origins import Download, UrlSource


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that has to be fetched before a model can be used."""

    manifest: Manifest
    """Model that it belongs to: the one that was asked for, or a part of it."""
    source: UrlSource | Download
    target: Path

    @property
    def size(self) -> int | None:
        """Bytes, where the manifest states them."""
        return self.source.size if isinstance(self.source, UrlSource) else None


def wanted(manifest: Manifest, cache_dir: Path) -> list[Wanted]:
    """Files of a model that are not here, or are not what they were."""
    found = (Wanted(manifest, *one) for one in sources.downloads(manifest, cache_dir))
    return [one for one in found if not _is_whole(one)]


def fetch(
    files: Sequence[Wanted], progress: Progress | None = None, rules: DownloadRules | None = None
) -> None:
    """Fetch files one after the other; `progress` gets the bytes of all of them.

    The total is None until the sizes of all are known. Where a manifest knows no checksum, that of
    the first download is kept beside the file, and no other is taken afterwards. Raises what
    `download` raises.
    """
    before = 0
    for place, one in enumerate(files):
        rest = [other.size for other in files[place + 1 :]]

        def show(
            done: int, total: int | None, before: int = before, rest: list[int | None] = rest
        ) -> None:
            known = [size for size in rest if size is not None]
            whole = total is not None and len(known) == len(rest)
            if progress:
                progress(before + done, before + (total or 0) + sum(known) if whole else None)

        checksum = one.source.checksum or sources.pinned_sha256(one.target)
        download(
            one.source.url,
            one.target,
            checksum=checksum,
            size=one.size,
            progress=show,
            rules=rules,
        )
        if checksum is None and isinstance(one.source, UrlSource):
            sources.pin_sha256(one.target, one.source)
        before += one.target.stat().st_size


def _is_whole(one: Wanted) -> bool:
    checksum = one.source.checksum or sources.pinned_sha256(one.target)
    return (
        checksum is not None
        and one.target.is_file()
        and file_checksum(one.target, checksum) == checksum
    )
