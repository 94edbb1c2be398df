"""Places of followers: a key takes its own share, and leaves the others' alone."""

import pytest

from app.api.streams import StreamPlaces
from app.domain.errors.trouble import OverloadedError


def test_one_key_does_not_take_all_places() -> None:
    places = StreamPlaces(3, 2)
    places.take("a")
    places.take("a")
    with pytest.raises(OverloadedError, match="2 streams"):
        places.take("a")
    places.take("b")
    with pytest.raises(OverloadedError, match="Too many clients"):
        places.take("c")
    places.leave("a")
    places.take("c")
    assert dict(places._taken) == {"a": 1, "b": 1, "c": 1}


def test_a_key_may_have_a_limit_of_its_own() -> None:
    places = StreamPlaces(10, 2)
    places.take("a", 1)
    with pytest.raises(OverloadedError, match="1 stream"):
        places.take("a", 1)
    for _ in range(4):
        places.take("b", 4)
    places.leave("a")
    assert set(places._taken) == {"b"}
