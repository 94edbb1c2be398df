"""`python -m tests.hostile.server_that_fails`: `facet serve` with faults in its use cases.

Making a subject ends in an error whose variables and message hold what was sent; a collection's
subjects are asked for with a name in the query, and the database's driver quotes it.
"""

import threading
import warnings
from typing import Any, NoReturn

from app.cli.__main__ import main
from app.services.gallery.collections import Collections
from app.services.gallery.subjects import Subjects


def _create(_: Subjects, collection: str, name: str, **fields: Any) -> NoReturn:
    warnings.warn(f"a library warns\nin {len(fields)} lines", stacklevel=1)
    thread = threading.Thread(target=_fail, args=(name, fields))
    thread.start()
    thread.join()
    _fail(name, fields)


def _fail(name: str, fields: dict[str, Any]) -> NoReturn:
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(f"injected: {fields!r} of {name!r} in collection's list") from error
    raise AssertionError(name)


def _update(_: Collections, name: str, changes: Any) -> NoReturn:
    note = changes["metadata"]["note"]
    raise LookupError(f"duplicate key in {name}\nDETAIL:  Key (meta)=({note}) already exists.")


if __name__ == "__main__":
    Subjects.create = _create  # type: ignore[method-assign, assignment]
    Collections.update = _update  # type: ignore[method-assign, assignment]
    main()
