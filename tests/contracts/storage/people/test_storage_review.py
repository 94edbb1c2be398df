"""Negatives, suggestions and namings in every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.domain.errors.people import UnknownSuggestionError
from app.domain.gallery import Partition
from app.domain.people.review import OF_GROUPS, OF_SUBJECTS, Negative, Suggestion
from app.domain.people.sightings import NewSighting
from app.storage.unit_of_work import SqlStorage
from tests.contracts.conftest import Samples

AT = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.fixture
def filled(storage: SqlStorage, samples: Samples) -> SqlStorage:
    """Two faces of Ada, Bob without any, and an unknown face in a group of two."""
    samples.fill(storage, faces=2)
    face = samples.face(seed=7)
    seen = NewSighting(
        face.collection_id, face.encoder, face.template, AT, "door", None, face.box, face.landmarks,
        face.probability, face.pose, face.quality, None, "unknown", "sub-Ada",
    )  # fmt: skip
    with storage.write() as uow:
        ids = [uow.sightings.add(seen), uow.sightings.add(replace(seen, at=AT + timedelta(1)))]
        uow.sightings.put_into_groups(dict.fromkeys(ids, "group"))
    return storage


def test_negatives_follow_their_faces(filled: SqlStorage, samples: Samples) -> None:
    with filled.write() as uow:
        gallery = uow.collections.get("staff")
        first, _ = uow.sightings.newest_of_group("group", 5)
        face, other = uow.faces.list(gallery.id, limit=2)
        made = [
            Negative("a", gallery.id, "sub-Bob", face.id, None, AT, "local"),
            Negative("b", gallery.id, "sub-Bob", None, first.id, AT, "local"),
        ]
        assert uow.negatives.add(made) == ["a", "b"]
        assert uow.negatives.add([replace(one, id=one.id * 2) for one in made]) == []
        assert uow.negatives.list("sub-Bob", after="a", limit=9) == [made[1]]
        assert uow.negatives.of_faces([face.id, other.id]) == {face.id: ("sub-Bob",)}
    with filled.write() as uow:
        gallery = uow.collections.get("staff")
        assert gallery.has_negatives
        found = uow.negatives.templates(gallery.encoder, ["sub-Ada", "sub-Bob"])
        assert found["sub-Bob"].shape == (2, len(samples.face().template)) and len(found) == 1
        assert np.allclose(np.linalg.norm(found["sub-Bob"], axis=1), 1, atol=1e-5)
        assert uow.negatives.templates("another@1", ["sub-Bob"]) == {}
        uow.negatives.became(first.id, other.id)
        uow.sightings.remove([first.id])
        assert uow.negatives.faces(gallery.id) == {("sub-Bob", face.id), ("sub-Bob", other.id)}
        # Of faces that are the subject's own by now, nothing is heeded.
        assert uow.negatives.follow_subject("sub-Bob", "sub-Ada") == ["a", "b"]
        assert uow.negatives.templates(gallery.encoder, ["sub-Ada"]) == {}
        uow.negatives.give(["a"], "sub-Bob")
        uow.faces.remove([face])
        assert uow.negatives.list("sub-Bob", after=None, limit=9) == []
        uow.subjects.remove("sub-Ada")
        assert uow.negatives.faces(gallery.id) == frozenset()


def test_suggestions_are_replaced_refused_and_end_with_what_they_name(filled: SqlStorage) -> None:
    with filled.write() as uow:
        gallery = uow.collections.get("staff")
        face, _ = uow.faces.list(gallery.id, limit=2)
        group = Suggestion("group-is-subject", 0.95, "group", "sub-Ada")
        wrong = Suggestion("face-not-subject", 0.99, None, "sub-Ada", None, face.id)
        gone = Suggestion("group-often-seen", 0.9, "no-such-group")
        pair = Suggestion("subjects-are-one", 0.99, None, "sub-Bob", "sub-Ada")
        kinds = OF_GROUPS | OF_SUBJECTS
        assert uow.suggestions.replace(gallery.id, kinds, [group, wrong, gone, pair], AT) == 3
        found = [one.suggestion for one in uow.suggestions.list(gallery.id, after=None, limit=9)]
        assert found[2] == group and set(found) == {group, wrong, pair}
        rest = uow.suggestions.list(gallery.id, after=(0.99, found[1].id), limit=9)
        assert [one.suggestion for one in rest] == [group]
        uow.suggestions.refuse(pair.id, AT)
        later = AT + timedelta(1)
        assert uow.suggestions.replace(gallery.id, OF_SUBJECTS, [pair, wrong], later) == 1
        assert uow.suggestions.get(gallery.id, wrong.id).found_at == AT
        with pytest.raises(UnknownSuggestionError):
            uow.suggestions.get(gallery.id, pair.id)
        assert uow.suggestions.refused_with("sub-Ada") == ["sub-Bob"]
        uow.suggestions.refuse_pairs(gallery.id, "sub-Ada", ["sub-Bob", "no-such"], later)
        uow.suggestions.reopen(pair.id)
        assert uow.suggestions.get(gallery.id, pair.id).suggestion.kind == "subjects-are-one"
        uow.groups.mark("group", ignored=True)
        uow.faces.reassign([face.id], "sub-Bob")
        left = uow.suggestions.list(gallery.id, after=None, limit=9)
        assert [one.id for one in left] == [pair.id]
        uow.subjects.remove("sub-Bob")
        assert uow.suggestions.list(gallery.id, after=None, limit=9) == []


def test_namings_wait_until_they_are_done(filled: SqlStorage, samples: Samples) -> None:
    with filled.write() as uow:
        gallery = uow.collections.get("staff")
        uow.namings.add(gallery.id, ["sub-Ada", "sub-Bob", "sub-Ada"], AT)
        before = uow.namings.waiting(gallery.id)
        uow.namings.add(gallery.id, ["sub-Ada"], AT + timedelta(1))
        uow.namings.done(gallery.id, before)
        assert uow.namings.collections() == [gallery.id]
        assert list(uow.namings.waiting(gallery.id)) == ["sub-Ada"]
        partition = Partition(gallery.id, gallery.encoder)
        ids, templates = uow.namings.unknown(partition, after=0, limit=9)
        assert len(ids) == 2 and templates.shape == (2, len(samples.face().template))
        uow.namings.make_known(ids.tolist(), "sub-Ada")
        assert not len(uow.namings.unknown(partition, after=0, limit=9)[0])
        assert uow.namings.make_unknown(ids.tolist(), "sub-Bob") == []
        assert sorted(uow.namings.make_unknown(ids.tolist(), "sub-Ada")) == ids.tolist()
