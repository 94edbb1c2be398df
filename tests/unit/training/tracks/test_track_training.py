"""Training of aggregators: what tracks are made of, what is minimised, what is measured."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.registry.curve import ThresholdCurve
from models.registry.manifests.embeddings import EmbeddingManifest
from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from training.augment.turning import turned
from training.data.chips import ChipSet
from training.tracks.clips import Clips, filmed_rows
from training.tracks.composing import Composer
from training.tracks.degrading import draw_course, shown
from training.tracks.material import Filmed
from training.tracks.measuring import (
    SIMPLE,
    Enrolled,
    by_network,
    by_weights,
    compare,
    enrolled_by,
    film,
)
from training.tracks.publication import publish_aggregator
from training.tracks.recipe import (
    CompositionConfig,
    ObjectiveConfig,
    TracksConfig,
    ValidationConfig,
)
from training.tracks.report import tracks_report
from training.tracks.trainer import Setting, TracksTrainer, objective

PEOPLE, PHOTOGRAPHS, FRAMES, DIMENSION = 24, 3, 6, 16
CURVE = ThresholdCurve.of([(0.0, 0.5), (0.9, 1e-3)])


def _world(seed: int) -> tuple[Clips, Enrolled]:
    """People whose frames say how bad they are: noise grows as the quality falls."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(PEOPLE, DIMENSION))
    labels = np.repeat(np.arange(PEOPLE), PHOTOGRAPHS)
    clean = _unit(centres[labels] + 0.25 * rng.normal(size=(len(labels), DIMENSION)))
    rows = np.repeat(np.arange(len(labels)), FRAMES)
    qualities = rng.random((len(rows), 7), dtype=np.float32)
    noise = 2.5 * (1 - qualities[:, 1:2]) * rng.normal(size=(len(rows), DIMENSION))
    frames = _unit(clean[rows] + noise)
    strays = _unit(rng.normal(size=(9, DIMENSION)))
    clips = Clips(
        np.concatenate([frames, strays]),
        np.concatenate([qualities, rng.random((9, 7), dtype=np.float32)]),
        np.concatenate([rows, np.full(9, -1)]),
        np.concatenate([np.tile(np.arange(FRAMES), len(labels)), np.zeros(9, np.int64)]),
    )
    return clips, Enrolled(clean, np.arange(len(labels)), labels)


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32)


def _composer(seed: int, **options: object) -> tuple[Composer, Enrolled, Clips]:
    clips, enrolled = _world(seed)
    config = CompositionConfig.model_validate(options)
    return Composer(clips, enrolled.people, np.arange(PEOPLE), config), enrolled, clips


def test_tracks_are_frames_in_a_row_with_few_that_do_not_belong() -> None:
    composer, enrolled, clips = _composer(0, returning=0.5, intruded=1.0, stray=0.5)
    rng = np.random.default_rng(0)
    kinds = set()
    for _ in range(300):
        row = int(rng.choice(composer.photographs))
        frames, photographs = composer.compose(row, rng)
        sources = clips.rows[frames]
        person = enrolled.people[row]
        mine = (sources >= 0) & (enrolled.people[sources] == person)
        assert mine.sum() > (~mine).sum() - 1
        assert set(sources[mine].tolist()) <= set(photographs)
        assert enrolled.people[photographs[1]] == person
        runs = np.split(clips.positions[frames], np.flatnonzero(np.diff(sources)) + 1)
        assert all(np.abs(np.diff(run)).max(initial=1) <= FRAMES for run in runs)
        kinds |= {"stranger"} if ((sources >= 0) & ~mine).any() else set()
        kinds |= {"stray"} if (sources < 0).any() else set()
        kinds |= {"returning"} if len(set(photographs)) == 2 else set()
    assert kinds == {"stranger", "stray", "returning"}


def test_a_batch_is_padded_at_the_end() -> None:
    composer, enrolled, _ = _composer(1)
    batch = composer.batch(composer.photographs[:20].tolist(), np.random.default_rng(0))
    assert batch.embeddings.shape[:2] == batch.qualities.shape[:2] == (20, int(batch.lengths.max()))
    assert batch.people.tolist() == enrolled.people[composer.photographs[:20]].tolist()


