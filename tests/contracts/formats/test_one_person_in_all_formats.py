"""One store behind all formats: who is enrolled in one is found and erased in every other."""

import pytest

from tests.contracts.formats.conftest import Format
from tests.portraits import eileen, encoded, grace

FORMATS = ["native", "compreface", "deepstack", "rekognition"]
GRACE, AGAIN, EILEEN = encoded(grace()), encoded(grace(), quality=70), encoded(eileen())


@pytest.mark.parametrize("first", FORMATS)
def test_enrolled_in_one_and_erased_in_another(formats: dict[str, Format], first: str) -> None:
    for erasing in FORMATS:
        formats[first].enroll("Grace", GRACE)
        for name, one in formats.items():
            assert one.names() == {"Grace"}, (first, erasing, name)
            if erasing == FORMATS[0]:
                assert one.found(AGAIN) == {"Grace"}, (first, name)
                assert one.found(EILEEN) == set(), (first, name)
        formats[erasing].erase("Grace")
        for name, one in formats.items():
            assert one.names() == set(), (first, erasing, name)
            assert one.found(AGAIN) == set(), (first, erasing, name)
