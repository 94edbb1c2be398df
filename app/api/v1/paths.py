"""Parameters of paths and queries that several routes share."""

from typing import Annotated

from fastapi import Header, Path, Query

CollectionInPath = Annotated[
    str, Path(max_length=63, description="The collection's name.", examples=["staff"])
]
SubjectInPath = Annotated[
    str,
    Path(
        max_length=64,
        description="The subject's id.",
        examples=["019a0c0f5b7c0123456789abcdef0123"],
    ),
]
JobInPath = Annotated[
    str,
    Path(max_length=64, description="The job's id.", examples=["019a0c0f5b7c0123456789abcdef0123"]),
]
GroupInPath = Annotated[
    str,
    Path(
        max_length=64, description="The group's id.", examples=["019a0c0f5b7c0123456789abcdef0123"]
    ),
]
WebhookInPath = Annotated[
    str,
    Path(
        max_length=64,
        description="The webhook's id.",
        examples=["019a0c0f5b7c0123456789abcdef0123"],
    ),
]
SightingInPath = Annotated[
    int, Path(ge=1, le=2**63 - 1, description="The sighting's id.", examples=[42])
]
OperationInPath = Annotated[
    str,
    Path(
        max_length=64,
        description="The operation's id.",
        examples=["019a0c0f5b7c0123456789abcdef0123"],
    ),
]
FaceInPath = Annotated[int, Path(ge=1, le=2**63 - 1, description="The face's id.", examples=[42])]
ModelInPath = Annotated[
    str,
    Path(
        max_length=100,
        description="`name@version`, or a name for its newest version.",
        examples=["facenet-resnet29@1"],
    ),
]
DryRun = Annotated[bool, Query(description="Only tell what would be erased.")]
IfMatch = Annotated[
    str | None,
    Header(
        max_length=200,
        description="The `ETag` as it was seen: after another edit the answer is a 412.",
    ),
]
