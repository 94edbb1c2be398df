"""A collection's policy binds whoever asks, where faces are decided and where they are enrolled."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.deciding.policy import permitted_search
from app.domain.deciding.terms import ComparisonTerms, SearchTerms
from app.domain.errors.gallery import OutsidePolicyError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Policy
from app.files.images import FileImageStore
from app.protection.data_keys import DataKeys
from app.protection.master_key import MasterKey
from app.services.deciding.questions import Probe
from app.services.enrolling.enrolment import Enroller, EnrolmentOptions
from app.services.enrolling.gate import EnrolmentGate
from app.services.gallery.collections import Collections
from app.services.gallery.image_files import KeptPictures
from tests.unit.services.conftest import CURVE, Service, between, directions, picture

ANN, BOB, NEW, NOBODY = directions(4)


@pytest.fixture
def staff(service: Service) -> Service:
    for name, template in (("Ann", ANN), ("Bob", BOB)):
        service.enrolled(name, template)
    service.enrolled("New")
    return service


def narrowed(service: Service, **changes: Any) -> Policy:
    return (
        Collections(service.storage, service.encoders).update("staff", {"policy": changes}).policy
    )


def searched(service: Service, **terms: Any) -> float:
    search = service.decider.search("staff", SearchTerms(**terms))
    return service.decider.identify(search, [Probe(ANN)]).threshold.similarity


def claimed(service: Service, **terms: Any) -> float:
    return service.decider.claim(
        "staff", "Ann", ComparisonTerms(**terms)
    ).comparison.threshold.similarity


def test_the_laxest_rates_bind_searches_and_claims(staff: Service) -> None:
    before = searched(staff)
    narrowed(staff, max_fpir=0.001, max_fmr=1e-4)
    assert searched(staff) == searched(staff, fpir=0.001) > before, "it operates at the policy's"
    assert searched(staff, fpir=0.0001) > searched(staff)
    with pytest.raises(OutsidePolicyError, match=r"0\.001"):
        searched(staff, fpir=0.01)
    assert claimed(staff) == CURVE.similarity(1e-4)
    with pytest.raises(OutsidePolicyError, match=r"0\.0001"):
        claimed(staff, fmr=1e-3)


def test_a_similarity_is_no_way_around_a_rate(staff: Service) -> None:
    narrowed(staff, max_fpir=0.001, max_fmr=1e-4)
    operating = searched(staff)
    assert searched(staff, similarity_threshold=operating) == operating
    for lax in (-1.0, operating - 0.001):
        with pytest.raises(OutsidePolicyError, match="similarity"):
            searched(staff, similarity_threshold=lax)
    with pytest.raises(OutsidePolicyError, match="similarity"):
        claimed(staff, similarity_threshold=-1.0)
    assert claimed(staff, similarity_threshold=0.95) == 0.95
    staff.encoders.calibrated = False
    with pytest.raises(OutsidePolicyError):
        claimed(staff, similarity_threshold=0.99)


def test_nobody_names_thresholds_where_none_may_be_named(staff: Service) -> None:
    narrowed(staff, own_thresholds=False)
    for terms in ({"fpir": 0.001}, {"similarity_threshold": 0.99}, {"fpir": 0.5}):
        with pytest.raises(OutsidePolicyError, match="thresholds of their own"):
            searched(staff, **terms)
    with pytest.raises(OutsidePolicyError):
        claimed(staff, similarity_threshold=0.99)
    assert searched(staff) == searched(staff, fpir=0.01), "the collection's own rate is no other"


def test_the_rate_of_the_policy_is_no_threshold_of_the_caller(staff: Service) -> None:
    policy = narrowed(staff, max_fpir=0.001)
    assert not permitted_search(policy, SearchTerms()).own_threshold
    assert not permitted_search(policy, SearchTerms(fpir=0.001)).own_threshold
    assert permitted_search(policy, SearchTerms(fpir=0.0001)).own_threshold


def test_lookalikes_are_looked_for_at_the_policys_rate(staff: Service) -> None:
    alike = between(ANN, NOBODY, searched(staff) + 0.001)
    with staff.storage.read() as uow:
        gallery = uow.collections.get("staff")
    (found,) = staff.decider.lookalikes(gallery, "New", [alike])
    assert [one.subject.name for one in found.named] == ["Ann"]
    strict = replace(gallery, policy=Policy(max_fpir=1e-6))
    assert not staff.decider.lookalikes(strict, "New", [alike])[0]


def test_quality_may_be_asked_for_but_not_waived(staff: Service, tmp_path: Path) -> None:
    cipher = DataKeys(MasterKey([bytes(32)]))
    images = KeptPictures(staff.storage, FileImageStore(tmp_path), cipher)
    gate = EnrolmentGate(min_face=40, min_quality=0.2)
    enroller = Enroller(
        staff.storage, images, staff.analyser, staff.follower, gate, staff.decider, staff.review
    )
    narrowed(staff, min_quality=0.9)

    def enrolled(**options: Any) -> bool:
        chosen = EnrolmentOptions(allow_repeats=True, **options)
        (result,) = enroller.enrol("staff", "New", [picture(NEW)], chosen).results
        return result.face is not None

    with pytest.raises(OutsidePolicyError, match=r"0\.9"):
        enrolled(min_quality=0.0)
    assert enrolled() and enrolled(min_quality=0.95)


@pytest.mark.parametrize("bad", [{"max_fpir": 0}, {"max_fmr": 1}, {"min_quality": 2.0}])
def test_a_policy_has_bounds(staff: Service, bad: dict[str, float]) -> None:
    with pytest.raises(InvalidRequestError, match="policy"):
        narrowed(staff, **bad)


def test_what_is_left_out_of_a_change_stays(staff: Service) -> None:
    narrowed(staff, max_fpir=0.001, own_thresholds=False)
    assert narrowed(staff, max_fpir=None) == Policy(own_thresholds=False)
