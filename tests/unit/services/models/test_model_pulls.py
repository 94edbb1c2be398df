"""Weights are fetched once their terms are accepted, and from where the manifest says alone."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.jobs import Job
from app.services.keys import LOCAL, Principal
from app.services.models.pull_jobs import MODEL_PULL
from app.services.models.pulling import ModelPuller
from app.serving.launching import free_port
from models.registry.download import DownloadRules
from models.registry.errors import (
    ChecksumMismatchError,
    DiskFullError,
    DownloadFailedError,
    LicenceNotAcceptedError,
    ModelWithoutAddressError,
    UnknownModelError,
)
from models.registry.fetching import fetch
from models.registry.registry import Registry
from tests.pullable_models import write_manifest
from tests.unit.registry.test_download import CONTENT, Server, server

__all__ = ["server"]
Parameters = dict[str, Any]


class NotedJobs:
    """Notes what is submitted."""

    def __init__(self) -> None:
        self.submitted: list[tuple[str, Parameters]] = []

    def submit(self, kind: Any, caller: Principal, *, parameters: Parameters) -> Job | None:
        self.submitted.append((kind.name, parameters))
        return None


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    return tmp_path / "manifests"


@pytest.fixture
def puller(tmp_path: Path, manifests: Path) -> ModelPuller:
    manifests.mkdir()
    return ModelPuller(Registry(tmp_path / "cache", [manifests]), DownloadRules(), NotedJobs())  # type: ignore[arg-type]


def run(puller: ModelPuller, key: str, *, accept: bool = True) -> Any:
    return puller.run(key, lambda *_: None, accept_licence=accept)


def test_terms_that_restrict_are_accepted_or_nothing_is_fetched(
    puller: ModelPuller, manifests: Path, server: Server
) -> None:
    key = write_manifest(manifests, "research", server.url)
    for ask in (
        lambda: puller.order(key, LOCAL, accept_licence=False),
        lambda: run(puller, key, accept=False),
    ):
        with pytest.raises(LicenceNotAcceptedError) as caught:
            ask()
        (shown,) = caught.value.data["licences"]
        assert shown["model"] == key and shown["restricts"] == ["commercial-use"]
        assert "non-commercial" in shown["licence"] and shown["licence_url"].startswith("https://")
        assert shown["addresses"] == [server.url] and shown["bytes"] == len(CONTENT)
    assert server.asked == [] and puller._jobs.submitted == []  # type: ignore[union-attr]
    puller.order("research", LOCAL, accept_licence=True)
    (order,) = puller._jobs.submitted  # type: ignore[union-attr]
    assert order == (MODEL_PULL.name, {"model": key, "accept_licence": True})


def test_weights_are_fetched_and_the_model_is_ready(
    puller: ModelPuller, manifests: Path, server: Server
) -> None:
    key = write_manifest(manifests, "research", server.url)
    assert puller._registry.obstacle(key) is not None
    seen: list[tuple[int, int | None]] = []
    pulled = puller.run(key, lambda *one: seen.append(one), accept_licence=True)
    assert pulled.obstacle is None and pulled.fetched == len(CONTENT)
    assert pulled.path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT)) and seen == sorted(seen)
    assert puller.terms(key) == []
    assert run(puller, key, accept=False).fetched == 0  # nothing is fetched, nothing to accept
    assert len(server.asked) == 1
    pulled.path.write_bytes(b"damaged")
    assert run(puller, key).path.read_bytes() == CONTENT


def test_free_terms_need_not_be_accepted_and_doubts_are_told(
    puller: ModelPuller, manifests: Path, server: Server
) -> None:
    key = write_manifest(manifests, "free", server.url, like="sface")
    (terms,) = puller.terms(key)
    assert terms.restricts == () and "trained on" in terms.provenance_doubt
    assert run(puller, key, accept=False).fetched == len(CONTENT)


def _no_server(manifests: Path, server: Server) -> None:
    write_manifest(manifests, "one", f"http://127.0.0.1:{free_port()}/file")


def _not_found(manifests: Path, server: Server) -> None:
    write_manifest(manifests, "one", server.url + "s")


def _another_file(manifests: Path, server: Server) -> None:
    write_manifest(manifests, "one", server.url, sha256="0" * 64)


def _file_that_is_gone(manifests: Path, server: Server) -> None:
    gone: dict[str, Any] = {"kind": "file", "path": "gone.onnx", "url": None, "size": None}
    write_manifest(manifests, "one", server.url, **gone)


def _nothing(manifests: Path, server: Server) -> None:
    """There is no manifest at all."""


@pytest.mark.parametrize(
    ("prepare", "error", "advice"),
    [
        (_no_server, DownloadFailedError, "HTTPS_PROXY"),
        (_not_found, DownloadFailedError, ""),
        (_another_file, ChecksumMismatchError, "thrown away"),
        (_file_that_is_gone, ModelWithoutAddressError, "Put the file"),
        (_nothing, UnknownModelError, "There are"),
    ],
)
def test_what_goes_wrong_is_told(
    puller: ModelPuller,
    manifests: Path,
    server: Server,
    prepare: Callable[[Path, Server], None],
    error: type[Exception],
    advice: str,
) -> None:
    prepare(manifests, server)
    with pytest.raises(error) as caught:
        run(puller, "one@1")
    assert advice in caught.value.hint  # type: ignore[attr-defined]
    assert not list(puller._registry.cache_dir.glob("one*"))


def test_a_full_disk_is_told(
    puller: ModelPuller, manifests: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = write_manifest(manifests, "one", server.url)
    usage = shutil.disk_usage(manifests)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1))
    with pytest.raises(DiskFullError):
        run(puller, key)


def test_progress_counts_the_bytes_of_all_files(
    puller: ModelPuller, manifests: Path, server: Server, tmp_path: Path
) -> None:
    """A model of parts fetches those first."""
    registry = puller._registry
    for name in ("one", "two"):
        write_manifest(manifests, name, server.url)
    registry.refresh()
    files = [*registry.wanted("one@1"), *registry.wanted("two@1")]
    seen: list[tuple[int, int | None]] = []
    fetch(files, lambda *one: seen.append(one))
    assert {total for _, total in seen} == {2 * len(CONTENT)}
    assert seen[-1][0] == 2 * len(CONTENT) and seen == sorted(seen)
