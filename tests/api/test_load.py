"""What a busy server answers: soon, honestly, and with a time to come back."""

import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.settings import Settings
from tests.api.conftest import Client, running
from tests.portraits import encoded, grace


def asked_to_come_back(answer: object, code: str) -> None:
    assert answer.status_code == 503, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert int(answer.headers["retry-after"]) >= 1  # type: ignore[attr-defined]
    assert answer.json()["code"] == code  # type: ignore[attr-defined]
    assert answer.json()["hint"]  # type: ignore[attr-defined]


@pytest.fixture
def hasty(settings: Settings) -> Iterator[Client]:
    """A server that has less time than a picture needs."""
    with running(settings.model_copy(update={"request_deadline": 0.001})) as client:
        yield client


def test_a_request_that_takes_too_long_is_told_so(hasty: Client) -> None:
    image = encoded(grace())
    asked_to_come_back(hasty.post("/v1/detect", files={"image": image}), "deadline-exceeded")
    files = {"reference": image, "probe": image}
    asked_to_come_back(hasty.post("/v1/verify", files=files), "deadline-exceeded")


def test_an_enrolment_that_takes_too_long_stores_nothing(hasty: Client) -> None:
    hasty.collection()
    subject = hasty.subject("Grace Hopper")
    image = encoded(grace())
    asked_to_come_back(hasty.enrol(subject, image, image), "deadline-exceeded")
    assert hasty.contents() == (1, 0)


def test_large_pictures_are_refused_while_small_ones_are_served(settings: Settings) -> None:
    tight = settings.model_copy(update={"workers": 2, "queue": 8, "heavy_pixels": 200_000})
    large, small = encoded(grace()), encoded(grace().resize((256, 300)))
    with running(tight) as client, ThreadPoolExecutor(8) as pool:

        def detect(image: bytes) -> int:
            answer = client.post("/v1/detect", files={"image": image})
            if answer.status_code != 200:
                asked_to_come_back(answer, "overloaded")
            return int(answer.status_code)

        for _ in range(5):
            heavy = [pool.submit(detect, large) for _ in range(6)]
            assert detect(small) == 200
            if 503 in {future.result() for future in heavy}:
                break
        else:
            pytest.fail("six large pictures at once were all let in")
        assert detect(large) == 200


def test_a_closed_application_is_freed_before_the_next_is_opened(settings: Settings) -> None:
    """A process of tests opens a hundred, which would take five gigabytes."""
    with running(settings) as client:
        closed = weakref.ref(client.app.edge.use_cases.operations)
        del client
    with running(settings):
        assert closed() is None
