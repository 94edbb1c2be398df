"""The audit record as it is shown."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.auditing.entries import AuditRecord


class AuditEntry(BaseModel):
    """One action of one caller. It names nobody: people are ids of subjects and faces."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "seq": 41,
                    "time": "2026-01-31T12:00:00.123456+00:00",
                    "origin": "http",
                    "key": "1f3870be274f6c49",
                    "address": "192.0.2.7",
                    "request_id": "9a1f6c2e7f0d4d0b8a3f0c9d2b7e5a61",
                    "action": "recognize",
                    "outcome": "known",
                    "collection": "staff",
                    "collection_id": "019a0c0e11220123456789abcdef0123",
                    "subject": "019a0c0f5b7c0123456789abcdef0123",
                    "faces": [42],
                    "decision": {
                        "asked": "identify",
                        "encoder": "facenet-resnet29@1",
                        "threshold": 0.503,
                        "threshold_fmr": 1e-5,
                        "similarity": 0.871,
                        "fmr": 4e-6,
                        "fmr_is_bound": True,
                    },
                    "details": {},
                    "hash": "0f" * 32,
                }
            ]
        }
    )

    seq: int = Field(description="Its place in the chain, from 1 on without a gap.")
    time: str = Field(json_schema_extra={"format": "date-time"})
    origin: Literal["http", "command"]
    key: str = Field(description="Id of the API key; `local` for commands and where keys are off.")
    address: str
    request_id: str
    action: str
    outcome: str = Field(
        description="`done`, `begun`, what was decided, or the code of the error it ended with."
    )
    collection: str | None = Field(description="Its name at that time.")
    collection_id: str | None
    subject: str | None
    faces: list[int]
    decision: dict[str, Any] | None = Field(
        description="What was asked, threshold and its rate, similarity, rate and whether that "
        "is a bound as the answer gave them."
    )
    details: dict[str, Any]
    hash: str = Field(description="SHA-256 of the hash before and this entry's canonical JSON.")

    @classmethod
    def of(cls, record: AuditRecord) -> Self:
        """The entry with its hash; of one that was tampered with, that it cannot be read."""
        try:
            return cls.model_validate(record.fields())
        except (ValueError, TypeError, RecursionError):
            nothing = dict.fromkeys(("collection", "collection_id", "subject", "decision"))
            known = {"seq": record.seq, "hash": record.hash, "outcome": "unreadable"}
            texts = dict.fromkeys(("time", "key", "address", "request_id", "action"), "")
            return cls(**nothing, **known, **texts, origin="http", faces=[], details={})
