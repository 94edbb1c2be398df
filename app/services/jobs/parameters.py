"""Parameters of jobs, between the kind's own type and the JSON that is stored.

A job outlives the server that made it. What an older one has left out gets the type's defaults;
what only a newer one knows is refused, since the work would be another than was asked for.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.domain.errors.jobs import JobParametersError

KIND = ConfigDict(extra="forbid")
"""Configuration of a kind's parameters: a pydantic dataclass whose fields have defaults, except
for what names the work itself.
"""
Parameters = TypeVar("Parameters")


def to_json(parameters: object) -> dict[str, Any]:
    """The parameters as plain JSON, every field included."""
    return cast(
        "dict[str, Any]", TypeAdapter(type(parameters)).dump_python(parameters, mode="json")
    )


def from_json(kind: type[Parameters], stored: Mapping[str, Any]) -> Parameters:
    """The kind's type over what is stored. Raises JobParametersError."""
    try:
        return TypeAdapter(kind).validate_python(dict(stored))
    except ValidationError as error:
        wrong = {".".join(map(str, one["loc"])): one["type"] for one in error.errors()}
        newer = sorted(
            name for name, what in wrong.items() if what == "unexpected_keyword_argument"
        )
        if newer:
            raise JobParametersError(
                f"This worker does not know what {', '.join(newer)} means: a newer server has made "
                "the job.",
                hint="Upgrade the workers, then ask for the work anew.",
                parameters=newer,
            ) from error
        raise JobParametersError(
            f"The job's parameters are missing or of another kind: {', '.join(sorted(wrong))}.",
            hint="Ask for the work anew.",
            parameters=sorted(wrong),
        ) from error
