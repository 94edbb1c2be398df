"""Health of a gallery: what is wrong with it is found, and how well its people are told apart."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from app.domain.curves.fusing import fused_similarity
from app.domain.errors.people import TooManyFacesError
from app.domain.people.findings import decade
from app.domain.people.leaving_out import Faces, Nearest, chosen_probes
from app.domain.people.shares import share
from app.services.people import health as services
from app.services.people.health import CheckedHealth, Health
from tests.fakes.analyser import OneEncoder, picture
from tests.fakes.service import Service


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    for name in ("Ada", "Bob", "Carol"):
        service.enrol(name, *(picture(name, take=take) for take in (1, 2, 3)))
    yield service
    service.close()


def checked(service: Service, **options: int) -> CheckedHealth:
    return Health(service.storage, OneEncoder(), **options).check_all("staff")


def test_a_sound_gallery_has_no_findings(staff: Service) -> None:
    report = checked(staff).report
    kinds = (report.few_faces, report.poor_faces, report.unlike, report.could_be_another)
    assert [kind.total for kind in (*kinds, report.near_duplicates)] == [0] * 5
    test = report.self_test
    assert (test.found.hits, test.found.trials) == (9, 9)
    assert (test.wrong.hits, test.strangers_named.hits) == (0, 0)
    assert 0.29 < test.found.low < 0.3 and test.found.high == 1  # three people say little
    assert test.weakest_friend is not None and test.best_stranger is not None
    assert test.weakest_friend < test.best_stranger
    assert (sum(test.friends), sum(test.strangers)) == (9, 9)


def test_a_face_enrolled_as_somebody_else_is_found(staff: Service) -> None:
    wrong = staff.enrol("Bob", picture("Ada", take=9), duplicates="ignore")[0].face
    found = checked(staff)
    assert wrong is not None
    assert wrong.id in [one.face_id for one in found.report.unlike.listed]
    alike = {one.face_id: one for one in found.report.could_be_another.listed}
    names = {name: subject.name for name, subject in found.subjects.items()}
    assert names[alike[wrong.id].subject] == "Bob"
    assert names[alike[wrong.id].other_subject] == "Ada"
    assert alike[wrong.id].nearer and alike[wrong.id].fmr <= 1e-6
    test = found.report.self_test
    assert test.found.trials == 10
    assert 1 <= test.wrong.hits <= 4  # it, and those of Ada who are nearer to it than to her others
    worst = test.subjects.listed[0]
    assert names[worst.subject] == "Bob" and worst.wrong == 1


def test_no_rate_is_below_what_the_encoder_s_comparisons_support(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.enrol("Bob", picture("Ada", take=9), duplicates="ignore")
    curve = replace(OneEncoder().curve("any"), least=3e-5)
    monkeypatch.setattr(OneEncoder, "curve", lambda *_: curve)
    report = checked(staff).report
    rates = [one.fmr for one in report.could_be_another.listed]
    assert rates and min(rates) == 1e-4
    test = report.self_test
    assert (len(test.friends), len(test.strangers)) == (5, 5)  # over 1e-1 to over 1e-4, and less
    assert (test.friends[-1], sum(test.friends)) == (9, 10)


def test_thin_and_poor_and_repeated_subjects_are_told(staff: Service) -> None:
    staff.enrol("Dan", picture("Dan"))
    staff.enrol("Eve", *[picture("Eve, blurred", take=t) for t in (1, 2, 3)], min_quality=0.0)
    staff.subjects.create("staff", "Nobody")
    staff.enrol("Ada", picture("Ada"), allow_repeats=True)
    found = checked(staff)
    names = {one.id: one.name for one in found.subjects.values()}
    few = [(names[one.subject], one.faces) for one in found.report.few_faces.listed]
    assert few == [("Nobody", 0), ("Dan", 1)]
    assert [names[one.subject] for one in found.report.poor_faces.listed] == ["Eve"]
    twice = found.report.near_duplicates
    assert twice.total == 1 and names[twice.listed[0].subject] == "Ada"
    assert (found.report.subjects, found.report.faces) == (6, 14)
    assert found.report.self_test.found.trials == 13  # Dan has nothing to be found by


def test_whoever_is_restricted_is_compared_with_nobody(staff: Service) -> None:
    ada = staff.subjects.get_or_create("staff", "Ada").id
    staff.enrol("Bob", picture("Ada", take=9), duplicates="ignore")
    assert checked(staff).report.could_be_another.total
    staff.rights.change("staff", ada, {"restricted": True})
    found = checked(staff)
    assert ada not in found.subjects
    assert (found.report.subjects, found.report.faces) == (3, 10)
    assert (found.report.compared, found.report.barred) == (7, 3)
    assert found.report.could_be_another.total == 0
    for name in ("Bob", "Carol"):
        other = staff.subjects.get_or_create("staff", name).id
        staff.rights.change("staff", other, {"restricted": True})
    report = checked(staff).report
    assert (report.compared, report.barred, report.few_faces.total) == (0, 10, 0)


def test_an_empty_gallery_is_checked_too(sqlite_database: str) -> None:
    service = Service(sqlite_database)
    service.collections.create("staff")
    report = checked(service).report
    assert (report.faces, report.compared, report.sampled) == (0, 0, False)
    assert report.self_test.found.value is None
    assert (report.self_test.found.low, report.self_test.found.high) == (0, 1)
    service.close()


def test_a_sample_is_said_to_be_one(staff: Service) -> None:
    report = checked(staff, comparisons=30).report
    assert report.sampled and report.compared == 3
    assert report.self_test.found.trials == 3


def test_a_large_gallery_is_not_checked_while_somebody_waits(
    staff: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 8)
    with pytest.raises(TooManyFacesError, match="9 faces"):
        Health(staff.storage, OneEncoder()).check("staff")


def test_lists_are_cut_and_say_so(staff: Service) -> None:
    for name in ("Dan", "Eve", "Fay"):
        staff.enrol(name, picture(name))
    report = Health(staff.storage, OneEncoder()).check("staff", listed=2).report
    assert report.few_faces.total == 3 and len(report.few_faces.listed) == 2
    assert report.self_test.subjects.total == 6 and len(report.self_test.subjects.listed) == 2


@pytest.mark.parametrize("power", [1.0, 0.5])
def test_nearest_faces_agree_with_comparing_all_at_once(power: float) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((300, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    subjects = rng.integers(0, 60, 300)
    ids = np.arange(300) * 7 + 5
    faces = Faces(ids, subjects, np.ones(300, np.float32), tuple(map(str, range(60))))
    rows, sampled = chosen_probes(faces, 300 * 300)
    nearest = Nearest(faces, rows, vectors)
    for start in range(0, 300, 77):
        nearest.compare(ids[start : start + 77], vectors[start : start + 77])
    every = vectors @ vectors.T
    np.fill_diagonal(every, -2)
    same = subjects[:, None] == subjects[None, :]
    assert not sampled
    np.testing.assert_allclose(nearest.own, np.where(same, every, -2).max(axis=1), atol=1e-6)
    np.testing.assert_allclose(nearest.other, np.where(same, -2, every).max(axis=1), atol=1e-6)
    has = nearest.other > -2
    assert (nearest.other_face[has] == np.where(same, -2, every).argmax(axis=1)[has]).all()
    nearest.compare_templates(power)
    for row in range(0, 300, 7):
        levels = {}
        for subject in set(subjects.tolist()):
            own = vectors[(subjects == subject) & (np.arange(300) != row)]
            if len(own):
                face = float((own @ vectors[row]).max())
                levels[subject] = fused_similarity(face, vectors[row], own, power)
        expected = levels.pop(int(subjects[row]), -2.0)
        assert nearest.own_subject[row] == pytest.approx(expected, abs=1e-5)
        assert nearest.other_subject[row] == pytest.approx(max(levels.values()), abs=1e-5)


def test_whole_subjects_are_sampled() -> None:
    subjects = np.repeat(np.arange(50), 4)
    faces = Faces(np.arange(1, 201), subjects, np.ones(200, np.float32), tuple(map(str, range(50))))
    rows, sampled = chosen_probes(faces, 200 * 40)
    assert sampled and len(rows) == 40
    assert set(np.bincount(subjects[rows]).tolist()) == {0, 4}


def test_an_interval_counts_people_and_not_their_pictures() -> None:
    people = np.repeat(np.arange(20), 50)
    together = np.isin(people, [0, 1])  # two people are always missed
    apart = np.arange(1000) % 10 == 0
    of_people, of_faces = share(together, people), share(apart, people)
    assert of_people.value == of_faces.value == 0.1
    assert of_people.low < 0.02 and of_people.high > 0.3
    assert of_faces.low > 0.08 and of_faces.high < 0.121
    nothing = share(np.zeros(1000, bool), people)
    assert nothing.low == 0 and 0.15 < nothing.high < 0.18  # the rule of three, of 20 people


def test_rates_are_told_as_powers_of_ten() -> None:
    assert [decade(rate) for rate in (1.0, 0.5, 0.1, 0.02, 1e-3, 3e-5, 0.0)] == [
        1.0,
        1.0,
        0.1,
        0.1,
        1e-3,
        1e-4,
        1e-12,
    ]
