"""Scenes, targets and losses of the single-pass detector, and that it can learn."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.single_pass import SinglePass
from models.pipelines.detection.anchors import anchors, corners
from models.pipelines.detection.boxes import overlap
from models.pipelines.detection.proposing import prepared
from training.detection.criterion import detection_loss
from training.detection.losses import distance_iou_loss, focal_loss, landmark_loss
from training.detection.recipe import DetectorConfig, LossConfig
from training.detection.review import CONVENTION, figures, mistakes
from training.detection.scenes.compose import Material, SceneKind, compose
from training.detection.scenes.faces import LabelledFace
from training.detection.scenes.placing import visible_share
from training.detection.scenes.sets import SceneBatch, batch_of, rendered
from training.detection.targets import NEGATIVE, POSITIVE, assign
from training.detection.trainer import DetectorTrainer
from training.kit.recipe import ConfigError
from training.kit.recipes import read_recipe

CONFIGS = Path(__file__).parents[4] / "training" / "configs"


def faces(count: int = 3) -> list[LabelledFace]:
    """Drawn ones: bright ovals with dark eyes and mouth."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:160, :160]
    drawn = []
    for i in range(count):
        grey = np.full((160, 160), 60 + 20 * i, np.uint8)
        grey[((x - 80) / 60) ** 2 + ((y - 82) / 76) ** 2 < 1] = 190
        for cx, cy, r in ((58, 65, 9), (102, 65, 9), (80, 115, 14)):
            grey[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = 30
        points = [[58, 65], [102, 65], [80, 90], [66, 115], [94, 115]]
        box = [20, 6, 140, 158]
        noisy = np.clip(grey + rng.normal(0, 4, grey.shape), 0, 255).astype(np.uint8)
        drawn.append(
            LabelledFace(noisy, np.array(box, np.float32), np.array(points, np.float32), f"p{i}")
        )
    return drawn


def test_scenes_are_functions_of_their_seed_and_hold_their_faces() -> None:
    kind = SceneKind(height=128, width=160, smallest=16, largest=100, most=5)
    material = Material(faces())
    found = 0
    for number in range(12):
        scene = compose(material, kind, np.random.default_rng([1, number]))
        again = compose(material, kind, np.random.default_rng([1, number]))
        np.testing.assert_array_equal(scene.grey, again.grey)
        np.testing.assert_array_equal(scene.boxes, again.boxes)
        assert scene.grey.shape == (128, 160) and scene.grey.dtype == np.uint8
        assert len(scene.boxes) == len(scene.landmarks)
        found += len(scene.boxes)
        for box, points in zip(scene.boxes, scene.landmarks, strict=True):
            assert visible_share(box, 128, 160) > 0.5
            # Eyes, nose and mouth lie in the box, the left ones left.
            centre, sides = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
            assert (np.abs(points - centre) < 0.75 * sides).all()
            assert np.linalg.norm(points[0] - points[1]) > 0.2 * sides[0]
        for a, b in itertools.combinations(scene.boxes, 2):
            assert overlap(a[None], b[None], "minimum")[0, 0] <= 0.16
    assert found > 8


def test_visible_share_against_counting_pixels() -> None:
    for box in ([-5, 3, 15, 23], [0, 0, 10, 10], [25, 15, 45, 39], [100, 0, 110, 10]):
        inside = sum(
            0 <= x < 40 and 0 <= y < 30
            for x in range(box[0], box[2])
            for y in range(box[1], box[3])
        )
        whole = (box[2] - box[0]) * (box[3] - box[1])
        assert visible_share(np.array(box), 30, 40) == pytest.approx(inside / whole)


def naive_assignment(edges: np.ndarray, boxes: np.ndarray, ignored: np.ndarray) -> list[int]:
    shared = overlap(edges, boxes)
    result = []
    owners: dict[int, list[tuple[float, int]]] = {}
    for j in range(len(boxes)):
        if ignored[j]:
            continue
        ranked = sorted(range(len(edges)), key=lambda i: -shared[i, j])[:3]
        for place, i in enumerate(ranked):
            if shared[i, j] >= 0.2 or (place == 0 and shared[i, j] > 0):
                owners.setdefault(i, []).append((shared[i, j], j))
    for i in range(len(edges)):
        counted = [(shared[i, j], j) for j in range(len(boxes)) if not ignored[j]]
        best = max(counted, default=(0.0, -1))
        if best[0] >= POSITIVE:
            result.append(best[1])
        elif i in owners:
            result.append(max(owners[i])[1])
        elif shared[i].max(initial=0.0) >= NEGATIVE:
            result.append(-2)
        else:
            result.append(-1)
    return result


def test_targets_against_a_loop() -> None:
    rng = np.random.default_rng(3)
    edges = corners(anchors(96, 96)).numpy().astype(np.float64)
    for _ in range(8):
        size = np.exp(rng.uniform(np.log(9), np.log(90), (5, 1)))
        low = rng.uniform(-5, 80, (5, 2))
        boxes = np.concatenate([low, low + size * rng.uniform(0.8, 1.2, (5, 2))], axis=1)
        ignored = rng.random(5) < 0.3
        assignment = assign(
            torch.from_numpy(edges), torch.from_numpy(boxes), torch.from_numpy(ignored)
        )
        assert assignment.face.tolist() == naive_assignment(edges, boxes, ignored)
        taught = set(assignment.face[assignment.positive].tolist())
        assert taught == set(np.flatnonzero(~ignored).tolist())  # nobody goes untaught


def test_without_faces_all_is_background() -> None:
    edges = corners(anchors(32, 32))
    assignment = assign(edges, torch.zeros(0, 4), torch.zeros(0, dtype=torch.bool))
    assert not assignment.positive.any() and assignment.counted.all()


def test_losses_against_loops() -> None:
    rng = np.random.default_rng(5)
    logits, truth = rng.normal(0, 3, 30), (rng.random(30) < 0.3).astype(float)
    found = focal_loss(torch.from_numpy(logits), torch.from_numpy(truth)).numpy()
    for value, logit, face in zip(found, logits, truth, strict=True):
        p = 1 / (1 + math.exp(-logit))
        right, balance = (p, 0.25) if face else (1 - p, 0.75)
        assert value == pytest.approx(-balance * (1 - right) ** 2 * math.log(right), rel=1e-6)

    low = rng.uniform(0, 50, (2, 20, 2))
    a, b = np.concatenate([low, low + rng.uniform(5, 40, (2, 20, 2))], axis=2)
    found = distance_iou_loss(torch.from_numpy(a), torch.from_numpy(b)).numpy()
    for value, one, other in zip(found, a, b, strict=True):
        shared = overlap(one[None], other[None])[0, 0]
        centres = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (one, other)]
        width = max(one[2], other[2]) - min(one[0], other[0])
        height = max(one[3], other[3]) - min(one[1], other[1])
        apart = math.dist(*centres) ** 2 / (width**2 + height**2)
        assert value == pytest.approx(1 - shared + apart, rel=1e-6)

    points = rng.uniform(0, 50, (2, 20, 5, 2))
    found = landmark_loss(
        torch.from_numpy(points[0]), torch.from_numpy(points[1]), torch.from_numpy(a)
    ).numpy()
    for i, value in enumerate(found):
        total = 0.0
        for point, axis in itertools.product(range(5), range(2)):
            side = a[i, 2 + axis] - a[i, axis]
            error = abs(points[0, i, point, axis] - points[1, i, point, axis]) / side
            total += error**2 / 0.1 if error < 0.05 else error - 0.025
        assert value == pytest.approx(total, rel=1e-6)


