"""Webhooks are called once for each event, signed, again when it failed, and given up at last."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from app.domain.errors.notifying import UnknownWebhookError
from app.domain.errors.requests import InvalidRequestError
from app.domain.notifying import webhooks as rules
from app.files.webhook_calls import WebhookCalls
from app.protection.master_key import MasterKey
from app.services.notifying import delivering
from app.services.notifying.delivering import WebhookDelivery
from app.services.notifying.webhooks import Webhooks
from tests.fakes.analyser import picture
from tests.fakes.service import Service

LOCAL = [ip_network("127.0.0.0/8")]


class Receiver:
    """A server that notes what it is sent and answers as it is told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", receiver.url + "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Notifying:
    """A collection, and webhooks over it."""

    def __init__(self, url: str) -> None:
        self.service = Service(url)
        self.service.collections.create("staff")
        seal = MasterKey([bytes(32)])
        storage, events = self.service.storage, self.service.events
        self.webhooks = Webhooks(storage, events, seal, WebhookCalls(LOCAL, 2.0))
        self.delivery = WebhookDelivery(storage, events, self.webhooks)

    def due(self) -> None:
        """Let the pause before the next attempt be over."""
        with self.service.storage.write() as uow:
            for one in uow.webhooks.claim(datetime.now(UTC) + timedelta(days=1), _NOW, 99):
                assert not one.dead


_NOW = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def notifying(sqlite_database: str) -> Iterator[Notifying]:
    made = Notifying(sqlite_database)
    yield made
    made.service.close()


def test_an_event_is_delivered_once_and_signed(notifying: Notifying, receiver: Receiver) -> None:
    made, secret = notifying.webhooks.add(receiver.url + "/hook?a=1", kinds=["enrolled"])
    face = notifying.service.enrol("Ada", picture("Ada"))[0].face
    assert face is not None
    notifying.service.erasure.face("staff", face.id)
    assert notifying.delivery.run() == 1 and notifying.delivery.run() == 0
    ((headers, body),) = receiver.calls
    content: dict[str, Any] = json.loads(body)
    assert content["kind"] == "enrolled" and content["data"]["face_ids"] == [face.id]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    (listed,) = notifying.webhooks.list()
    assert (listed.webhook.id, listed.waiting, listed.dead) == (made.webhook.id, 0, 0)
    assert key not in listed.webhook.secret


