"""Manifests of models whose weights lie on a server of this machine."""

import hashlib
from pathlib import Path
from typing import Any

import tomlkit

from models.registry.registry import BUILT_IN
from tests.unit.registry.test_download import CONTENT

SHA256 = hashlib.sha256(CONTENT).hexdigest()


def write_manifest(
    directory: Path, name: str, address: str, *, like: str = "arcface-w600k-r50", **source: Any
) -> str:
    """A copy of a public manifest whose file is CONTENT at that address; the model's key."""
    document = tomlkit.parse((BUILT_IN / "encode-faces" / f"{like}-1.toml").read_text())
    document["name"] = name
    document["curve"] = {
        "method": "made up",
        "data": "none",
        "impostors": 0,
        "points": [[0.0, 0.5], [0.5, 1e-3], [0.9, 1e-5]],
    }
    stated = {
        "kind": "url",
        "format": "onnx",
        "url": address,
        "sha256": SHA256,
        "size": len(CONTENT),
    }
    document["source"] = {k: v for k, v in (stated | source).items() if v is not None}
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}-1.toml").write_text(tomlkit.dumps(document))
    return f"{name}@1"
