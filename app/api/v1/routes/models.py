"""The model registry."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from app.answers.jobs import Job
from app.answers.models import ModelCard, Models, ModelSummary
from app.api.kit.access import Cases, GlobalAdmin, LookAtModels
from app.api.kit.body.reading import documented, json_body
from app.api.v1.paths import ModelInPath
from app.api.v1.problems import COMMON_PROBLEMS, JSON_PROBLEMS, ORDER_PROBLEMS, responses
from app.api.v1.routes.jobs import accepted
from app.api.v1.schemas.models import NewPull

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-manifest"))
def list_models(caller: LookAtModels, cases: Cases) -> Models:
    """Models: which there are, which are ready to serve, which does each task by default."""
    registry = cases.registry
    registry.refresh()
    return Models(models=[ModelSummary.of(manifest, registry) for manifest in registry.manifests()])


@router.get("/{key}", responses=responses(*COMMON_PROBLEMS, "invalid-manifest", "unknown-model"))
def get(key: ModelInPath, caller: LookAtModels, cases: Cases) -> ModelCard:
    """A model's card: licence, data, limits, curve, figures; terms of what would be fetched."""
    cases.registry.refresh()
    manifest = cases.registry.manifest(key)
    downloadable = ModelSummary.of(manifest, cases.registry).downloadable
    terms = cases.model_puller.terms(manifest.key) if downloadable else ()
    return ModelCard.of(manifest, cases.registry, terms)


@router.post(
    "/{key}/pull",
    status_code=status.HTTP_202_ACCEPTED,
    openapi_extra=documented(NewPull),
    responses=responses(
        *JSON_PROBLEMS,
        *ORDER_PROBLEMS,
        "unknown-model",
        "wrong-task",
        "invalid-manifest",
        "licence-not-accepted",
        "model-without-address",
        "job-underway",
    ),
)
def pull(
    key: ModelInPath,
    caller: GlobalAdmin,
    body: Annotated[NewPull, Depends(json_body(NewPull))],
    cases: Cases,
    response: Response,
) -> Job:
    """Fetch a model's weights from where its manifest says, as a job; then it is ready.

    Where a licence restricts the use, it has to be accepted. Cancelled or interrupted, what has
    arrived is kept, and the next one goes on from there.
    """
    job = cases.model_puller.order(key, caller, accept_licence=body.accept_licence)
    return accepted(job, response)