def test_a_failing_address_is_tried_again_and_given_up(
    notifying: Notifying, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOST_ATTEMPTS", 3)
    made, _ = notifying.webhooks.add(receiver.url)
    notifying.service.enrol("Ada", picture("Ada"))
    receiver.status = 500
    for attempt in range(3):
        assert notifying.delivery.run() == 0 and notifying.delivery.run() == 0
        assert len(receiver.calls) == attempt + 1
        if attempt < 2:
            notifying.due()
    (dead,) = notifying.webhooks.dead(made.webhook.id)
    assert (dead.attempts, dead.error) == (3, "The answer was 500.")
    receiver.status = 200
    assert notifying.webhooks.resend(made.webhook.id) == 1
    assert notifying.delivery.run() == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1
    assert notifying.webhooks.dead(made.webhook.id) == []


def test_pauses_grow_and_end() -> None:
    pauses = [rules.pause_after(attempt).total_seconds() for attempt in range(1, 10)]
    assert pauses[:4] == [5, 15, 45, 135] and pauses[-1] == 7_200 and pauses == sorted(pauses)


def test_a_dead_address_holds_up_no_other(notifying: Notifying, receiver: Receiver) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        notifying.webhooks.add(f"http://127.0.0.1:{closed.getsockname()[1]}")
    notifying.webhooks.add(receiver.url)
    for take in range(3):
        notifying.service.enrol("Ada", picture("Ada", take=take))
    assert notifying.delivery.run() == 3
    assert [one.waiting for one in notifying.webhooks.list()] == [3, 0]


def test_two_processes_deliver_once(notifying: Notifying, receiver: Receiver) -> None:
    notifying.webhooks.add(receiver.url)
    for take in range(5):
        notifying.service.enrol("Ada", picture("Ada", take=take))
    threads = [threading.Thread(target=notifying.delivery.run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.calls) == 5


def test_redirects_are_not_followed(notifying: Notifying, receiver: Receiver) -> None:
    receiver.status = 302
    made, _ = notifying.webhooks.add(receiver.url)
    error = notifying.webhooks.test(made.webhook.id)
    assert error == "The answer was 302: redirects are not followed."
    assert len(receiver.calls) == 1 and json.loads(receiver.calls[0][1])["kind"] == "test"


def test_addresses_that_are_not_public_are_refused(receiver: Receiver) -> None:
    calls = WebhookCalls()
    for private in (
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255"),
    ):
        assert not calls.may_call(ip_address(private)), private
    for public in ("1.1.1.1", "2606:4700:4700::1111"):
        assert calls.may_call(ip_address(public))
    for name in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
        error = calls.call(name, b"{}", {})
        assert error is not None and "FACET_WEBHOOK_NETWORKS" in error
    assert receiver.calls == []


def test_addresses_that_are_not_public_are_not_added(notifying: Notifying) -> None:
    for refused in ("http://10.0.0.1", "http://[::1]:8000/hook", "http://[::ffff:10.0.0.1]"):
        with pytest.raises(InvalidRequestError, match="url stands for an address that is not"):
            notifying.webhooks.add(refused)
    assert notifying.webhooks.list() == []
    for taken in ("http://127.0.0.1:8000", "https://1.1.1.1", "https://nowhere.invalid"):
        notifying.webhooks.add(taken)


def test_a_name_that_is_not_resolved_in_time_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def resolve(*_: object, **__: object) -> list[Any]:
        answered.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]

    monkeypatch.setattr("app.files.webhook_calls.socket.getaddrinfo", resolve)
    calls = WebhookCalls(lookup_seconds=0.05)
    assert not calls.is_refused("https://slow.example")
    answered.set()
    assert WebhookCalls(lookup_seconds=60).is_refused("https://slow.example")


def test_the_address_that_was_looked_at_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its mind between two looks is asked once."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    reached: list[str] = []

    def create(address: tuple[str, int], *_: object) -> socket.socket:
        reached.append(address[0])
        made = socket.socket()
        made.connect(("127.0.0.1", receiver.server.server_port))
        return made

    monkeypatch.setattr("app.files.webhook_calls.socket.getaddrinfo", resolve)
    monkeypatch.setattr("app.files.webhook_calls.socket.create_connection", create)
    url = f"http://changing.example:{receiver.server.server_port}"
    WebhookCalls(LOCAL).call(url, b"{}", {})
    assert asked == ["changing.example"] and reached == ["127.0.0.1"]
    mixed = [(0, 0, 0, "", (one, 80)) for one in ("127.0.0.1", "10.0.0.1")]
    monkeypatch.setattr("app.files.webhook_calls.socket.getaddrinfo", lambda *_, **__: mixed)
    assert "not public" in str(WebhookCalls(LOCAL).call(url, b"{}", {}))


def test_an_answer_that_drips_ends() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        taken, _ = listening.accept()
        try:
            while True:
                taken.sendall(b"H")
                threading.Event().wait(0.05)
        except OSError:
            taken.close()

    threading.Thread(target=drip, daemon=True).start()
    begun = datetime.now(UTC)
    error = WebhookCalls(LOCAL, 0.5).call(
        f"http://127.0.0.1:{listening.getsockname()[1]}", b"{}", {}
    )
    listening.close()
    assert error is not None and (datetime.now(UTC) - begun).total_seconds() < 4


def test_wrong_addresses_are_refused(notifying: Notifying) -> None:
    for wrong in (
        *("", "example.org", "ftp://example.org", "http://", "http://a:b@example.org"),
        *(
            "https://example.org/#x",
            "http://exa mple.org",
            "https://example.org:99999",
            "http://[::",
        ),
        "https://exämple.org",
    ):
        with pytest.raises(InvalidRequestError):
            notifying.webhooks.add(wrong)
    for method in (notifying.webhooks.remove, notifying.webhooks.test, notifying.webhooks.dead):
        with pytest.raises(UnknownWebhookError):
            method("nothing")
    made, _ = notifying.webhooks.add("https://1.1.1.1")
    assert notifying.webhooks.remove(made.webhook.id).url == "https://1.1.1.1"
    assert notifying.webhooks.list() == []
