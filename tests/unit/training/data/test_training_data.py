"""Sources, chips and splits, on the two portraits of the tests."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.registry.manifests.encoders import EncoderManifest
from models.registry.registry import Registry
from tests import portraits
from training.data.chips import ChipSet, prepare_chips, require_pairs
from training.data.sources import Sample, TrainingDataError, find_samples, without_duplicates
from training.data.splits import identities_in_folds, split_chips, split_identities

ENCODER = "facenet-resnet29@1"


def write_people(directory: Path) -> Path:
    """Two people with two pictures each, a landscape and a file that is no picture."""
    for name, portrait in (("Grace", portraits.grace()), ("Eileen", portraits.eileen())):
        (directory / name).mkdir(parents=True)
        for i, quality in enumerate((92, 70)):
            content = portraits.encoded(portrait.resize((256, 288)), quality=quality)
            (directory / name / f"{name}_{i}.jpg").write_bytes(content)
    scene = portraits.encoded(portraits.landscape().resize((200, 150)))
    (directory / "Grace" / "Grace_coffee.jpg").write_bytes(scene)
    (directory / "Grace" / "Grace_broken.jpg").write_bytes(b"not a picture")
    return directory


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_people(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def registry(model_cache: Path) -> Registry:
    return Registry(model_cache)


@pytest.fixture(scope="module")
def chips(people: Path, registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> ChipSet:
    return prepare_chips(people, registry, ENCODER, tmp_path_factory.mktemp("chips"))


def made_up(labels: list[int]) -> ChipSet:
    """A chip set without faces."""
    count = len(labels)
    names = tuple(f"p{i:03}" for i in range(max(labels) + 1))
    return ChipSet(
        np.zeros((count, 4, 4, 3), np.uint8),
        np.zeros((count, 5, 2), np.float32),
        np.array(labels, np.int64),
        names,
        tuple(f"/{names[label]}/{i}.jpg" for i, label in enumerate(labels)),
        ("",) * count,
    )


def test_chips_are_aligned_and_what_is_unusable_is_reported(chips: ChipSet) -> None:
    assert chips.chips.shape == (4, 150, 150, 3)
    assert chips.chips.dtype == np.uint8
    assert Counter(chips.names) == {"Grace": 2, "Eileen": 2}
    assert [Path(s.path).name for s in chips.undetected] == ["Grace_coffee.jpg"]
    assert [Path(s.path).name for s in chips.unreadable] == ["Grace_broken.jpg"]
    template = np.asarray(Registry(Path()).manifest(ENCODER, EncoderManifest).alignment)
    assert np.abs(chips.landmarks - template).max() < 12


def test_chips_are_found_again_until_a_file_changes(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_people(tmp_path / "people")
    first = prepare_chips(source, registry, ENCODER, tmp_path / "cache")

    def refuse(*arguments: object) -> None:
        raise AssertionError("the detector was loaded although the chips are there")

    with monkeypatch.context() as patch:
        patch.setattr("training.data.chips.face_detector", refuse)
        again = prepare_chips(source, registry, ENCODER, tmp_path / "cache")
        assert np.array_equal(first.chips, again.chips)
        assert first.paths == again.paths
    (source / "Grace" / "Grace_1.jpg").unlink()
    changed = prepare_chips(source, registry, ENCODER, tmp_path / "cache")
    assert len(changed) == 3
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_no_face_at_all_is_an_error_and_leaves_nothing_behind(
    tmp_path: Path, registry: Registry
) -> None:
    (tmp_path / "people" / "A").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "people" / "A" / "a.png"), np.full((60, 60, 3), 128, np.uint8))
    with pytest.raises(TrainingDataError, match="No face was found in 1 pictures"):
        prepare_chips(tmp_path / "people", registry, ENCODER, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_the_same_picture_of_two_people_is_an_error(tmp_path: Path) -> None:
    for name, content in (("A/1.jpg", b"x"), ("A/2.jpg", b"x"), ("A/3.jpg", b"y")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    kept, repeated = without_duplicates(find_samples(tmp_path))
    assert [Path(s.path).name for s in kept] == ["1.jpg", "3.jpg"]
    assert [Path(s.path).name for s in repeated] == ["2.jpg"]
    (tmp_path / "B").mkdir()
    (tmp_path / "B" / "4.jpg").write_bytes(b"x")
    with pytest.raises(TrainingDataError, match=r"1 pictures are filed under several people.*B"):
        without_duplicates(find_samples(tmp_path))


def test_lists_name_pictures_relative_to_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "list.tsv").write_text("path\tidentity\tgroup\na.jpg\tAda\tx\n")
    assert find_samples(tmp_path / "list.tsv") == [Sample(str(tmp_path / "a.jpg"), "Ada", "x")]
    (tmp_path / "list.csv").write_text("path,identity\na.jpg,Ada\n")
    assert find_samples([tmp_path / "list.csv"])[0].group == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,who\na.jpg,Ada\n", "identity"),
        ("path,identity\nb.jpg,Ada\n", "1 files that do not exist"),
        ("path,identity\na.jpg,\n", "1 pictures no identity"),
        ("path,identity\n", "is empty"),
        ("path,identity\na.jpg,A\na.jpg,A\n", "named twice"),
    ],
)
def test_bad_lists_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(TrainingDataError, match=message):
        find_samples(tmp_path / "list.csv")


def test_bad_directories_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="no pictures"):
        find_samples(tmp_path)
    (tmp_path / "loose.jpg").write_bytes(b"x")
    with pytest.raises(TrainingDataError, match="1 pictures outside of folders"):
        find_samples(tmp_path)
    with pytest.raises(TrainingDataError, match="neither"):
        find_samples(tmp_path / "loose.jpg")


def test_one_picture_per_person_gives_no_pairs() -> None:
    with pytest.raises(TrainingDataError, match="0 of 3 people have two pictures"):
        require_pairs(made_up([0, 1, 2]))
    with pytest.raises(TrainingDataError, match="1 of 2"):
        require_pairs(made_up([0, 0, 1]))
    require_pairs(made_up([0, 0, 1, 1, 2]))


def test_splits_keep_people_together() -> None:
    chips = made_up([i // 3 for i in range(120)])
    split = split_chips(chips, 0.25, seed=3, exclude={"p000", "p001"})
    train, validation = chips.labels[split.train], chips.labels[split.validation]
    assert not set(train) & set(validation)
    assert set(train) | set(validation) == set(range(2, 40))
    assert len(set(validation)) == round(38 * 0.25)
    again = split_chips(chips, 0.25, seed=3, exclude={"p000", "p001"})
    assert np.array_equal(split.train, again.train)
    other = split_chips(chips, 0.25, seed=4, exclude={"p000", "p001"})
    assert not np.array_equal(split.train, other.train)


def test_a_person_more_moves_few_others() -> None:
    names = [f"p{i}" for i in range(200)]
    before = set(split_identities(names, 0.2, 0)[1])
    after = set(split_identities([*names, "new"], 0.2, 0)[1])
    assert len(before - after) <= 1


def test_a_split_without_validation_people_is_an_error() -> None:
    with pytest.raises(TrainingDataError, match="too few"):
        split_chips(made_up([0, 0, 1, 1]), 0.1, 0)


def test_people_of_folds_are_found(tmp_path: Path) -> None:
    chips = made_up([0, 0, 1, 2, 3])
    table = tmp_path / "pairs.tsv"
    table.write_text(
        "fold\tfirst\tsecond\tsame\n1\t0.jpg\t1.jpg\t1\n2\t2.jpg\t3.jpg\t0\n2\tabsent.jpg\t3.jpg\t0\n"
    )
    assert identities_in_folds(chips, table, [1]) == {"p000"}
    assert identities_in_folds(chips, table, [2]) == {"p001", "p002"}
    with pytest.raises(TrainingDataError, match="no fold 7"):
        identities_in_folds(chips, table, [1, 7])
    table.write_text("nothing\n1\n")
    with pytest.raises(TrainingDataError, match="not a table of pairs"):
        identities_in_folds(chips, table, [1])
