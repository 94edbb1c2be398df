"""The registry's networks, run by a runtime."""

import copy
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn

from app.vision.running.runtimes.runtime import Forward, Outputs, Runtime
from models.nets.parts import WHOLE, Part, parts_of
from models.registry.manifests.base import Manifest, Task
from models.registry.registry import Registry

M = TypeVar("M", bound=Manifest)

Around = Callable[[Forward, Part], Forward]
"""Puts something around a compiled part's forward pass."""


class CompiledPart(nn.Module):
    """A compiled part in the place of a submodule."""

    def __init__(self, forward: Forward, device: str) -> None:
        super().__init__()
        self._forward = forward
        # Pipelines send pictures to the device on which a network's weights lie.
        self.anchor = nn.Parameter(torch.empty(0, device=device), requires_grad=False)

    def forward(self, x: Tensor) -> Outputs:
        return self._forward(x)


class ServingNetworks:
    """Like the registry: found by key, compiled once, shared by all who ask. Thread-safe."""

    def __init__(self, registry: Registry, runtime: Runtime, around: Around | None = None) -> None:
        self._registry = registry
        self._runtime = runtime
        self._around = around
        self._loaded: dict[str, nn.Module] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()

    def manifest(self, key: str, kind: type[M]) -> M:
        """The registry's answer, with its errors."""
        return self._registry.manifest(key, kind)

    def default(self, task: Task) -> str:
        """The registry's answer, with its errors."""
        return self._registry.default(task)

    def load(self, key: str) -> nn.Module:
        """The network, ready to be called. Raises what `Registry.load` raises."""
        manifest = self._registry.manifest(key)
        with self._guard:
            lock = self._locks[manifest.key]
        with lock:
            if manifest.key not in self._loaded:
                self._loaded[manifest.key] = self._compiled(manifest)
            return self._loaded[manifest.key]

    def _compiled(self, manifest: Manifest) -> nn.Module:
        network = self._registry.load(manifest.key, self._runtime.device)
        for name, part in parts_of(network, manifest.picture_size).items():
            label = f"{manifest.key}.{name}" if name else manifest.key
            forward = self._runtime.compile(network.get_submodule(name), part, label)
            if self._around is not None:
                forward = self._around(forward, part)
            network = _with(network, name, CompiledPart(forward, self._runtime.device))
        return network


def _with(network: nn.Module, name: str, replacement: nn.Module) -> nn.Module:
    """A copy of the network with another submodule of that dotted name; weights are shared."""
    if name == WHOLE:
        return replacement
    first, _, rest = name.partition(".")
    result = copy.copy(network)
    result._modules = dict(network._modules)
    result._modules[first] = _with(network.get_submodule(first), rest, replacement)
    return result
