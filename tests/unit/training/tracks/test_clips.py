"""Embeddings of filmed people, which are kept: they belong to weights, not to a name."""

from pathlib import Path

import numpy as np
import pytest
import tomlkit

from models.registry.registry import BUILT_IN, Registry
from tests.unit.training.tracks.test_track_training import filmed
from training.tracks import clips
from training.tracks.clips import ClipConfig, prepare_clean


def _registry(directory: Path, digest: str) -> Registry:
    directory.mkdir()
    document = tomlkit.parse((BUILT_IN / "encode-faces" / "reid-retail-0095-1.toml").read_text())
    document["name"] = "mine"
    document["source"] = {"kind": "file", "path": "mine.safetensors", "sha256": digest * 64}
    (directory / "mine-1.toml").write_text(tomlkit.dumps(document))
    return Registry(directory / "cache", [directory])


def test_another_encoder_of_the_same_name_embeds_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = []

    def embed(encoder: object, chips: np.ndarray, what: str) -> np.ndarray:
        embedded.append(encoder)
        return np.full((len(chips), 4), len(embedded), np.float32)

    monkeypatch.setattr(clips, "face_encoder", lambda registry, key: key)
    monkeypatch.setattr(clips, "encode_chips", embed)
    first, second = (_registry(tmp_path / digest, digest) for digest in "ab")
    chips, cache = filmed(5).chips, tmp_path / "clips"
    found = [
        prepare_clean(chips, registry, "mine@1", cache, ClipConfig())
        for registry in (first, second, first)
    ]
    assert [int(one[0, 0]) for one in found] == [1, 2, 1] and embedded == ["mine@1"] * 2
