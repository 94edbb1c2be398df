"""Linking faces to tracks: the assignment, and what it makes of moving and vanishing faces."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.domain.errors.pictures import NoFaceError, SeveralFacesError
from app.domain.faces import Box, Face, Pose, Quality
from app.domain.linking import LinkingRules, assign, link
from app.domain.tracks import AnalysedFrame, Track, choose_track

RULES = LinkingRules(same=0.9, different=0.5)


def person(number: int, other: float = 0.0, second: int = 9) -> NDArray[np.float32]:
    """A direction of their own, turned by a share towards somebody else's."""
    vector = np.zeros(12, dtype=np.float32)
    vector[number] = 1 - other
    vector[second] += other
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def face(x: float, embedding: NDArray[np.float32], y: float = 0, side: float = 100) -> Face:
    zeros = np.zeros((5, 2), dtype=np.float32)
    box = Box(x, y, side, side)
    return Face(box, 0.99, zeros, Pose(0, 0, 0), Quality(1.0), embedding)


def frames(*faces: Sequence[Face]) -> list[AnalysedFrame]:
    return [AnalysedFrame(3 * n, n / 10, tuple(found)) for n, found in enumerate(faces)]


def seen(tracks: Sequence[Track]) -> list[list[int]]:
    return [[o.frame.index // 3 for o in track.observations] for track in tracks]


costs = st.integers(1, 5).flatmap(
    lambda rows: st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(
                st.one_of(st.floats(0, 1), st.just(float("inf"))),
                min_size=columns,
                max_size=columns,
            ),
            min_size=rows,
            max_size=rows,
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(costs)
def test_the_assignment_is_the_cheapest_of_the_largest(values: list[list[float]]) -> None:
    matrix = np.array(values)
    pairs = assign(matrix)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    best = (0, 0.0)
    small = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    for columns in permutations(range(small.shape[1]), small.shape[0]):
        chosen = [small[i, j] for i, j in enumerate(columns) if np.isfinite(small[i, j])]
        best = min(best, (-len(chosen), float(sum(chosen))))
    assert len(pairs) == -best[0]
    assert sum(matrix[i, j] for i, j in pairs) == pytest.approx(best[1])


def test_two_people_side_by_side_are_two_tracks() -> None:
    found = [[face(10 * n, person(0)), face(300 - 10 * n, person(1))] for n in range(6)]
    assert seen(link(frames(*found), RULES)) == [list(range(6))] * 2


def test_likeness_decides_where_two_people_cross() -> None:
    paths = [(0, 100), (40, 60), (60, 40), (100, 0)]
    found = [[face(a, person(0)), face(b, person(1))][:: 1 if n % 2 else -1]
             for n, (a, b) in enumerate(paths)]  # fmt: skip
    for track in link(frames(*found), RULES):
        who = {int(np.argmax(o.face.require_embedding())) for o in track.observations}
        assert len(who) == 1 and len(track.observations) == 4


def test_place_bridges_a_face_that_looks_different_for_a_while() -> None:
    blurred = person(0, other=0.45)
    assert 0.5 < float(person(0) @ blurred) < 0.9
    found = [[face(0, person(0))], [face(5, blurred)], [], [face(15, blurred)], []]
    assert seen(link(frames(*found), RULES)) == [[0, 1, 3]]


def test_after_a_long_gap_place_says_nothing() -> None:
    blurred = person(0, other=0.45)
    found = [[face(0, person(0))], *[[]] * 5, [face(0, blurred)]]
    assert seen(link(frames(*found), RULES)) == [[0], [6]]


def test_somebody_who_comes_back_elsewhere_goes_on_in_the_same_track() -> None:
    found = [[face(0, person(0))]] * 3 + [[]] * 6 + [[face(900, person(0))]] * 3
    assert seen(link(frames(*found), RULES)) == [[0, 1, 2, 9, 10, 11]]


def test_somebody_who_comes_back_out_of_focus_is_joined_later() -> None:
    soft = person(0, other=0.42)
    back = [[face(900, soft)], [face(905, person(0, other=0.2))], [face(910, person(0))]]
    found = [[face(0, person(0))]] * 3 + [[]] * 6 + back
    assert seen(link(frames(*found), RULES)) == [[0, 1, 2, 9, 10, 11]]


def test_another_person_at_the_same_place_is_another_track() -> None:
    found = [[face(0, person(0))]] * 3 + [[face(0, person(1))]] * 2
    assert seen(link(frames(*found), RULES)) == [[0, 1, 2], [3, 4]]


def test_lookalikes_in_one_frame_stay_apart() -> None:
    found = [[face(0, person(0)), face(500, person(0, other=0.05))]] * 4
    tracks = link(frames(*found), RULES)
    assert seen(tracks) == [[0, 1, 2, 3]] * 2
    assert tracks[0].meets(tracks[1])


def test_no_faces_no_tracks() -> None:
    assert link(frames([], [], []), RULES) == []


def test_the_prominent_track_is_meant() -> None:
    found = [[face(0, person(0)), face(500, person(1), side=30)]] * 3
    tracks = link(frames(*found), RULES)
    assert choose_track(tracks).observations[0].face.box.width == 100
    with pytest.raises(SeveralFacesError):
        choose_track(tracks, "only")
    with pytest.raises(SeveralFacesError):
        choose_track(link(frames([face(0, person(0)), face(500, person(1))]), RULES))
    with pytest.raises(NoFaceError):
        choose_track([])
