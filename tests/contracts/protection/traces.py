"""Looks for parts of secrets in bytes: words in any form, runs of pictures and of templates."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet

TEMPLATE_RUN = 16
PICTURE_RUN = 32
_WAL_PAGE, _FIRST_HEADER, _LATER_HEADER = 8192, 40, 24


@cache
def forms(word: str) -> frozenset[bytes]:
    """A word as files hold it: UTF-8, UTF-16, escaped in JSON once and twice, base64."""
    written = {word.encode("utf-8"), word.encode("utf-16-le"), word.encode("utf-16-be")}
    written |= {json.dumps(word)[1:-1].encode(), json.dumps(json.dumps(word))[3:-3].encode()}
    return frozenset(written | set(in_base64(word.encode())))


def in_base64(secret: bytes) -> list[bytes]:
    """What of the secret's base64 is the same wherever it stands in a longer text."""
    texts = []
    for before in range(3):
        behind = (before + len(secret)) % 3
        text = base64.b64encode(bytes(before) + secret)
        texts.append(text[-(-before * 4 // 3) : len(text) - (4 if behind else 0)])
    return texts


def has_run(content: bytes, secret: bytes, run: int) -> bool:
    """Whether the content holds some `run` bytes of the secret, at any place, from any place.

    Whatever run there is holds a whole block of half its length.
    """
    block = run // 2
    blocks = {secret[i : i + block] for i in range(0, len(secret) - block + 1, block)}
    beginnings = np.zeros(1 << 16, bool)
    beginnings[[int.from_bytes(one[:2], "little") for one in blocks]] = True
    for shift in range(2):
        pairs = np.frombuffer(content, "<u2", offset=shift, count=(len(content) - shift) // 2)
        for place in 2 * np.flatnonzero(beginnings[pairs]) + shift:
            if content[place : place + block] in blocks:
                return True
    return False


def has_template(content: bytes, template: np.ndarray) -> bool:
    """Whether there is a part of the template's bytes, of any width, or of their base64."""
    own = template.astype("<f4").tobytes()
    others = (template.astype(kind).tobytes() for kind in ("<f2", "<f8", ">f4"))
    return any(has_run(content, one, TEMPLATE_RUN) for one in (own, *others, *in_base64(own)))


def has_picture(content: bytes, picture: bytes) -> bool:
    """Whether there is a part of the picture, or of its base64 or hexadecimal."""
    secrets = (picture, picture.hex().encode(), *in_base64(picture))
    return any(has_run(content, secret, PICTURE_RUN) for secret in secrets)


def has_word(content: bytes, words: Mapping[str, str]) -> set[str]:
    """Names of the words that stand there in some form."""
    return {name for name, word in words.items() if any(f in content for f in forms(word))}


def contents(places: Sequence[Path], since: int = 0) -> Iterator[tuple[Path, bytes]]:
    """Bytes of every file in the places that was written after `since`, in nanoseconds.

    Of Parquet also what its compressed columns hold, of PostgreSQL's write-ahead log also its
    records without the headers of its pages, which may part a word.
    """
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.stat().st_mtime_ns >= since:
                content = path.read_bytes()
                yield path, content
                if path.suffix == ".parquet":
                    yield path, _columns(path)
                if path.parent.name == "pg_wal":
                    yield path, _records(content)


def _records(segment: bytes) -> bytes:
    """The bytes behind the headers of a segment's pages (PostgreSQL's `xlog_internal.h`)."""
    return b"".join(
        segment[at + (_LATER_HEADER if at else _FIRST_HEADER) : at + _WAL_PAGE]
        for at in range(0, len(segment), _WAL_PAGE)
    )


def _columns(path: Path) -> bytes:
    table = pyarrow.parquet.read_table(path).combine_chunks()
    parts = [
        bytes(buffer)
        for column in table.columns
        for chunk in column.chunks
        for buffer in chunk.buffers()
        if buffer is not None
    ]
    return b"\0".join(parts)
