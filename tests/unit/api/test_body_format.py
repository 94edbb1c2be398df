"""Bodies become models: forms and JSON of every size, and nothing that only costs."""

import base64
import json
import time
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from app.api.kit.body.files import Image, Video
from app.api.kit.body.forms import parse_form
from app.api.kit.body.parsing import MAX_JSON_BYTES, BodyFormat
from app.api.v1.schemas.requests import EnrolRequest, RecognizeRequest
from app.domain.errors.pictures import ImageTooLargeError, TooManyImagesError
from app.domain.errors.requests import InvalidBase64Error, InvalidJsonError, InvalidRequestError
from app.settings import Settings
from models.errors import ReportedError

SETTINGS = Settings(max_image_bytes=3_000_000, max_images_per_request=70)
BOUNDARY = "multipart/form-data; boundary=cut"
JSON = "application/json"
PHOTO = bytes(range(256)) * 9_000


class Few(BaseModel):
    model_config = ConfigDict(extra="forbid")

    one: Image
    perhaps: Image | None = None
    several: list[Image] = Field(default_factory=list)
    film: Video | None = None
    words: list[Annotated[str, Field(max_length=5)]] = Field([], max_length=3)


def form(*parts: tuple[str, bytes], end: bytes = b"--cut--\r\n") -> bytearray:
    """A form of parts with whatever stands behind `form-data; `."""
    body = bytearray()
    for header, content in parts:
        body += b"--cut\r\nContent-Disposition: form-data; " + header.encode() + b"\r\n\r\n"
        body += content + b"\r\n"
    return body + end


def read(model: type[BaseModel], body: bytearray, kind: str = BOUNDARY) -> BaseModel:
    return BodyFormat(model, SETTINGS).parse(kind, body)


def file(name: str, content: bytes = PHOTO) -> tuple[str, bytes]:
    return f'name="{name}"; filename="a.jpg"', content


def refusal(model: type[BaseModel], body: bytearray, kind: str = BOUNDARY) -> ReportedError:
    with pytest.raises(ReportedError) as refused:
        read(model, body, kind)
    return refused.value


def test_a_list_may_have_as_many_parts_as_is_documented() -> None:
    ids = [f"id{number}" for number in range(1000)]
    parts = [file("image"), *(('name="subjects"', text.encode()) for text in ids)]
    body = read(RecognizeRequest, form(*parts))
    assert isinstance(body, RecognizeRequest)
    assert body.subjects == ids and body.image == PHOTO
    parts.append(('name="subjects"', b"one more"))
    assert isinstance(refusal(RecognizeRequest, form(*parts)), InvalidRequestError)


def test_as_many_images_may_come_as_text_as_may_come_as_files() -> None:
    text = base64.encodebytes(b"picture")
    parts = [('name="images"', text)] * 70
    body = read(EnrolRequest, form(*parts))
    assert isinstance(body, EnrolRequest)
    assert body.images == [b"picture"] * 70
    assert isinstance(refusal(EnrolRequest, form(*parts, parts[0])), TooManyImagesError)


def test_a_text_may_be_as_long_as_the_image_it_holds() -> None:
    assert len(PHOTO) > 2**21
    body = read(EnrolRequest, form(('name="images"', base64.b64encode(PHOTO))))
    assert isinstance(body, EnrolRequest) and body.images == [PHOTO]
    error = refusal(EnrolRequest, form(('name="images"', base64.b64encode(PHOTO * 2))))
    assert isinstance(error, ImageTooLargeError)


@pytest.mark.parametrize(
    "header",
    ['name="one"; filename=""', 'name="one"\r\nContent-Type: image/jpeg'],
)
def test_what_is_clearly_a_file_needs_no_file_name(header: str) -> None:
    body = read(Few, form((header, PHOTO)))
    assert isinstance(body, Few) and body.one == PHOTO


def test_a_file_without_a_file_name_is_told_how_to_come() -> None:
    error = refusal(Few, form(('name="one"', PHOTO)))
    assert isinstance(error, InvalidBase64Error) and "file name" in error.hint


