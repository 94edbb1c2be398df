"""Instants in queries."""


def iso_time(given: object) -> object:
    """The given, unless it is a number, which pydantic would take for seconds since 1970."""
    if isinstance(given, str) and "-" not in given[1:]:
        raise ValueError("Give a date and time as ISO 8601 writes them.")
    return given
