"""Signed receipts as they are shown, and the keys that they are checked by."""

import base64
import json
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.people import receipts as domain


class SignedReceipt(BaseModel):
    """A receipt of an erasure, which anybody can check who has the public key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "receipt": {
                        "format": 1,
                        "id": "019a0c0f5b7c0123456789abcdef0123",
                        "at": "2026-01-31T12:00:00+00:00",
                        "erased": "subject",
                        "erased_id": "019a0c0f5b7c0123456789abcdef0123",
                        "collection_id": "019a0c0e11220123456789abcdef0123",
                        "removed": {"subjects": 1, "faces": 3, "templates": 3, "images": 3},
                        "index": "done",
                        "log_emptied": True,
                        "reason": "request",
                        "key": "5b0f7c3f1f0f9a11",
                    },
                    "signature": "c2lnbmF0dXJl",
                    "key": "5b0f7c3f1f0f9a11",
                }
            ]
        }
    )

    receipt: dict[str, Any] = Field(
        description="What was erased, when and how much of it, in ids and numbers. Signed is its "
        "JSON with keys in order, without spaces, in ASCII."
    )
    signature: str = Field(description="Ed25519, in base64.")
    key: str = Field(description="Id of the key that signed.")

    @classmethod
    def of(cls, signed: domain.SignedReceipt) -> Self:
        signature = base64.b64encode(signed.signature).decode()
        return cls(receipt=json.loads(signed.content), signature=signature, key=signed.key_id)


class ReceiptKey(BaseModel):
    """The public half of a key that signs receipts."""

    id: str
    public_key: str = Field(description="Ed25519, in PEM.")
    made_at: datetime

    @classmethod
    def of(cls, found: tuple[domain.ReceiptKey, str]) -> Self:
        key, pem = found
        return cls(id=key.id, public_key=pem, made_at=key.made_at)


class ReceiptKeys(BaseModel):
    """Every key that has signed receipts, the one that signs now last."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "5b0f7c3f1f0f9a11",
                            "public_key": "-----BEGIN PUBLIC KEY-----\n…",
                            "made_at": "2026-01-31T12:00:00Z",
                        }
                    ]
                }
            ]
        }
    )

    items: list[ReceiptKey]
