"""What units see and what excites them, against naive loops; the files and the card."""

import json
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import tomlkit
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F
from typer.testing import CliRunner

from models.nets.encoders import library
from models.nets.encoders.classic import LeNet5
from models.nets.encoders.resnet29 import ResNet29
from models.nets.encoders.routed_resnet29 import RoutedResNet29
from models.registry.download import file_sha256
from models.registry.manifests.encoders import EncoderManifest
from models.registry.manifests.reading import read_manifest
from models.registry.registry import BUILT_IN
from training.__main__ import app
from training.encoders.backbones import BACKBONES
from training.encoders.explain.excitation import chosen_units, influence, peaks_of
from training.encoders.explain.layers import experts, layers_of, named, spread
from training.encoders.explain.receptive import receptive_fields
from training.encoders.explain.sheet import patch
from training.encoders.publication.onnx_file import write_onnx
from training.measure.calibration import calibrate
from training.measure.impostors import ScoreHistogram
from training.publish.card import LEARNT, card_name, model_card, refresh_card
from training.publish.curve import update_curve

SIZE = (22, 18)


class Tiny(nn.Module):
    """Strides, kernels longer than high, pooling of both kinds, a shortcut and a branch."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4))
        self.long = nn.Conv2d(4, 4, (1, 5), padding=(0, 2))
        self.high = nn.Conv2d(4, 6, (3, 1), padding=(1, 0))
        self.last = nn.Conv2d(6, 5, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.tanh(self.first(x))
        x = F.max_pool2d(x + torch.tanh(self.long(x)), 2, stride=1)
        x = F.avg_pool2d(torch.tanh(self.high(x)), 2)
        result: Tensor = self.last(x).mean(dim=(2, 3))
        return result


@pytest.fixture
def tiny() -> nn.Module:
    torch.manual_seed(0)
    return Tiny().eval()


def answers(network: nn.Module, module: nn.Module, pictures: Tensor) -> Tensor:
    caught: list[Tensor] = []
    handle = module.register_forward_hook(lambda _, __, output: caught.append(output))
    network(pictures)
    handle.remove()
    return caught[0]


def test_fields_are_those_that_gradients_reach(tiny: nn.Module) -> None:
    layers = layers_of(tiny, SIZE)
    assert [layer.name for layer in layers] == ["first.0", "long", "high", "last"]
    assert isinstance(layers[0].module, nn.BatchNorm2d)
    fields = receptive_fields(tiny, layers, SIZE)
    # Many pictures at once, for a maximum passes one gradient on and keeps the others.
    x = torch.randn(60, 3, *SIZE, requires_grad=True)
    for layer in layers:
        answer = answers(tiny, layer.module, x)
        for row, column in product(range(layer.size[0]), range(layer.size[1])):
            (gradient,) = torch.autograd.grad(answer[:, :, row, column].sum(), x, retain_graph=True)
            reached = (gradient != 0).any(dim=0).any(dim=0)
            rows, columns = reached.any(dim=1).nonzero(), reached.any(dim=0).nonzero()
            field = fields[layer.name]
            assert field.rows[row].tolist() == [int(rows.min()), int(rows.max()) + 1]
            assert field.columns[column].tolist() == [int(columns.min()), int(columns.max()) + 1]
    assert (fields["first.0"].size, fields["first.0"].step) == ((3, 3), 2)
    assert (fields["long"].size, fields["last"].step) == ((3, 11), 4)


def test_patches_are_those_of_the_strongest_answers(tiny: nn.Module) -> None:
    pictures = torch.randn(40, 3, *SIZE)
    layers = layers_of(tiny, SIZE)
    batches = iter([pictures[:15], pictures[15:]])
    peaks = peaks_of(tiny, layers, batches)
    for layer in layers:
        with torch.inference_mode():
            answer = answers(tiny, layer.module, pictures)
        for unit in range(layer.channels):
            strongest = []
            for number, one in enumerate(answer[:, unit]):
                places = product(range(layer.size[0]), range(layer.size[1]))
                best = max(places, key=lambda place: float(one[place]))
                strongest.append((float(one[best]), -number, best))
            found = peaks[layer.name].pictures(unit, 9)
            expected = sorted(strongest, reverse=True)[:9]
            assert found.tolist() == [-number for _, number, _ in expected]
            assert [tuple(p) for p in peaks[layer.name].places[found, unit]] == [
                best for _, _, best in expected
            ]


def test_influence_is_the_gradient_and_stays_in_the_field(tiny: nn.Module) -> None:
    layers = layers_of(tiny, SIZE)
    layer, field = layers[2], receptive_fields(tiny, layers, SIZE)["high"]
    pictures = torch.randn(3, 3, *SIZE)
    places = np.array([[0, 0], [4, 3], [8, 6]])
    moved = influence(tiny, layer, pictures, 2, places)
    for number, (row, column) in enumerate(places):
        outside = np.ones(SIZE, np.bool_)
        outside[slice(*field.rows[row]), slice(*field.columns[column])] = False
        assert not moved[number][outside].any() and moved[number].any()
        pixel = np.unravel_index(moved[number].argmax(), SIZE)
        total = 0.0
        for color in range(3):
            ends = []
            for step in (1e-3, -1e-3):
                changed = pictures[number : number + 1].double()
                changed[0, color, pixel[0], pixel[1]] += step
                with torch.inference_mode():
                    answer = answers(tiny.double(), layer.module, changed)
                ends.append(float(answer[0, 2, row, column]))
            total += abs(ends[0] - ends[1]) / 2e-3
        tiny.float()
        assert moved[number][pixel] == pytest.approx(total, rel=1e-2)


def test_units_are_drawn_by_seed_from_those_alive(tiny: nn.Module) -> None:
    with torch.no_grad():
        tiny.get_parameter("high.weight")[1] = 0
    layers = named(layers_of(tiny, SIZE), ["high"])
    peaks = peaks_of(tiny, layers, iter([torch.randn(20, 3, *SIZE)]))["high"]
    assert peaks.alive.tolist() == [0, 2, 3, 4, 5]
    assert chosen_units(peaks, 9, 0, 3) == [0, 2, 3, 4, 5]
    drawn = {tuple(chosen_units(peaks, 3, seed, 3)) for seed in range(20)}
    assert len(drawn) > 3 and chosen_units(peaks, 3, 7, 3) == chosen_units(peaks, 3, 7, 3)


def test_a_patch_lies_where_the_picture_does(tiny: nn.Module) -> None:
    field = receptive_fields(tiny, layers_of(tiny, SIZE), SIZE)["long"]
    picture = np.arange(SIZE[0] * SIZE[1] * 3, dtype=np.uint8).reshape(*SIZE, 3)
    middle = patch(picture, field, (3, 3))
    top, left = field.rows[3, 0], field.columns[3, 0]
    assert np.array_equal(middle, picture[top : top + 3, left : left + 11])
    first, last = patch(picture, field, (0, 0)), patch(picture, field, (0, 7))
    assert (first[:, :4] == first[0, 0, 0]).all() and np.array_equal(first[:, 4:], picture[:3, :7])
    assert np.array_equal(last[:, :7], picture[:3, 10:17])  # the last column is never seen
    assert (last[:, 7:] == first[0, 0, 0]).all()


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_every_architecture_can_be_looked_into(name: str) -> None:
    small = {"alexnet": library.alexnet, "vgg-16": library.vgg16}
    network = small[name](128, hidden=8) if name in small else BACKBONES[name].build(128)
    size = (BACKBONES[name].side,) * 2
    layers = layers_of(network.eval(), size)
    convolutions = sum(isinstance(module, nn.Conv2d) for module in network.modules())
    assert len(layers) == convolutions
    first = next(module for module in network.modules() if isinstance(module, nn.Conv2d))
    field = receptive_fields(network, layers[:1], size)[layers[0].name]
    assert (field.size, field.step) == (first.kernel_size, first.stride[0])
    shown = spread(layers, 5)
    assert shown[0] is layers[0] and shown[-1] is layers[-1]


def test_both_experts_behind_a_router_are_looked_into() -> None:
    network = RoutedResNet29().eval()
    parts = experts(network)
    assert list(parts) == ["clear", "difficult"] and parts["clear"] is network.clear
    assert list(experts(network.clear)) == [""]
    assert len(layers_of(ResNet29().eval(), (150, 150))) == 29


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The manifest of a small encoder, with weights and a card."""
    torch.manual_seed(0)
    directory = tmp_path / "manifests"
    directory.mkdir()
    save_file(LeNet5().state_dict(), directory / "small.safetensors")
    document = tomlkit.parse((BUILT_IN / "encode-faces" / "facenet-resnet29-1.toml").read_text())
    for name in ("curve", "metrics", "default"):
        document.pop(name, None)
    digest = file_sha256(directory / "small.safetensors")
    document["name"] = "small"
    document["source"] = {"kind": "file", "path": "small.safetensors", "sha256": digest}
    document["architecture"] = {"name": "lenet-5", "arguments": {"dimension": 128}}
    document["input"] = {"size": [32, 32], "mean": [127.5] * 3, "scale": 1 / 128}
    points = [[10, 10], [22, 10], [16, 17], [11, 23], [21, 23]]
    document["alignment"] = [[float(x), float(y)] for x, y in points]
    path = directory / "small-1.toml"
    path.write_text(tomlkit.dumps(document))
    card = path.with_name(card_name("small", 1))
    card.write_text(model_card(read_manifest(path), "By hand.", "fp32"))
    return path


