"""Loading a big program: nothing of it is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Switch the search for cycles among the objects of modules off, inside.

    It would do so a hundred times, for a fifth of the time until a server is ready. What has
    been loaded is left out of later searches as well, which makes them short.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