@pytest.mark.parametrize("cut", [30, 90, -10, -4])
def test_a_form_that_ends_early_says_so(cut: int) -> None:
    error = refusal(Few, form(file("one"))[:cut])
    assert error.slug == "invalid-request" and "ends early" in error.message and error.hint


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--cut--"),
        (BOUNDARY, b"nothing of the kind"),
        (BOUNDARY, b"--cut\r\nContent-Disposition: form-data\r\n\r\nx\r\n--cut--\r\n"),
        (BOUNDARY, b"--cut\r\n" + b"X-More: 1\r\n" * 10_000),
        (BOUNDARY, b"--cut\r\n" + b"x" * 100_000),
        ("multipart/form-data; boundary=" + "b" * 500, b"--b"),
    ],
)
def test_what_is_no_form_is_refused_with_a_hint(kind: str, body: bytes) -> None:
    error = refusal(Few, bytearray(body), kind)
    assert error.slug == "invalid-request" and error.hint


def test_one_value_may_come_once() -> None:
    assert "one" in refusal(Few, form(file("one"), file("one"))).message


def test_a_field_that_is_no_file_may_not_be_as_long_as_one() -> None:
    parts = [file("one"), ('name="words"', b"[" * (MAX_JSON_BYTES + 1))]
    assert isinstance(refusal(Few, form(*parts)), InvalidRequestError)


def test_many_parts_of_any_name_are_refused() -> None:
    parts = [(f'name="x{number}"', b"") for number in range(500)]
    assert isinstance(refusal(Few, form(*parts)), InvalidRequestError)


def test_a_body_may_be_as_large_as_its_files_need() -> None:
    large = Settings()
    assert BodyFormat(Few, large).largest == large.max_request_bytes
    one = BodyFormat(RecognizeRequest, large).largest
    assert large.max_image_bytes * 1.4 < one < large.max_image_bytes * 1.6


@pytest.mark.parametrize("value", ["{}", "[]", "0", '{"a":[]}'])
def test_json_of_very_many_values_is_not_even_parsed(value: str) -> None:
    body = bytearray(b'{"one":[' + b",".join([value.encode()] * 1_000_000) + b"]}")
    start = time.process_time()
    assert isinstance(refusal(Few, body, JSON), InvalidJsonError)
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize("body", [b"[" * 10**6, b'{"one":' * 9_000, b'{"one": "', b"[1]", b"\xff"])
def test_deep_cut_and_wrong_json_is_refused(body: bytes) -> None:
    assert isinstance(refusal(Few, bytearray(body), JSON), InvalidJsonError)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("size", [10, 100_000])
def test_json_may_come_in_any_of_its_encodings(encoding: str, size: int) -> None:
    text = json.dumps({"one": base64.b64encode(PHOTO[:size]).decode(), "words": ["é"]})
    body = read(Few, bytearray(text.encode(encoding)), "application/json; charset=x")
    assert isinstance(body, Few) and body.one == PHOTO[:size] and body.words == ["é"]


def test_what_is_wrong_is_told_briefly_and_never_repeated() -> None:
    fields = {f"{'secret' * 100}{number}": "Grace" for number in range(5_000)}
    error = refusal(Few, bytearray(json.dumps(fields).encode()), JSON)
    assert len(error.data["errors"]) == 50 and "more" in error.message
    assert len(json.dumps(error.data)) < 20_000 and "Grace" not in json.dumps(error.data)


def test_parts_keep_their_order_and_their_bytes() -> None:
    tricky = [b"\r\n--cu", b"--cut", b"\r\n--cutter\r\n", b"", b"\r\n\r\n"]
    body = form(*((f'name="{i}"', content) for i, content in enumerate(tricky)))
    parts = parse_form(BOUNDARY, body, lambda _: None)
    assert [part.name for part in parts] == ["0", "1", "2", "3", "4"]
    assert [bytes(part.content) for part in parts] == tricky
