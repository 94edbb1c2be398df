"""The ASGI application for servers that import it: `uvicorn --factory app.main:create`."""

from app.api.application import Application
from app.bootstrap.application import open_application
from app.platform.logs import configure_logging
from app.platform.telemetry import PROCESSES
from app.settings import Settings


def create() -> Application:
    """The application, set up from the environment."""
    settings = Settings()
    configure_logging(settings.log_format)
    application = open_application(settings)
    PROCESSES.set(1)
    return application
