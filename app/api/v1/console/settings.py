"""Settings of the server, to be looked at."""

import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import SecretStr

from app.api.kit.access import AtEdge, GlobalAdmin
from app.api.v1.console.schemas import ServerSettings, Setting
from app.api.v1.problems import COMMON_PROBLEMS, responses

router = APIRouter(tags=["settings"])

_MAY_HOLD_SECRETS = frozenset({"master_key_command"})
# User and password end at the last @; drivers take a password as a parameter too.
_SECRETS_OF_URLS = ((re.compile(r"://.*@"), "://(set)@"), (re.compile(r"\?.*"), "?(set)"))


@router.get("/settings", responses=responses(*COMMON_PROBLEMS))
def list_settings(caller: GlobalAdmin, edge: AtEdge) -> ServerSettings:
    """Every setting as the server has it; secrets are told to be set and nothing more."""
    settings = edge.settings
    return ServerSettings(
        settings=[
            Setting(
                name=f"FACET_{name.upper()}",
                value=_shown(name, getattr(settings, name)),
                is_default=name not in settings.model_fields_set,
                description=field.description or "",
            )
            for name, field in type(settings).model_fields.items()
        ]
    )


def _shown(name: str, value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else ""
    if name in _MAY_HOLD_SECRETS:
        return "(set)" if value else ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if value is None or value == {}:
        return ""
    text = str(value)
    if not isinstance(value, Path) and "://" in text:
        for secret, shown in _SECRETS_OF_URLS:
            text = secret.sub(shown, text)
    return text
