"""What stands around the whole application, errors of its own included."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from app.api.web.cross_origin import allow_origins
from app.api.web.forwarded import Forwarded
from app.api.web.security_headers import SecurityHeaders
from app.settings import Settings


class Application(FastAPI):
    """Answers nothing, not even its own errors, without the headers that browsers need."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: Settings = self.state.settings
        stack = allow_origins(super().build_middleware_stack(), settings.cors_origins)
        stack = Forwarded(stack, settings.trusted_proxies, settings.root_path)
        return SecurityHeaders(stack)
