"""Every runtime says what torch says, and graphs are made once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from app.vision.running.batching import SharedForward
from app.vision.running.runtimes import graph_files
from app.vision.running.runtimes.choice import RuntimeName, open_runtime
from app.vision.running.runtimes.graph_files import GraphFiles
from app.vision.running.runtimes.networks import ServingNetworks
from app.vision.running.runtimes.openvino_runtime import OpenVinoRuntime, in_passes
from app.vision.running.runtimes.runtime import Concurrency
from models.nets.encoders.resnet29 import ConvolutionAffine, ResNet29, folded
from models.nets.parts import Part, parts_of
from models.pipelines.faces.pipeline import face_detector, face_encoder
from models.registry.registry import Registry
from tests.portraits import eileen, grace

RUNTIMES = get_args(RuntimeName)
COSINE = 3e-3


@pytest.fixture(scope="module")
def registry(model_cache: Path) -> Registry:
    return Registry(model_cache)


@pytest.fixture(scope="module")
def chips(registry: Registry) -> NDArray[np.uint8]:
    """Faces as the encoder gets them, some of them darkened and blurred."""
    detector, encoder = face_detector(registry), face_encoder(registry)
    found = []
    for portrait in (grace(), eileen()):
        rgb = np.asarray(portrait)
        chip = encoder.chip(rgb, detector.detect(rgb).landmarks[0])
        noise = np.random.default_rng(0).normal(0, 12, chip.shape)
        found += [chip, chip // 3, (chip + noise).clip(0, 255).astype(np.uint8), chip[:, ::-1]]
    return np.stack(found)


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.mark.parametrize("name", RUNTIMES)
@pytest.mark.parametrize("mirror", [True, False])
def test_embeddings_agree_with_the_reference(
    registry: Registry, chips: NDArray[np.uint8], graphs: Path, name: RuntimeName, mirror: bool
) -> None:
    served = ServingNetworks(registry, open_runtime(name, graphs))
    expected = face_encoder(registry, mirror=mirror).encode(chips)
    encoder = face_encoder(served, mirror=mirror)
    for count in (1, len(chips)):
        actual = encoder.encode(chips[:count])
        np.testing.assert_allclose(np.linalg.norm(actual, axis=1), 1, atol=1e-5)
        assert (actual * expected[:count]).sum(axis=1).min() > 1 - COSINE


@pytest.mark.parametrize("name", RUNTIMES)
@pytest.mark.parametrize("enlarged", [1, 3])
def test_detections_agree_with_the_reference(
    registry: Registry, graphs: Path, name: RuntimeName, enlarged: int
) -> None:
    detector = face_detector(ServingNetworks(registry, open_runtime(name, graphs)))
    for portrait in (grace(), eileen()):
        rgb = np.asarray(portrait.resize((enlarged * portrait.width, enlarged * portrait.height)))
        expected, actual = face_detector(registry).detect(rgb), detector.detect(rgb)
        assert len(actual) == len(expected)
        side = expected.boxes[:, 2:].max()
        # bfloat16 moves a landmark by up to 1.1 % of the face's side.
        np.testing.assert_allclose(actual.landmarks, expected.landmarks, atol=0.015 * side)


def test_only_large_pictures_of_any_size_are_computed_in_bfloat16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    network, large, small = nn.Conv2d(1, 4, 3), (1, 1, 640, 672), (1, 1, 320, 672)

    def errors(part: Part, label: str) -> list[float]:
        forward = open_runtime("auto", tmp_path).compile(network, part, label)
        found = []
        for x in (torch.randn(large), torch.randn(small)):
            with torch.inference_mode():
                found.append(float((forward(x) - network(x)).abs().max()))
        return found

    native = OpenVinoRuntime(GraphFiles(tmp_path), Concurrency()).in_bfloat16
    of_large, of_small = errors(Part((None, 1, None, None)), "any@1")
    assert of_small < 1e-5
    assert 1e-4 < of_large < 0.05 if native else of_large < 1e-5
    assert max(errors(Part((None, 1, None, None), exact=True), "exact@1")) < 1e-5
    # Where it does not compute in bfloat16, OpenVINO would only have to compile for each size.
    kept = OpenVinoRuntime.compile

    def fixed_size_only(
        runtime: OpenVinoRuntime, network: nn.Module, part: Part, label: str
    ) -> Any:
        assert not part.any_size
        return kept(runtime, network, part, label)

    monkeypatch.setattr(OpenVinoRuntime, "compile", fixed_size_only)
    monkeypatch.setattr(OpenVinoRuntime, "in_bfloat16", False)
    assert max(errors(Part((None, 1, None, None)), "any@1")) < 1e-5


class Forked(nn.Module):
    """Two submodules that are called apart, and a weight of its own between them."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.ModuleDict({"first": nn.Conv2d(3, 4, 3), "second": nn.Conv2d(3, 4, 3)})
        self.gain = nn.Parameter(torch.tensor(2.0))

    def parts(self) -> Mapping[str, Part]:
        return {
            "inner.first": Part((None, 3, 8, 8), exact=True),
            "inner.second": Part((None, 3, None, None), exact=True),
        }

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.gain * self.inner["first"](x) + self.inner["second"](x)
        return result