def test_one_batch_can_be_learnt_by_heart() -> None:
    torch.manual_seed(0)
    grey = np.full((2, 96, 96), 110, np.uint8)
    crop = faces(1)[0].grey[6:158, 20:140]
    small = crop[::3, ::3]
    boxes, marks = [], []
    for i, (x, y) in enumerate(((10, 20), (44, 30))):
        grey[i, y : y + small.shape[0], x : x + small.shape[1]] = small
        boxes.append(torch.tensor([[x, y, x + small.shape[1], y + small.shape[0]]]).float())
        points = (faces(1)[0].landmarks - [20, 6]) / 3 + [x, y]
        marks.append(torch.from_numpy(points[None]).float())
    nobody = torch.zeros(1, dtype=torch.bool)
    batch = SceneBatch(torch.from_numpy(grey), tuple(boxes), tuple(marks), (nobody, nobody))
    network = SinglePass()
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3)
    scenes = prepared(grey, CONVENTION)
    first = last = 0.0
    for step in range(60):
        loss, parts = detection_loss(network(scenes), batch, LossConfig())
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        first, last = (float(loss.detach()) if step == 0 else first), float(loss.detach())
    assert set(parts) == {"face", "box", "landmarks"}
    assert last < 0.25 * first


def test_batches_stay_true_to_their_scenes(tmp_path: Path) -> None:
    kind = SceneKind(height=96, width=96, smallest=20, largest=80, most=3)
    scenes = rendered(Material(faces()), kind, 6, 1, tmp_path)
    again = rendered(Material(faces()), kind, 6, 1, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1  # drawn once
    np.testing.assert_array_equal(scenes.greys, again.greys)
    batch = batch_of(scenes, 8, 64, 8.0, np.random.default_rng(0))
    assert batch.greys.shape == (8, 64, 64)
    for boxes, points, ignored in zip(batch.boxes, batch.landmarks, batch.ignored, strict=True):
        assert len(boxes) == len(points) == len(ignored)
        for box, marks, hidden in zip(boxes, points, ignored, strict=True):
            assert bool(hidden) == (visible_share(box.numpy(), 64, 64) < 0.4)
            # Mirrored or not, the eye named left is left.
            assert marks[0, 0] < marks[1, 0] or abs(marks[0, 1] - marks[1, 1]) > 1
            assert float(box[2] - box[0]) > 0


def test_a_run_is_saved_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DetectorConfig.model_validate(
        {
            "batch": 2,
            "scenes": {"count": 4, "rounds": 2, "side": 64, "part": 64, "largest": 60, "faces": 2},
            "schedule": {"steps": 4},
            "validation": {"every": 2, "scenes": 2},
        }
    )

    def trainer(name: str, settings: DetectorConfig = config) -> DetectorTrainer:
        people = faces()
        return DetectorTrainer(
            settings, Material(people[:2]), Material(people[2:]), tmp_path / name, tmp_path / "c"
        )

    whole = trainer("whole")
    whole.train()
    assert whole.run.step == 4 and set(whole.figures) == {"ap", "recall"}
    half = trainer("half")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(half, "_mine", interrupted)
        half.train()
    assert half.run.step == 2  # validated, and so saved
    resumed = trainer("half")
    resumed.resume()
    assert resumed.run.step == 2
    resumed.train()
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(resumed.network.state_dict()[name], value, rtol=0, atol=0)


def test_review_of_a_network_that_sees_nothing(tmp_path: Path) -> None:
    kind = SceneKind(height=64, width=64, smallest=20, largest=50, most=2)
    scenes = rendered(Material(faces()), kind, 3, 2, tmp_path)
    network = SinglePass(folded=True).eval()
    measured = figures(network, scenes, 8.0)
    assert 0 <= measured["ap"] <= measured["recall"] <= 1
    for patch in mistakes(network, scenes, 5, 3, threshold=0.0):
        assert patch.shape == (160, 160)
    assert mistakes(network, scenes, 5, 3, threshold=0.99) == []


def test_recipes_are_checked(tmp_path: Path) -> None:
    assert (
        read_recipe(CONFIGS / "detection" / "facet-detector.toml", DetectorConfig).scenes.rounds
        >= 1
    )
    path = tmp_path / "recipe.toml"
    path.write_text("[schedule]\nsteps = 3\n[scenes]\ncuont = 3\n")
    with pytest.raises(ConfigError, match="did you mean 'count'"):
        read_recipe(path, DetectorConfig)
    path.write_text("[schedule]\nsteps = 3\n[scenes]\nside = 64\npart = 128\n")
    with pytest.raises(ConfigError, match="part cannot be larger"):
        read_recipe(path, DetectorConfig)
