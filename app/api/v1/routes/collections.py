"""Collections."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from app.answers.gallery import Collection, Page, Receipt
from app.api.kit.access import Admin, Browse, Cases, GlobalAdmin
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paging import Cursor, Limit, after, page
from app.api.v1.paths import CollectionInPath, DryRun
from app.api.v1.problems import CHANGE_PROBLEMS, COMMON_PROBLEMS, JSON_PROBLEMS, responses
from app.api.v1.schemas.gallery import CollectionChanges, NewCollection

router = APIRouter(prefix="/collections", tags=["collections"])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=documented(NewCollection),
    responses=responses(
        *JSON_PROBLEMS,
        "duplicate-collection",
        "unknown-model",
        "wrong-task",
        "encoder-not-ready",
        "invalid-manifest",
    ),
)
def create(
    caller: GlobalAdmin,
    body: Annotated[NewCollection, Depends(json_body(NewCollection))],
    cases: Cases,
) -> Collection:
    """Make a collection, bound to an encoder until it is re-encoded."""
    made = cases.collections.create(
        body.name,
        encoder=body.encoder,
        keep_images=body.keep_images,
        metadata=body.metadata,
        policy=body.policy.model_dump(exclude_unset=True),
        sealed=body.sealed,
    )
    return Collection.of(made, {})


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-cursor"))
def list_collections(
    caller: Browse, cases: Cases, cursor: Cursor = None, limit: Limit = 50
) -> Page[Collection]:
    """Collections by name."""
    rows = cases.collections.list(after=after(cursor), limit=limit + 1, only=caller.collection_id)
    sizes = cases.collections.sizes(rows)
    return page(rows, limit, lambda row: Collection.of(row, sizes), lambda row: row.name)


@router.get("/{collection}", responses=responses(*COMMON_PROBLEMS, "unknown-collection"))
def get(collection: CollectionInPath, caller: Browse, cases: Cases) -> Collection:
    """One collection and its size."""
    found = cases.collections.get(collection)
    return Collection.of(found, cases.collections.sizes([found]), cases.collections.usage(found))


@router.patch(
    "/{collection}",
    openapi_extra=documented(CollectionChanges),
    responses=responses(
        *JSON_PROBLEMS,
        "unknown-collection",
        "duplicate-collection",
        "sealed-collection",
    ),
)
def update(
    collection: CollectionInPath,
    caller: Admin,
    body: Annotated[CollectionChanges, Depends(json_body(CollectionChanges))],
    cases: Cases,
) -> Collection:
    """Rename it, change its metadata, policy, or whether images of new faces are kept.

    A key that is bound to the collection cannot rename it.
    """
    if body.name not in ("", collection):
        # Whether a name is free tells of collections that the key must not know.
        caller.require_unbound()
    changed = cases.collections.update(collection, body.model_dump(exclude_unset=True))
    return Collection.of(
        changed, cases.collections.sizes([changed]), cases.collections.usage(changed)
    )


@router.delete(
    "/{collection}",
    responses=responses(*CHANGE_PROBLEMS, "unknown-collection", "index-unavailable"),
)
def erase(
    collection: CollectionInPath, caller: Admin, cases: Cases, dry_run: DryRun = False
) -> Receipt:
    """Erase the collection and everybody in it."""
    return Receipt.of(cases.erasure.collection(collection, dry_run=dry_run), dry_run=dry_run)
