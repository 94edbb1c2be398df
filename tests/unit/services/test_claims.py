"""A claim is compared with every face of the subject, however many there are."""

import numpy as np
import pytest
from sqlalchemy import event

from app.domain.errors.gallery import SubjectWithoutFacesError
from app.services.deciding.verification import VerificationOptions, Verifier
from tests.unit.services.conftest import Service, directions, picture

FACES = 7


@pytest.mark.parametrize("most", [2, 3, 100])
@pytest.mark.parametrize("shown", range(FACES))
def test_all_faces_decide_and_the_nearest_is_named(
    service: Service, monkeypatch: pytest.MonkeyPatch, most: int, shown: int
) -> None:
    monkeypatch.setattr("app.services.deciding.comparing._AT_ONCE", most)
    service.encoders.calibrated = False
    faces = service.enrolled("Ann", *directions(FACES))
    verifier = Verifier(service.analyser, service.decider)
    together = 1 / np.sqrt(FACES)
    options = VerificationOptions(similarity_threshold=float(together) - 0.01)
    found = verifier.claim("staff", "Ann", picture(directions(FACES)[shown]), options)
    assert found.verdict.match and found.face_id == faces[shown].id
    assert found.verdict.similarity == pytest.approx(together, abs=1e-3)
    assert found.probe.min_face == 33


def test_ids_are_read_and_templates_and_no_whole_rows(service: Service) -> None:
    service.enrolled("Ann", *directions(FACES))
    statements: list[str] = []
    event.listen(
        service.storage._engines.reader,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: statements.append(statement),
    )
    options = VerificationOptions(similarity_threshold=0.3)
    claim = service.decider.claim("staff", "Ann", options)
    assert service.decider.verify(claim, directions(1)[0]).verdict.match
    read = [statement for statement in statements if "FROM faces" in statement]
    assert len(read) == 2, "ids, and templates of all of them"
    assert not any("landmarks" in statement or "box_x" in statement for statement in read)


def test_a_subject_without_faces_cannot_be_claimed(service: Service) -> None:
    service.enrolled("Ann")
    claim = service.decider.claim("staff", "Ann", VerificationOptions())
    with pytest.raises(SubjectWithoutFacesError):
        service.decider.verify(claim, directions(1)[0])
