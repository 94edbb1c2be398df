"""The server's limits and state, as programs that administer CompreFace ask for them."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.api.compreface.callers import AnyKey, Gallery
from app.api.kit.access import AtEdge, Browse

router = APIRouter()


@router.get("/config")
def config(caller: AnyKey, edge: AtEdge) -> JSONResponse:
    """Tell how large a picture and a body may be, in bytes."""
    settings = edge.settings
    return JSONResponse(
        {"maxFileSize": settings.max_image_bytes, "maxBodySize": settings.max_request_bytes}
    )


@router.get("/consistence/status")
def consistence(caller: Browse, gallery: Gallery) -> JSONResponse:
    """Tell that all templates of the collection are of its encoder: nothing else is stored."""
    return JSONResponse(
        {
            "demoFaceCollectionIsInconsistent": False,
            "dbIsInconsistent": False,
            "saveImagesToDB": gallery.keep_images,
        }
    )


@router.post("/migrate")
def migrate(caller: AnyKey) -> JSONResponse:
    """Tell that nothing has to be migrated."""
    return JSONResponse("Nothing to migrate: `facet reencode` changes a collection's encoder.")
