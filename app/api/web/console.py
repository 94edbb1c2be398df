"""The console's files, as `make console` has built them: one page, and what it loads.

Nothing comes from elsewhere, and no script stands in the page. Names of files have a digest of
their content, so that browsers keep them; the page itself is asked for each time.
"""

import gzip
import secrets
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.api.edge import Edge
from app.api.kit.errors import NotFoundError
from app.settings import Settings

BUILT = Path(__file__).parent / "assets"
"""`index.html`, and the directory `files` beside it."""
_PREFIX = "/console/"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_COMPRESSED = frozenset({".js", ".css", ".json", ".svg"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
_NOT_BUILT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<base href="__BASE__">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Facet: the console is not built</title>
<link rel="icon" href="data:,">
<style nonce="__NONCE__">body { font: 1rem/1.5 sans-serif; margin: 3rem auto; max-width: 40rem;
padding: 0 1rem }</style>
</head>
<body>
<h1>The console is not built</h1>
<p>The server runs, and everything else works. This checkout lacks the console's pages alone.
Build them, which needs no Node of your own, then load this page anew:</p>
<pre>make console</pre>
<p>Until then: <a href="../docs">the description of the API</a>.</p>
</body>
</html>
"""


def is_served(settings: Settings) -> bool:
    """Whether the server has the console: it needs the native format."""
    return settings.console == "on" and "native" in settings.wire_formats


def router(edge: Edge) -> APIRouter:
    """The page and its files, unless the console is switched off."""
    made = APIRouter(include_in_schema=False)
    if not is_served(edge.settings):
        return made

    @made.get("/console")
    def without_slash() -> Response:
        return RedirectResponse(_PREFIX)

    @made.get("/console/files/{name}", response_class=Response)
    def file(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
        """A file that the page loads."""
        path = _files(BUILT).get(name)
        if path is None:
            raise NotFoundError("Not Found", hint="Load the page anew: it may be of before.")
        headers = {
            "Content-Type": _TYPES[path.suffix],
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        if path.suffix in _COMPRESSED and "gzip" in accept_encoding:
            return Response(_compressed(path), headers={**headers, "Content-Encoding": "gzip"})
        return Response(path.read_bytes(), headers=headers)

    @made.get("/console/{path:path}", response_class=HTMLResponse)
    def page(request: Request, path: str, accept: Annotated[str, Header()] = "") -> Response:
        """The page, whichever of its screens the address names."""
        nonce = secrets.token_urlsafe(16)
        # Addresses in the page are relative to this, so that it works below any prefix.
        base = request.scope.get("root_path", "") + _PREFIX
        text, status = _page(BUILT, as_html="text/html" in accept)
        text = text.replace("__BASE__", base).replace("__NONCE__", nonce)
        headers = {
            "Content-Security-Policy": _POLICY.format(nonce=nonce),
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        }
        return HTMLResponse(text, status, headers=headers)

    return made


def _page(built: Path, *, as_html: bool) -> tuple[str, int]:
    """The page and its status; for browsers one that tells how to build it, if it is not built.

    Raises NotFoundError for others.
    """
    try:
        return (built / "index.html").read_text(encoding="utf-8"), 200
    except FileNotFoundError as error:
        if as_html:
            return _NOT_BUILT, 404
        raise NotFoundError(
            "The console is not built in this checkout.", hint="Run `make console`."
        ) from error


def _files(built: Path) -> dict[str, Path]:
    """The files that there are, by name; no other is ever opened."""
    found = sorted((built / "files").glob("*")) if built.is_dir() else []
    return {path.name: path for path in found if path.suffix in _TYPES}


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
