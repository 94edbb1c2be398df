"""The review of faces before they are enrolled, whatever way they come."""

from collections.abc import Iterator

import pytest

from app.domain.errors.gallery import EncoderMismatchError
from app.domain.gallery import Policy, ReviewMode
from app.services.enrolling.pictures import PictureOptions
from app.services.people.unnamed import UnnamedPicture
from tests.fakes.analyser import picture
from tests.fakes.service import Service


@pytest.fixture
def staff(sqlite_database: str) -> Iterator[Service]:
    service = Service(sqlite_database)
    service.collections.create("staff")
    service.enrol("Ada", picture("Ada"), picture("Ada", take=2))
    service.enrol("Bob", picture("Bob"))
    yield service
    service.close()


def review(service: Service, mode: ReviewMode) -> None:
    changed = service.collections.update("staff", {"policy": {"review_mode": mode}})
    assert service.collections.get("staff").policy == changed.policy == Policy(review_mode=mode)


@pytest.mark.parametrize("name", ["Bob", "Somebody new"])
def test_a_face_of_somebody_else_is_refused_or_told(staff: Service, name: str) -> None:
    (off,) = staff.enrol(name, picture("Ada", take=4), duplicates="ignore")
    assert (off.doubt, off.error) == (None, None) and off.face is not None
    staff.erasure.face("staff", off.face.id)
    review(staff, "warn")
    (warned,) = staff.enrol(name, picture("Ada", take=4), duplicates="ignore")
    assert warned.face is not None and warned.doubt is not None
    assert warned.doubt.slug == "resembles-another" and "'Ada'" in warned.doubt.message
    staff.erasure.face("staff", warned.face.id)
    review(staff, "strict")
    (refused,) = staff.enrol(name, picture("Ada", take=4), duplicates="ignore")
    assert refused.face is None and refused.error is not None
    assert refused.error.slug == "resembles-another"
    assert refused.error.data["subject_id"] == staff.subjects.get_or_create("staff", "Ada").id


def test_a_face_of_the_right_person_is_enrolled(staff: Service) -> None:
    review(staff, "strict")
    (ada, new) = (staff.enrol(name, picture(name, take=5))[0] for name in ("Ada", "Somebody new"))
    assert ada.face is not None and new.face is not None and ada.doubt is new.doubt is None


def test_a_picture_of_everybody_is_reviewed_too(staff: Service) -> None:
    review(staff, "strict")
    both = picture("Ada", "Carol", take=3)
    done = staff.picture_enroller.enroll("staff", both, PictureOptions(external_id="Bob"))
    assert len(done.taken) == 1
    (left,) = done.left_out
    assert left.error is not None and left.error.slug == "resembles-another"


def test_a_named_group_is_reviewed_too(staff: Service) -> None:
    review(staff, "strict")
    faces = [UnnamedPicture(f"{n}.jpg", lambda n=n: picture("Ada", take=n)) for n in (6, 7)]  # type: ignore[misc]
    list(staff.unnamed_importer.run("staff", faces, workers=1))
    staff.groups.refresh("staff")
    (group,) = staff.groups.list("staff").groups
    with pytest.raises(EncoderMismatchError, match="another subject"):
        staff.groups.assign("staff", group.id, new_subject="Not Ada")
    ada = staff.subjects.get_or_create("staff", "Ada").id
    assert len(staff.groups.assign("staff", group.id, subject_id=ada).face_ids) == 2
