"""UUIDs of faces and pictures."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.foreign.identifiers import face_of_uuid, face_uuid, picture_uuid


@given(st.integers(1, 2**63 - 1))
def test_a_face_is_read_back_from_its_uuid(face_id: int) -> None:
    text = face_uuid(face_id)
    assert UUID(text).version is None or UUID(text).variant == "specified in RFC 4122"
    assert text == text.lower() and len(text) == 36 and text[14] == "8"
    assert face_of_uuid(text) == face_id == face_of_uuid(text.upper())


def test_it_stays_what_it_was() -> None:
    assert face_uuid(1) == "fac37000-0000-8000-8000-000000000001"
    assert face_uuid(2**63 - 1) == "fac37000-0000-8001-bfff-ffffffffffff"


@pytest.mark.parametrize(
    "text",
    ["", "x", "fac37000-0000-8000-8000-000000000000", "fac37000-0000-8002-8000-000000000001"],
)
def test_no_other_text_names_a_face(text: str) -> None:
    assert face_of_uuid(text) is None
    assert face_of_uuid(str(uuid4())) is None


def test_pictures_have_uuids_that_tell_nothing() -> None:
    digest = "ab" * 32
    assert picture_uuid(digest) == picture_uuid(digest) != picture_uuid("cd" * 32)
    assert digest[:8] not in picture_uuid(digest)
    assert UUID(picture_uuid(digest))