def test_comparisons_agree_with_loops() -> None:
    composer, enrolled, _ = _composer(2)
    tracks = film(composer, 1, 3)
    for weigh in SIMPLE.values():
        found = compare(tracks, enrolled, by_weights(weigh))
        genuine, impostors, intruded = [], [], 0
        for batch in tracks:
            weights = weigh(batch).numpy()
            for i, length in enumerate(batch.lengths.tolist()):
                assert weights[i].sum() == pytest.approx(1, abs=1e-5)
                assert not weights[i, length:].any()
                mean = weights[i] @ batch.embeddings[i].numpy()
                mean /= np.linalg.norm(mean)
                for row, person, clean in zip(
                    enrolled.rows, enrolled.people, enrolled.embeddings, strict=True
                ):
                    if person == batch.intruders[i]:
                        intruded += 1
                    elif person != batch.people[i]:
                        impostors.append(float(mean @ clean))
                    elif row not in batch.photographs[i]:
                        genuine.append(float(mean @ clean))
        assert found.histogram.total == len(impostors) and intruded > 0
        assert sorted(found.genuine) == pytest.approx(sorted(genuine), abs=1e-5)
        for rate, fmr in (("1e-2", 1e-2), ("1e-3", 1e-3)):
            threshold = found.thresholds[rate]
            assert np.mean(np.array(impostors) >= threshold + 1e-5) <= fmr
            assert np.mean(np.array(impostors) >= threshold - 3e-5) >= fmr - 1 / len(impostors)
            assert found.fnmr[rate] == pytest.approx(np.mean(np.array(genuine) < threshold))


def test_the_objective_counts_misses_smoothly() -> None:
    positive = torch.tensor([0.95, 0.80])
    negative = torch.tensor([[0.9, 0.1, 0.2], [0.3, 0.7, 0.4]])
    options = ObjectiveConfig(fmr=2 / 6, softness=0.02, ranking=0.5, scale=10, anchor=3)
    loss, figures = objective(positive, negative, options, 0.5)
    threshold = (0.9 + 0.7) / 2
    missed = [1 / (1 + np.exp(-(threshold - p) / 0.02)) for p in (0.95, 0.80)]
    ranking = [
        np.log(1 + sum(np.exp(10 * (n - p)) for n in row)) / 10
        for p, row in zip((0.95, 0.80), negative.tolist(), strict=True)
    ]
    assert figures["threshold"] == pytest.approx(threshold)
    anchor = 3 * (threshold - 0.5) ** 2
    assert float(loss) == pytest.approx(np.mean(missed) + 0.5 * np.mean(ranking) + anchor, abs=1e-5)


def test_training_beats_the_simple_ways_and_can_be_resumed(tmp_path: Path) -> None:
    """The first quality, which simple ways trust, says nothing here; the second says it all."""
    train, enrolled, _ = _composer(3)
    validation, others, _ = _composer(4)

    def learner(directory: Path, steps: int) -> TracksTrainer:
        config = TracksConfig.model_validate(
            {
                "schedule": {"steps": steps, "decay": "none"},
                "optimiser": {"learning_rate": 1e-2},
                "batch": 48,
                "model": {"hidden": 12, "reduced": 4},
                "objective": {"fmr": 0.02, "softness": 0.1},
                "validation": ValidationConfig(every=20, patience=9, tracks=2).model_dump(),
                "ema": 0.8,
            }
        )
        return TracksTrainer(Setting(config, train, enrolled, validation, others, CURVE, directory))

    run = learner(tmp_path, 60)
    run.train()
    tracks = film(validation, 3, 5)
    learned = {"GRU": by_network(run.network.eval())}
    report = tracks_report(tracks, others, learned, CURVE, film(validation, 1, 6))
    ways = report["ways"]
    assert min(ways, key=lambda name: ways[name]["fnmr"]["1e-2"]) == "GRU"
    assert ways["GRU"]["reduction"]["1e-2"] > 0
    as_gallery = enrolled_by(film(validation, 1, 6), learned["GRU"])
    expected = compare(tracks, as_gallery, learned["GRU"]).fnmr
    assert ways["GRU"]["enrolled_by_track"] == expected
    low, high = ways["GRU"]["fnmr_95"]["1e-2"]
    assert low <= ways["GRU"]["fnmr"]["1e-2"] <= high
    again = learner(tmp_path, 60)
    again.resume()
    assert again.run.step == run.run.step
    for name, value in again.network.state_dict().items():
        assert torch.equal(value, run.network.state_dict()[name])


