"""Ids of collections and subjects."""

import secrets
import time


def new_id() -> str:
    """32 hex digits that sort by time of creation: 48 bits of milliseconds, 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
