"""API keys, for administrators of the whole service."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status
from pydantic import BaseModel

from app.answers.gallery import Page
from app.answers.keys import Key, KeyWithSecret, RevokedKey
from app.api.kit.access import Cases, GlobalAdmin
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.keys import LimitChanges, NewKey, Rotation

router = APIRouter(prefix="/keys", tags=["keys"])

KeyInPath = Annotated[
    str, Path(max_length=64, description="The key's id.", examples=["0011223344556677"])
]
_UNKNOWN = "unknown-key"


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(NewKey),
    responses=responses(*JSON_PROBLEMS, "unknown-collection"),
)
def create(
    caller: GlobalAdmin,
    body: Annotated[NewKey, Depends(json_body(NewKey))],
    cases: Cases,
    response: Response,
) -> KeyWithSecret:
    """Make a key. It is shown in this answer and never again."""
    response.headers["Cache-Control"] = "no-store"
    return KeyWithSecret.made(
        *cases.keys.create(
            body.name,
            scopes=body.scopes,
            collection=body.collection,
            lifetime=body.lifetime,
            form=body.form,
        )
    )


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_keys(
    caller: GlobalAdmin, cases: Cases, cursor: Cursor = None, limit: Limit = 50
) -> Page[Key]:
    """Keys by id, those too that have ended."""
    rows = cases.keys.page(after=after(cursor), limit=limit + 1)
    return page(rows, limit, Key.of, lambda row: row.id)


@router.get("/{key}", responses=responses(*COMMON_PROBLEMS, _UNKNOWN))
def get(key: KeyInPath, caller: GlobalAdmin, cases: Cases) -> Key:
    """One key."""
    return Key.of(cases.keys.get(key))


@router.post(
    "/{key}/rotations",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(Rotation),
    responses=responses(*JSON_PROBLEMS, _UNKNOWN, "revoked-key"),
)
def rotate(
    key: KeyInPath,
    caller: GlobalAdmin,
    body: Annotated[Rotation, Depends(json_body(Rotation))],
    cases: Cases,
    response: Response,
) -> KeyWithSecret:
    """Give the key a new secret, which is shown once; both are taken while they overlap."""
    response.headers["Cache-Control"] = "no-store"
    overlap = timedelta(hours=body.overlap_hours)
    return KeyWithSecret.made(*cases.keys.rotate(key, overlap=overlap, lifetime=body.lifetime))


@router.patch(
    "/{key}/limits",
    openapi_extra=documented(LimitChanges),
    responses=responses(*JSON_PROBLEMS, _UNKNOWN),
)
def limit(
    key: KeyInPath,
    caller: GlobalAdmin,
    body: Annotated[BaseModel, Depends(json_body(LimitChanges))],
    cases: Cases,
) -> Key:
    """Limit what the key may ask for, from its next request on."""
    return Key.of(cases.keys.limit(key, body.model_dump(exclude_unset=True)))


@router.delete("/{key}", responses=responses(*CHANGE_PROBLEMS, _UNKNOWN, "last-admin-key"))
def revoke(
    key: KeyInPath,
    caller: GlobalAdmin,
    cases: Cases,
    dry_run: Annotated[bool, Query(description="Only tell what would be revoked.")] = False,
    force: Annotated[bool, Query(description="Be it the last that may administer.")] = False,
) -> RevokedKey:
    """End a key at once and for good."""
    revocation = cases.keys.revoke(key, force=force, dry_run=dry_run)
    return RevokedKey.of(revocation, dry_run=dry_run)
