"""Collections: create, look up, change."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, get_args

from app.domain.deciding.bounds import MOST_HELD, Usage, bounds, is_bounded
from app.domain.errors.protection import SealedCollectionError
from app.domain.errors.requests import InvalidRequestError
from app.domain.gallery import Collection, Policy, Remember, ReviewMode
from app.domain.metadata import clean_metadata
from app.domain.people.sightings import MOST_DAYS, MOST_PER_DAY
from app.domain.texts import clean_url_name
from app.services.gallery.identifiers import new_id
from app.services.ports import EncoderCatalogue, Storage

_MOST_DAYS = 36_500


class Collections:
    """Galleries by name. Erasure lives in `app.services.gallery.erasure`."""

    def __init__(self, storage: Storage, encoders: EncoderCatalogue) -> None:
        self._storage = storage
        self._encoders = encoders

    def create(
        self,
        name: str,
        *,
        encoder: str | None = None,
        keep_images: bool = True,
        metadata: Mapping[str, Any] | None = None,
        policy: Mapping[str, Any] | None = None,
        sealed: bool = False,
    ) -> Collection:
        """Make one; of a `sealed` one nothing that names a subject is stored but sealed.

        Raises DuplicateCollectionError, EncoderNotReadyError, InvalidRequestError for a name,
        metadata or policy that cannot be kept, or the registry's error for an unknown encoder.
        """
        fields = _kept({"name": name, "metadata": metadata or {}})
        key = self._encoders.resolve(encoder)
        self._encoders.require_ready(key)
        collection = Collection(
            id=new_id(),
            encoder=key,
            keep_images=keep_images,
            created_at=datetime.now(UTC),
            policy=_policy(Policy(), policy or {}),
            sealed=sealed,
            **fields,
        )
        with self._storage.write() as uow:
            return uow.note_result(uow.collections.add(collection))

    def get(self, name: str) -> Collection:
        with self._storage.read() as uow:
            return uow.collections.get(name)

    def list(
        self, *, after: str | None = None, limit: int = 50, only: str | None = None
    ) -> Sequence[Collection]:
        """List by name; `only` keeps the collection with that id, for keys bound to one."""
        with self._storage.read() as uow:
            if only is not None:
                found = uow.collections.by_ids([only])
                return [c for c in found.values() if after is None or c.name > after]
            return uow.collections.list(after=after, limit=limit)

    def default_encoder(self) -> str:
        """The key of the encoder that new collections are bound to. Raises UnknownModelError."""
        return self._encoders.resolve(None)

    def update(self, name: str, changes: Mapping[str, Any]) -> Collection:
        """Change `name`, `keep_images`, `metadata` or what is named of `policy`; raises what
        `create` raises for them, and SealedCollectionError where `sealed` is to become another.
        """
        changes = _kept(changes)
        sealed = changes.pop("sealed", None)
        narrowed = changes.pop("policy", {})
        if "metadata" in changes:
            changes["unreadable"] = ()
        with self._storage.write() as uow:
            found = uow.collections.get(name)
            if sealed not in (None, found.sealed):
                raise SealedCollectionError(
                    "Whether a collection is sealed is settled when it is made.",
                    hint="Make another one, export this one, and import the export into it.",
                )
            changed = replace(found, policy=_policy(found.policy, narrowed), **changes)
            uow.collections.update(changed)
        return changed

    def sizes(self, collections: Sequence[Collection]) -> Mapping[str, tuple[int, int]]:
        """(subjects, faces) by collection id."""
        with self._storage.read() as uow:
            return {c.id: (uow.subjects.count(c.id), uow.faces.count(c.id)) for c in collections}

    def usage(self, collection: Collection) -> Usage | None:
        """Count what its policy bounds; None where it bounds nothing."""
        if not is_bounded(collection.policy):
            return None
        with self._storage.read() as uow:
            return uow.collections.usage(collection)


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a collection as they are stored."""
    kept = dict(fields)
    if "name" in kept:
        kept["name"] = clean_url_name(kept["name"], "collection")
    if "metadata" in kept:
        kept["metadata"] = clean_metadata(kept["metadata"])
    return kept


def _check_remembering(policy: Policy) -> None:
    if policy.remember not in get_args(Remember):
        raise InvalidRequestError("policy.remember is nothing, unknown or all.")
    if policy.require_consent and policy.remember != "nothing":
        raise InvalidRequestError(
            "policy.remember is nothing where consent is required: unknown people gave none.",
            hint="Change one of remember and require_consent.",
        )
    if not 0 < policy.remember_days <= MOST_DAYS:
        raise InvalidRequestError(f"policy.remember_days lies in (0, {MOST_DAYS}].")
    if not 0 < policy.remember_per_day <= MOST_PER_DAY:
        raise InvalidRequestError(f"policy.remember_per_day lies in 1 to {MOST_PER_DAY}.")
    if not 0 <= policy.remember_quality <= 1:
        raise InvalidRequestError("policy.remember_quality lies in [0, 1].")


def _policy(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """The policy with the changes. Raises InvalidRequestError."""
    changed = replace(policy, **changes)
    for name, rate in (("max_fpir", changed.max_fpir), ("max_fmr", changed.max_fmr)):
        if rate is not None and not 0 < rate < 1:
            raise InvalidRequestError(f"policy.{name} lies in (0, 1).")
    if changed.keep_days is not None and not 0 < changed.keep_days <= _MOST_DAYS:
        raise InvalidRequestError(f"policy.keep_days lies in (0, {_MOST_DAYS}].")
    if changed.min_quality is not None and not 0 <= changed.min_quality <= 1:
        raise InvalidRequestError("policy.min_quality lies in [0, 1].")
    if changed.review_mode not in get_args(ReviewMode):
        raise InvalidRequestError("policy.review_mode is off, warn or strict.")
    for each in fields(Usage):
        bound = getattr(bounds(changed), each.name)
        if bound is not None and not (type(bound) is int and 0 <= bound <= MOST_HELD):
            raise InvalidRequestError(f"policy.max_{each.name} is a whole number up to 10^15.")
    _check_remembering(changed)
    return changed
