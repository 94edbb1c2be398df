"""Keys of sealed collections: what they seal, and the tokens that they make."""

import pytest

from app.domain.errors.protection import SealBrokenError, WrongMasterKeyError
from app.protection.collection_keys import CollectionKeys
from app.protection.master_key import MasterKey

MASTER = MasterKey([bytes(32)])
KEYS = CollectionKeys(MASTER)
SEALED = KEYS.make("col-1")
KEY = KEYS.of("col-1", SEALED)


@pytest.mark.parametrize("value", ["Zoë", "", None, ["a", {"b": [1, 2.5, True, None]}], "☃" * 200])
def test_a_value_comes_back_in_its_context_alone(value: object) -> None:
    sealed = KEY.seal(value, "subject/1")
    assert KEY.open(sealed, "subject/1") == value
    assert sealed != KEY.seal(value, "subject/1")
    for other, context in ((sealed, "subject/2"), (sealed[:-1], "subject/1"), (b"", "subject/1")):
        with pytest.raises(SealBrokenError):
            KEY.open(other, context)
    with pytest.raises(SealBrokenError):
        KEY.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "subject/1")


def test_lengths_are_told_in_steps() -> None:
    lengths = {len(KEY.seal("a" * length, "subject/1")) for length in range(62)}
    assert len(lengths) == 1
    assert len(KEY.seal("a" * 63, "subject/1")) == lengths.pop() + 64


def test_tokens_differ_by_text_kind_and_collection() -> None:
    other = KEYS.of("col-2", KEYS.make("col-2"))
    made = [
        KEY.token("name", "Ada"),
        KEY.token("name", "ada"),
        KEY.token("external-id", "Ada"),
        KEY.token("nam", "e\0Ada"),
        other.token("name", "Ada"),
    ]
    assert made[0] == KEYS.of("col-1", SEALED).token("name", "Ada")
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {43}


def test_a_key_is_of_its_collection_and_master_key() -> None:
    with pytest.raises(SealBrokenError):
        KEYS.of("col-2", SEALED)
    with pytest.raises(WrongMasterKeyError):
        CollectionKeys(MasterKey([bytes(range(32))])).of("col-1", SEALED)


def test_a_renewed_key_is_the_same_key() -> None:
    both = CollectionKeys(MasterKey([bytes(range(32)), bytes(32)]))
    assert KEYS.is_current(SEALED) and not both.is_current(SEALED)
    renewed = both.renewed("col-1", SEALED)
    assert both.is_current(renewed)
    alone = CollectionKeys(MasterKey([bytes(range(32))]))
    assert alone.of("col-1", renewed).open(KEY.seal("Ada", "x"), "x") == "Ada"