def run(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["explain", *map(str, arguments)])
    assert done.exit_code == status, done.output
    return " ".join(done.output.split())


def test_the_files_and_the_card(published: Path, four_people: Path, model_cache: Path) -> None:
    options = ["small@1", "--images", four_people, "--manifests", published.parent]
    options += ["--cache", model_cache, "--units", 4, "--patches", 4]
    said = run(*options)
    card = published.with_name(card_name("small", 1))
    folder = published.with_name("small-v1")
    assert "pieces of the pictures" in said
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files.keys() == {"units.png", "people.png", "explained.json"}
    for name in ("units.png", "people.png"):
        with Image.open(folder / name) as picture:
            colors = picture.convert("RGB").getcolors(1 << 24)
    assert picture.width > 700 and colors is not None and len(colors) > 20
    report = json.loads(files["explained.json"])
    layers = report["layers"]["network"]
    assert [layers[name]["receptive_field"] for name in layers] == [[5, 5], [14, 14], [32, 32]]
    assert report["faces"] == 8 and len(layers["features.0"]["shown"]) == 4
    text = card.read_text()
    links = re.findall(r"!\[.+\]\(<(.+)>\)", text)
    assert [(card.parent / link).is_file() for link in links] == [True, True]
    assert text.index(LEARNT) > text.index("## Who it fails on")
    run(*options)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert card.read_text() == text
    counts = np.zeros(200_000, np.int64)
    counts[60_000:160_000] = 10
    update_curve(published, calibrate(ScoreHistogram(counts)), "made up")
    refresh_card(published)
    assert "### Thresholds" in card.read_text() and card.read_text().count(LEARNT) == 1


