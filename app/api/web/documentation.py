"""The description of the API for people and machines, from this package and nowhere else.

Swagger UI comes with the package fastapi-offline, of which nothing but these files is used.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from app.api.edge import Edge
from app.api.web import console
from app.settings import Settings

_TYPES = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
}
# Addresses are relative, so that the page works below any prefix.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Facet: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
}
_ASSET_HEADERS = {"Cache-Control": "public, max-age=3600"}

_pages = APIRouter(include_in_schema=False)
_description = Lock()


def router(edge: Edge) -> APIRouter:
    """The index of addresses, and the description unless it is switched off."""
    made = APIRouter(include_in_schema=False)
    links = _links(edge.settings)

    @made.get("/", response_class=JSONResponse)
    def index(request: Request, accept: Annotated[str, Header()] = "") -> Response:
        page = links.get("console", links.get("docs"))
        if page is not None and "text/html" in accept:
            return RedirectResponse(page)
        prefix = request.scope.get("root_path", "")
        addresses = {name: prefix + path for name, path in links.items()}
        return JSONResponse({"service": "Facet", **addresses})

    if edge.settings.docs == "on":
        made.include_router(_pages)
    return made


def _links(settings: Settings) -> Mapping[str, str]:
    links = {"health": "/healthz", "ready": "/readyz"}
    if "native" in settings.wire_formats:
        links = {"api": "/v1", **links}
    if console.is_served(settings):
        links |= {"console": "/console/"}
    if settings.docs == "on" and not settings.operations_port:  # which has them then
        links |= {"docs": "/docs", "openapi": "/openapi.json"}
    return links


@_pages.get("/docs", response_class=HTMLResponse)
def docs() -> HTMLResponse:
    """Swagger UI over the description."""
    return HTMLResponse(_PAGE, headers=_PAGE_HEADERS)


@_pages.get("/docs/assets/{name}", response_class=Response)
def asset(name: str) -> Response:
    """A file that the page loads."""
    if name not in _TYPES:
        raise HTTPException(404)
    headers = {"Content-Type": _TYPES[name], **_ASSET_HEADERS}
    return Response(_asset(name), headers=headers)


@_pages.get("/openapi.json", response_class=Response)
def openapi(request: Request) -> Response:
    """The description, with the prefix below which the service is found."""
    with _description:  # made once, which takes a while
        description: dict[str, Any] = request.app.openapi()
    prefix = request.scope.get("root_path", "")
    if prefix:
        description = {**description, "servers": [{"url": prefix}]}
    return Response(json.dumps(description, ensure_ascii=False), media_type="application/json")


@cache
def _asset(name: str) -> bytes:
    if name == "start.js":
        return _START.encode()
    path = distribution("fastapi-offline").locate_file(f"fastapi_offline/static/{name}")
    return Path(str(path)).read_bytes()
