"""Requests that a key signs: by whom they are, whether they are whole, and none twice."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.access.key_forms import access_key_owner
from app.domain.access.signatures import SentRequest, Signature
from app.domain.errors.requests import (
    ExpiredSignatureError,
    InvalidKeyError,
    InvalidSignatureError,
    ReplayedRequestError,
)
from app.domain.gallery import ApiKey
from app.domain.protection import Seal
from app.services.key_secrets import KeySecrets
from app.services.keys import Keys, Principal, check_valid
from app.services.ports import Storage

SKEW = timedelta(minutes=5)
"""By which a client's clock may be off, and for how long a signature is good."""
_SAME_SECOND = timedelta(seconds=2)
"""Signatures have whole seconds: within them two equal requests have one signature."""
_SWEEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose signature is proven, or will be as soon as its body is there."""

    key: ApiKey
    principal: Principal
    request: SentRequest
    signature: Signature
    attempt: str
    """What the client calls this attempt at its request; not signed."""
    secrets: Sequence[str] = field(default=(), repr=False)
    """Empty once the signature is proven, since the client declares the body's digest."""


class SignedRequests:
    """Checks signed requests of one region and service."""

    def __init__(
        self,
        storage: Storage,
        keys: Keys,
        seal: Seal,
        region: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._storage, self._keys, self._secrets = storage, keys, KeySecrets(seal)
        self._region, self._now = region, clock
        self._lock = threading.Lock()
        self._swept = datetime.min.replace(tzinfo=UTC)

    def authenticate(self, request: SentRequest, service: str, attempt: str) -> Signed:
        """The caller, before anything of the body is read.

        Where the client declares the body's SHA-256, the signature is proven here, and that the
        body has this digest is left to `check_body`. Where it does not, the digest is part of what
        is signed all the same, so the signature waits for the body; until then the key is known to
        be one, good at this time, in the right region, at a clock that is not off.

        Raises MissingKeyError, InvalidKeyError, ExpiredKeyError, InvalidSignatureError,
        ExpiredSignatureError and ReplayedRequestError.
        """
        signature = Signature.of(request)
        self._check_time(signature)
        if (signature.region, signature.service) != (self._region, service):
            raise InvalidSignatureError(
                "Credential should be scoped to a valid region.",
                hint=f"This is {service} in {self._region}.",
            )
        key, secrets = self._key(signature.access_key_id)
        principal = Principal(key.id, key.scopes, key.collection_id, key.limits)
        signed = Signed(key, principal, request, signature, attempt, secrets)
        if signature.payload is None:
            return signed
        self._prove(signed, signature.payload)
        return Signed(key, principal, request, signature, attempt)

    def check_body(self, signed: Signed, body: bytes | bytearray) -> None:
        """Prove that the body is the one that was signed. Raises InvalidSignatureError and
        ReplayedRequestError."""
        digest = hashlib.sha256(body).hexdigest()
        if signed.secrets:
            self._prove(signed, digest)
        elif digest != signed.signature.payload:
            raise _mismatch()

    def _check_time(self, signature: Signature) -> None:
        now = self._now()
        if abs(now - signature.moment) > SKEW:
            late = "expired" if signature.moment < now else "not yet current"
            raise ExpiredSignatureError(
                f"Signature {late}: the request says {signature.moment:%Y%m%dT%H%M%SZ}, and here "
                f"it is {now:%Y%m%dT%H%M%SZ}.",
                hint="Set the client's clock, or sign the request anew.",
            )

    def _key(self, access_key_id: str) -> tuple[ApiKey, Sequence[str]]:
        """A key that signs requests, and its secrets. Raises InvalidKeyError, ExpiredKeyError."""
        key_id = access_key_owner(access_key_id)
        if key_id is None:
            raise _unknown_key()
        with self._storage.read() as uow:
            found, sealed = uow.keys.get(key_id), uow.signatures.secrets_of(key_id)
        try:
            key = check_valid(found if sealed else None)
        except InvalidKeyError as error:
            raise _unknown_key() from error
        return key, self._secrets.opened(key, sealed)

    def _prove(self, signed: Signed, payload: str) -> None:
        if not any(
            signed.signature.matches(signed.request, payload, secret) for secret in signed.secrets
        ):
            raise _mismatch()
        self._refuse_repeated(signed)
        self._keys.note_use(signed.key)

    def _refuse_repeated(self, signed: Signed) -> None:
        """Note the signature in the database, which all processes share.

        Without a number in what is signed, two calls that say the same in the same second have the
        same signature. SDKs give each attempt a name of its own, which they do not sign: with a new
        one a signature passes again, but only until the second is over. The disk is not waited
        for: what a power cut takes along are signatures of the moments before it.
        """
        now, attempt = self._now(), hashlib.sha256(signed.attempt.encode()).hexdigest()
        with self._storage.write(durable=False) as uow:
            if self._is_time_to_sweep(now):
                uow.signatures.forget_before(now - 3 * SKEW)
            value, since = signed.signature.value, now - _SAME_SECOND
            if not uow.signatures.note(value, attempt, now, since=since):
                raise ReplayedRequestError(
                    "The request was received before.", hint="Sign a new one for each call."
                )

    def _is_time_to_sweep(self, now: datetime) -> bool:
        with self._lock:
            due = now - self._swept > _SWEEP
            if due:
                self._swept = now
            return due


def _unknown_key() -> InvalidKeyError:
    return InvalidKeyError("The security token included in the request is invalid.")


def _mismatch() -> InvalidSignatureError:
    return InvalidSignatureError(
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details."
    )