def filmed(seed: int) -> Filmed:
    """That world, as filmed from photographs `0.jpg` and so on."""
    clips, enrolled = _world(seed)
    count, names = len(enrolled.people), tuple(f"p{i}" for i in range(PEOPLE))
    chips = ChipSet(
        np.zeros((count, 1, 1, 3), np.uint8), np.zeros((count, 5, 2), np.float32),
        enrolled.people, names, tuple(f"{i}.jpg" for i in range(count)), ("",) * count,
    )  # fmt: skip
    return Filmed(chips, clips, enrolled.rows, enrolled.embeddings)


def test_an_aggregator_is_published_with_the_curve_of_people_held_out(tmp_path: Path) -> None:
    made = filmed(5)
    recipe = TracksConfig.model_validate(
        {"schedule": {"steps": 1}, "model": {"hidden": 4}, "composition": {"intruded": 0}}
    )
    groups = [np.arange(8), np.arange(8, PEOPLE)]
    texts = {
        "name": "mine", "version": 1, "description": "-", "limits": "-", "training_data": "-",
        "licence": {"name": "MIT", "url": "-", "commercial": True},
    }  # fmt: skip
    registry = Registry(tmp_path / "cache")
    manifest = publish_aggregator(None, recipe, made, groups, texts, registry, into=tmp_path)
    assert isinstance(manifest, EmbeddingManifest) and manifest.curve is not None
    # Six tracks of each photograph against those of the others of the same group.
    apart = [3 * len(group) * 6 * 3 * (len(group) - 1) for group in groups]
    assert manifest.curve.impostors == sum(apart)
    assert f"{PEOPLE} people" in manifest.curve.data
    encoder = registry.manifest(recipe.encoder, EncoderManifest).threshold_curve
    fitted = [(s, fmr) for s, fmr in manifest.curve.points if s > (manifest.curve.tail_from or 1)]
    assert fitted and all(s >= encoder.similarity(fmr) - 1e-5 for s, fmr in fitted)
    published = Registry(tmp_path / "cache", [tmp_path])
    assert published.manifest("mine@1").key == "mine@1"


def test_the_famous_do_not_decide_alone() -> None:
    assert filmed_rows(np.array([0, 1, 1, 1, 0, 1, 2]), 2).tolist() == [0, 1, 2, 4, 6]


def test_degradations_vary_along_a_course_and_are_repeatable() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (120, 100, 3), dtype=np.uint8)
    points = np.array([[35, 50], [65, 50], [50, 68], [38, 85], [62, 85]], dtype=np.float32)
    for seed in range(12):
        course = draw_course(8, np.random.default_rng(seed))
        assert len({moment.size for moment in course.moments}) >= 3
        assert all(17 <= m.size <= 110 and 0 < m.light <= 1 for m in course.moments)
        first, second = (shown(picture, points, course, 3) for _ in range(2))
        assert first.dtype == np.uint8 and np.array_equal(first, second)
        assert max(first.shape[:2]) <= 120


def test_a_turned_face_moves_and_its_surroundings_stay() -> None:
    x = np.tile(np.arange(200, dtype=np.uint8)[None, :, None], (200, 1, 3))
    points = np.array([[80, 80], [120, 80], [100, 105], [85, 125], [115, 125]], dtype=np.float32)
    moved = turned(x, points, 30, 0).astype(int)
    assert np.array_equal(turned(x, points, 0, 0), x)
    assert np.array_equal(moved[:10], x[:10]) and np.array_equal(moved[:, :20], x[:, :20])
    assert abs(moved[102, 100, 0] - 100) > 15
    assert np.all(np.diff(moved[102, 60:140, 0]) >= 0)