class OneNetwork(Registry):
    """A registry that has but one network, whatever is asked for."""

    def __init__(self, cache: Path, network: nn.Module) -> None:
        super().__init__(cache)
        self._network = network

    def load(self, key: str, device: str = "cpu") -> nn.Module:
        return self._network


@pytest.mark.parametrize("name", RUNTIMES)
def test_submodules_are_compiled_apart_and_the_rest_stays(
    tmp_path: Path, name: RuntimeName
) -> None:
    torch.manual_seed(0)
    network = Forked().eval().requires_grad_(False)
    around: list[Part] = []

    def noted(forward: Any, part: Part) -> Any:
        around.append(part)
        return SharedForward(forward, lanes=1)

    networks = ServingNetworks(
        OneNetwork(tmp_path, network), open_runtime(name, tmp_path), around=noted
    )
    served = networks.load("mtcnn")
    assert served is networks.load("mtcnn") and served is not network
    assert around == list(network.parts().values())
    for count in (1, 5):
        x = torch.randn(count, 3, 8, 8)
        torch.testing.assert_close(served(x), network(x), atol=1e-5, rtol=1e-4)
    assert isinstance(network.inner["first"], nn.Conv2d)  # the registry's own is left alone


class TwoAnswers(nn.Module):
    """A small network with two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        found = self.layer(x)
        return found, found.mean(dim=(2, 3))


@pytest.mark.parametrize("name", RUNTIMES)
def test_a_small_network_takes_any_number_of_pictures(tmp_path: Path, name: RuntimeName) -> None:
    torch.manual_seed(0)
    network = TwoAnswers().eval().requires_grad_(False)
    for exact, tolerance in ((True, 1e-5), (False, 0.05)):
        part = Part((None, 3, 8, 8), exact=exact, rows=4)
        forward = open_runtime(name, tmp_path).compile(network, part, f"small-{exact}@1")
        for count in (1, 4, 9):
            x = torch.randn(count, 3, 8, 8).contiguous(memory_format=torch.channels_last)
            expected, found = network(x), forward(x)
            assert isinstance(found, tuple)
            torch.testing.assert_close(found, expected, atol=tolerance, rtol=1e-4)


def test_its_passes_are_of_one_number_of_pictures() -> None:
    passes: list[int] = []

    def forward(x: Tensor) -> Tensor:
        passes.append(len(x))
        return x.sum(dim=(1, 2, 3))

    x = torch.arange(7 * 12, dtype=torch.float32).view(7, 3, 2, 2)
    torch.testing.assert_close(in_passes(forward, 3)(x), x.sum(dim=(1, 2, 3)))
    assert passes == [3, 3, 3]


def test_a_network_without_parts_or_size_is_left_to_torch() -> None:
    assert parts_of(nn.Conv2d(3, 4, 3), None) == {}
    assert parts_of(nn.Conv2d(3, 4, 3), (8, 9)) == {"": Part((None, 3, 8, 9))}


@pytest.mark.parametrize(
    ("name", "graphs_each"),
    # OpenVINO has one for a single picture, and one for any number.
    [("onnxruntime", 1), ("openvino", 2)],
)
def test_graphs_are_made_once_and_again_when_damaged_or_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: RuntimeName, graphs_each: int
) -> None:
    made: list[Part] = []
    write: Callable[[nn.Module, Part, Any], None] = vars(graph_files)["write_graph"]

    def counted(network: nn.Module, part: Part, target: Any) -> None:
        made.append(part)
        write(network, part, target)

    monkeypatch.setattr(graph_files, "write_graph", counted)
    torch.manual_seed(0)
    network, part = nn.Conv2d(3, 4, 3), Part((None, 3, 8, 8), exact=True)
    x = torch.randn(2, 3, 8, 8)

    def answer() -> None:
        with torch.no_grad():
            expected = network(x)
        forward = open_runtime(name, tmp_path).compile(network, part, "net@1")
        for rows in (1, 2):
            torch.testing.assert_close(forward(x[:rows]), expected[:rows], atol=1e-5, rtol=1e-4)

    answer()
    answer()
    assert len(made) == graphs_each
    files = list((tmp_path / "graphs").iterdir())
    assert len(files) == graphs_each
    for file in files:
        file.write_bytes(b"no graph")
    answer()
    assert len(made) == 2 * graphs_each
    with torch.no_grad():
        network.weight *= 2
    answer()
    assert len(made) == 3 * graphs_each
    assert len(list((tmp_path / "graphs").iterdir())) == graphs_each


def test_folding_changes_no_result_and_leaves_the_original() -> None:
    torch.manual_seed(0)
    network = ResNet29().eval().requires_grad_(False)
    for module in network.modules():
        if isinstance(module, ConvolutionAffine):
            nn.init.normal_(module.affine.get_parameter("weight"), 1, 0.1)
            nn.init.normal_(module.affine.get_parameter("bias"), 0, 0.1)
    x = torch.randn(1, 3, 150, 150)
    names = set(network.state_dict())
    torch.testing.assert_close(folded(network)(x), network(x), atol=1e-4, rtol=1e-3)
    assert set(network.state_dict()) == names
