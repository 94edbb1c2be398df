"""The model registry."""

from fastapi import APIRouter

from app.answers.models import ModelCard, Models, ModelSummary
from app.api.kit.access import Cases, LookAtModels
from app.api.v1.paths import ModelInPath
from app.api.v1.problems import COMMON_PROBLEMS, responses

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", responses=responses(*COMMON_PROBLEMS, "invalid-manifest"))
def list_models(caller: LookAtModels, cases: Cases) -> Models:
    """Models: which there are, which are ready to serve, which does each task by default."""
    registry = cases.registry
    registry.refresh()
    return Models(models=[ModelSummary.of(manifest, registry) for manifest in registry.manifests()])


@router.get("/{key}", responses=responses(*COMMON_PROBLEMS, "invalid-manifest", "unknown-model"))
def get(key: ModelInPath, caller: LookAtModels, cases: Cases) -> ModelCard:
    """A model's card: licence, data, limits, threshold curve, measured figures."""
    cases.registry.refresh()
    return ModelCard.of(cases.registry.manifest(key), cases.registry)