def test_what_cannot_be_shown_is_told(
    published: Path, four_people: Path, model_cache: Path, tmp_path: Path
) -> None:
    options = ["--images", four_people, "--manifests", published.parent, "--cache", model_cache]
    card = published.with_name(card_name("small", 1)).read_text()
    said = run("small@1", *options, "--layers", "features.1", "--out", tmp_path / "o", status=2)
    assert "no layer 'features.1'; did you mean" in said
    (tmp_path / "file").touch()
    assert "unwritable-place" in run("small@1", *options, "--out", tmp_path / "file/x", status=2)
    assert "facet-detector@1" in run("facet-detector@1", *options, status=2)
    run("small@1", *options, "--no-card", "--out", tmp_path / "o", "--layers", "features.3")
    assert published.with_name(card_name("small", 1)).read_text() == card
    report = json.loads((tmp_path / "o" / "explained.json").read_text())
    assert list(report["layers"]["network"]) == ["features.3"]


def test_experts_get_a_sheet_each(four_people: Path, model_cache: Path, tmp_path: Path) -> None:
    options = ["--images", four_people, "--cache", model_cache, "--out", tmp_path, "--no-card"]
    small = ["--layers", "stem.convolution", "--units", 2, "--patches", 2]
    run("facenet-resnet29-robust@1", *options, *small)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("units-clear.png", "units-difficult.png", "people.png", "explained.json")
    }
    report = json.loads((tmp_path / "explained.json").read_text())["layers"]
    assert report.keys() == {"clear", "difficult"}


def test_onnx_files_get_the_map_alone(
    published: Path, four_people: Path, model_cache: Path, tmp_path: Path
) -> None:
    manifest = read_manifest(published)
    assert isinstance(manifest, EncoderManifest)
    path = published.with_name("small.onnx")
    write_onnx(LeNet5(), manifest, path)
    document = tomlkit.parse(published.read_text())
    document["architecture"] = {"name": "onnx"}
    source = {"kind": "file", "path": path.name, "sha256": file_sha256(path), "format": "onnx"}
    document["source"] = source
    published.write_text(tomlkit.dumps(document))
    options = ["--images", four_people, "--manifests", published.parent, "--cache", model_cache]
    said = run("small@1", *options, "--out", tmp_path / "o")
    assert "cannot be looked into" in said
    assert {one.name for one in (tmp_path / "o").iterdir()} == {"people.png", "explained.json"}
    text = published.with_name(card_name("small", 1)).read_text()
    assert text.count("![") == 1 and "../o/people.png" in text
