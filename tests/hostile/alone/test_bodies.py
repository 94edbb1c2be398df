"""Bodies that want time, memory or the event loop: refused, and nobody else notices."""

import base64
import io
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import repeat

import pytest
from PIL import Image

from tests.hostile.conftest import Answer, Target, problem_of

MIB = 2**20
DETECT = "/v1/detect"
BOUNDARY = "multipart/form-data; boundary=cut"


def empty_objects(size: int) -> bytes:
    """JSON of that many bytes that takes forty times as many when it is parsed."""
    return b'{"a":[{}' + b",{}" * (size // 3) + b"]}"


def text_bomb(chunks: int = 60) -> bytes:
    """A PNG of 60 KB whose texts hold 60 MB."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "PNG")
    png = buffer.getvalue()
    text = b"Comment\0\0" + zlib.compress(bytes(2**20 - 100), 9)
    chunk = len(text).to_bytes(4, "big") + b"zTXt" + text
    chunk += zlib.crc32(b"zTXt" + text).to_bytes(4, "big")
    header_end = 8 + 25
    return png[:header_end] + chunk * chunks + png[header_end:]


def form(name: str, *files: bytes) -> bytes:
    head = f'--cut\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n'
    return b"".join(head.encode() + file + b"\r\n" for file in files) + b"--cut--\r\n"


@pytest.mark.parametrize("path", ["/v1/collections", DETECT, "/v1/nothing", "/healthz"])
def test_ninety_megabytes_of_somebody_unknown(target: Target, path: str) -> None:
    body = empty_objects(90 * MIB)
    start = time.perf_counter()
    with target.watched():
        answer = target.post(path, body)
    expected = {"/v1/nothing": 404, "/healthz": 405}.get(path, 401)
    assert answer.status == expected
    assert time.perf_counter() - start < 5


def test_unfinished_bodies_of_somebody_unknown(target: Target) -> None:
    with ExitStack() as held, target.watched():
        for _ in range(40):
            connection = held.enter_context(target.begin("/v1/collections", 90 * MIB))
            answer = problem_of(connection)
            assert (answer.status, answer.code) == (401, "missing-key")


BODIES: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "ninety megabytes of values": (DETECT, lambda: empty_objects(90 * MIB), 413),
    "values within the limit": (DETECT, lambda: empty_objects(25 * MIB), 400),
    "values for a route of JSON": ("/v1/collections", lambda: empty_objects(90 * MIB), 413),
    "values in a text": (
        DETECT,
        lambda: b'{"where":"' + b"[{}" + b",{}" * (8 * MIB) + b']"}',
        400,
    ),
    "fifty megabytes of base64": (DETECT, lambda: b'{"image":"' + b"A" * (50 * MIB) + b'"}', 413),
    "base64 within the limit": (DETECT, lambda: b'{"image":"' + b"A" * (26 * MIB) + b'"}', 422),
    "a picture of nothing": (DETECT, lambda: b'{"image":"' + b"\\n" * (12 * MIB) + b'"}', 422),
    "nested arrays": (DETECT, lambda: b"[" * (25 * MIB), 400),
    "nested objects": (DETECT, lambda: b'{"a":' * (5 * MIB), 400),
    "one number": (DETECT, lambda: b'{"fpir":' + b"9" * (25 * MIB) + b"}", 400),
    "escapes": (DETECT, lambda: b'{"image":"' + b"\\u0041" * (4 * MIB) + b'"}', 422),
    "one name": (DETECT, lambda: b'{"' + b"x" * (25 * MIB) + b'":1}', 422),
    "nineteen thousand names": (
        DETECT,
        lambda: b"{" + b",".join(b'"%s%d":1' % (b"x" * 1000, n) for n in range(19_000)) + b"}",
        422,
    ),
}
"""Routes, what makes the body, and statuses. Together they take half a gigabyte."""


@pytest.mark.parametrize("name", BODIES)
def test_json_of_a_caller(target: Target, name: str) -> None:
    path, make, status = BODIES[name]
    body = make()
    with target.watched(), ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(target.post, path, body, key=target.key) for _ in range(2)]
        answers = [call.result() for call in calls]
    for answer in answers:
        assert answer.status in (status, 503), answer
        assert len(str(answer.problem)) < 20_000


FORMS: dict[str, Callable[[], bytes]] = {
    "a hundred thousand parts": lambda: b"".join(
        b'--cut\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n\r\n' % n
        for n in range(100_000)
    ),
    "a hundred thousand headers": lambda: b"--cut\r\n" + b"X-More: 1\r\n" * 100_000,
    "a header without end": lambda: b"--cut\r\nX-More: " + b"x" * (20 * MIB),
    "a name without end": lambda: (
        b'--cut\r\nContent-Disposition: form-data; name="' + b"x" * (20 * MIB)
    ),
    "nearly boundaries": lambda: form("image", b"\r\n--cu" * (4 * MIB)),
    "line ends": lambda: form("image", b"\r" * (20 * MIB)),
    "an end and much behind it": lambda: b"--cut--\r\n" + b"x" * (20 * MIB),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_a_caller(target: Target, name: str) -> None:
    body = FORMS[name]()
    with target.watched():
        answer = target.post(DETECT, body, BOUNDARY, target.key)
    assert answer.status in (413, 422), answer


def test_pictures_of_sixty_megabytes_of_text_each(target: Target) -> None:
    with target.client() as client:
        made = client.post("/v1/collections/staff/subjects", json={"name": f"P{time.time_ns()}"})
        path = f"/v1/collections/staff/subjects/{made.json()['id']}/faces"
    body = form("images", *repeat(text_bomb(), 60))
    start = time.perf_counter()
    with target.watched():
        answer = target.post(path, body, BOUNDARY, target.key)
    assert answer.status in (413, 422), answer
    assert time.perf_counter() - start < 20


def test_a_picture_with_much_text_is_still_a_picture(target: Target) -> None:
    with target.client() as client:
        answer = client.post(DETECT, files={"image": text_bomb()})
    assert answer.status_code == 200, answer.text


def test_compressed_bodies(target: Target) -> None:
    bomb = zlib.compress(bytes(200 * MIB), 9)
    with target.watched():
        headers = {"Content-Encoding": "deflate"}
        answer = target.post("/v1/collections", bomb[:60_000], key=target.key, **headers)
        assert (answer.status, answer.code) == (415, "unsupported-media-type")


def test_bodies_that_drip_are_given_up(target: Target) -> None:
    def drip(_: int) -> Answer:
        connection = target.begin("/v1/collections", 60_000, target.key)
        connection.settimeout(0.1)
        with connection:
            for _ in range(100):
                try:
                    connection.sendall(b"x")
                    if connection.recv(1, 2):  # MSG_PEEK: it has answered
                        connection.settimeout(10)
                        return problem_of(connection)
                except TimeoutError:
                    pass
        raise AssertionError("the server waits for ever")

    start = time.monotonic()
    with target.watched(), ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(drip, range(60)))
    assert {(answer.status, answer.code) for answer in answers} == {(408, "request-timeout")}
    assert time.monotonic() - start < 8


def test_bodies_of_callers_share_one_memory(target: Target) -> None:
    """Twenty callers keep 20 MB each and do not end; most are refused, none is kept for ever."""

    def hold(_: int) -> str:
        connection = target.begin(DETECT, 25 * MIB, target.key)
        with connection:
            try:
                connection.sendall(b"x" * (20 * MIB))
                return problem_of(connection).code
            except ConnectionError:
                return "closed"

    with target.watched(), ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(hold, range(20)))
        assert codes.count("overloaded") >= 8, codes
        assert set(codes) <= {"overloaded", "request-timeout", "closed"}
    with target.client() as client:
        picture = base64.b64encode(text_bomb(0)).decode()
        assert client.post(DETECT, json={"image": picture}).status_code == 200
