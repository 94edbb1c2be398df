"""Loading a big program: nothing of it is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Inside, the interpreter does not look for cycles among the objects of modules.

    It would do so a hundred times, for a fifth of the time until a server is ready. What has
    been loaded is left out of later searches as well, which makes them short.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
