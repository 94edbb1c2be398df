"""Browsers that sign in: what their cookie is good for, from which pages, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.kit.session_cookies import COOKIE
from app.domain.access.sessions import SessionLimits
from app.domain.gallery import ApiKey
from app.services.sessions import MOST, Sessions
from app.settings import Settings
from tests.api.conftest import Client, new_key, running, subject_id

OWN = "http://testserver"


class Browser(TestClient):
    """A browser with a cookie jar of its own, on a page of the server."""

    def __init__(self, application: Any, **more: Any) -> None:
        super().__init__(application, raise_server_exceptions=False, **more)
        self.csrf = ""

    def sign_in(self, token: str, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {token}", **headers}
        answer = self.post("/v1/session", headers=sent)
        if answer.status_code == 201:
            self.csrf = answer.json()["csrf_token"]
        return answer

    @property
    def cookie(self) -> str:
        return str(self.cookies[COOKIE])

    def change(self, method: str, path: str, **more: Any) -> Any:
        """A request that changes something, as the console sends it."""
        headers = {"X-CSRF-Token": self.csrf, "Origin": OWN, "Sec-Fetch-Site": "same-origin"}
        return self.request(method, path, headers=headers | more.pop("headers", {}), **more)


@pytest.fixture
def browser(client: Client) -> Browser:
    return Browser(client.app)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_a_key_becomes_a_session_that_may_do_the_same(client: Client, browser: Browser) -> None:
    token = new_key(client.app, ["browse", "detect"])
    answer = browser.sign_in(token, **{"User-Agent": "Browser\x7f/1"})
    caller = answer.json()
    assert answer.status_code == 201
    assert caller["may"] == ["detect", "browse", "pictures"]
    assert caller["key_id"] == token.split("_")[1] and caller["name"] == "test"
    assert caller["session"]["current"] and caller["session"]["agent"] == "Browser/1"
    assert token not in answer.text and browser.cookie not in answer.text
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Max-Age" not in cookie
    assert browser.get("/v1/collections").status_code == 200
    assert code(browser.get("/v1/keys")) == (403, "insufficient-scope")
    made = browser.change("POST", "/v1/collections", json={"name": "mine"})
    assert code(made) == (403, "insufficient-scope")
    assert browser.get("/v1/session").json()["csrf_token"] == browser.csrf
    by_key = client.get("/v1/session").json()
    assert by_key["session"] is None and by_key["csrf_token"] is None


def test_the_cookie_is_secure_under_tls_and_belongs_to_the_prefix(settings: Settings) -> None:
    with running(settings.model_copy(update={"root_path": "/facet"})) as client:
        secure = Browser(client.app, base_url="https://testserver")
        answer = secure.sign_in(new_key(client.app, "read"))
        assert "Secure" in answer.headers["Set-Cookie"]
        assert "Path=/facet/" in answer.headers["Set-Cookie"]


def test_pictures_and_events_come_by_cookie(staff: Client, browser: Browser) -> None:
    browser.sign_in(new_key(staff.app, "read"))
    assert code(browser.get("/v1/collections/staff/faces/1/image"))[0] in (403, 404)
    browser.sign_in(new_key(staff.app, ["browse", "jobs"]))
    face = browser.get("/v1/collections/staff/faces").json()["items"][0]["id"]
    picture = browser.get(f"/v1/collections/staff/faces/{face}/image")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert code(browser.get("/v1/jobs/none/events")) == (404, "unknown-job")


@pytest.mark.parametrize("sent", ["", "wrong", "Ä"])
def test_a_change_needs_the_token(client: Client, browser: Browser, sent: str) -> None:
    browser.sign_in(new_key(client.app, "admin"))
    headers = {"X-CSRF-Token": sent.encode()} if sent else {"X-CSRF-Token": b""}
    made = browser.change("POST", "/v1/collections", json={"name": "made"}, headers=headers)
    assert code(made) == (403, "invalid-csrf-token")
    assert client.get("/v1/collections").json()["items"] == []
    assert browser.change("POST", "/v1/collections", json={"name": "made"}).status_code == 201


def test_the_token_of_another_session_is_none(client: Client, browser: Browser) -> None:
    other = Browser(client.app)
    other.sign_in(new_key(client.app, "admin"))
    browser.sign_in(new_key(client.app, "admin"))
    headers = {"X-CSRF-Token": other.csrf}
    made = browser.change("POST", "/v1/collections", json={"name": "made"}, headers=headers)
    assert code(made) == (403, "invalid-csrf-token")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_foreign_pages_are_refused(
    client: Client, browser: Browser, headers: dict[str, str]
) -> None:
    browser.sign_in(new_key(client.app, "admin"))
    made = browser.change("POST", "/v1/collections", json={"name": "made"}, headers=headers)
    assert code(made) == (403, "foreign-origin")
    assert code(browser.get("/v1/collections", headers=headers)) == (403, "foreign-origin")
    # Nor does one sign a browser in, as somebody else.
    stranger = Browser(client.app)
    assert code(stranger.sign_in(new_key(client.app, "admin"), **headers))[0] == 403
    assert COOKIE not in stranger.cookies
    refused = client.get("/v1/audit", params={"action": "authenticate"}).json()["items"]
    assert any(entry["outcome"] == "foreign-origin" for entry in refused)


def test_a_session_cannot_be_fixed_before_signing_in(client: Client, browser: Browser) -> None:
    attacker = Browser(client.app)
    attacker.sign_in(new_key(client.app, "browse"))
    planted = attacker.cookie
    browser.cookies.set(COOKIE, planted)
    answer = browser.sign_in(new_key(client.app, "admin"))
    assert answer.json()["scopes"] == ["admin"]
    assert f"{COOKIE}={planted}" not in answer.headers["Set-Cookie"]
    # The planted one became nobody's better one; the browser no longer has it.
    assert code(attacker.get("/v1/session")) == (401, "session-ended")
    for invented in ("x", "a.b", ".", planted.partition(".")[0] + ".", "\x7f" * 500):
        other = Browser(client.app)
        other.cookies.set(COOKIE, invented)
        assert code(other.get("/v1/session")) == (401, "session-ended")


def test_a_session_makes_no_further_session(client: Client, browser: Browser) -> None:
    browser.sign_in(new_key(client.app, "admin"))
    assert code(browser.change("POST", "/v1/session")) == (401, "missing-key")
    for token in ("nonsense", new_key(client.app, "admin")[:-3] + "AAA"):
        assert code(Browser(client.app).sign_in(token)) == (401, "invalid-key")


def test_signing_out_here_there_and_everywhere(client: Client, browser: Browser) -> None:
    token = new_key(client.app, "browse")
    second, third = Browser(client.app), Browser(client.app)
    for one in (browser, second, third):
        one.sign_in(token)
    stranger = Browser(client.app)
    stranger.sign_in(new_key(client.app, "browse"))
    theirs = stranger.get("/v1/session").json()["session"]["id"]
    listed = browser.get("/v1/sessions").json()["sessions"]
    assert len(listed) == 3 and [one["current"] for one in listed].count(True) == 1
    assert code(browser.change("DELETE", f"/v1/sessions/{theirs}")) == (404, "unknown-session")
    id_of_second = second.get("/v1/session").json()["session"]["id"]
    assert browser.change("DELETE", f"/v1/sessions/{id_of_second}").status_code == 204
    assert code(second.get("/v1/session")) == (401, "session-ended")
    kept = third.cookie
    out = third.change("DELETE", "/v1/session")
    assert out.json() == {"ended": 1} and COOKIE not in third.cookies
    third.cookies.set(COOKIE, kept)
    assert code(third.get("/v1/session")) == (401, "session-ended")
    assert browser.change("DELETE", "/v1/sessions").json() == {"ended": 1}
    assert code(browser.get("/v1/session")) == (401, "session-ended")
    assert stranger.get("/v1/session").status_code == 200
    done = [entry["action"] for entry in client.get("/v1/audit").json()["items"]]
    assert {"sign-in", "sign-out", "sign-out-everywhere"} <= set(done)


def test_sessions_end_with_their_key(client: Client) -> None:
    keys = client.app.edge.use_cases.keys
    revoked, rotated = new_key(client.app, "browse"), new_key(client.app, "browse")
    first, second = Browser(client.app), Browser(client.app)
    first.sign_in(revoked)
    second.sign_in(rotated)
    principal = client.app.edge.use_cases.sessions.authenticate(first.cookie)
    keys.revoke(revoked.split("_")[1])
    assert code(first.get("/v1/session")) == (401, "session-ended")
    with pytest.raises(Exception, match="has ended"):  # as a stream of events asks
        client.app.edge.use_cases.sessions.check(principal)
    keys.rotate(rotated.split("_")[1], overlap=timedelta(hours=1))
    assert second.get("/v1/session").status_code == 200
    keys.rotate(rotated.split("_")[1], overlap=timedelta(0))
    assert code(second.get("/v1/session")) == (401, "session-ended")


def test_sessions_end_in_time(client: Client) -> None:
    now = datetime.now(UTC)
    cases = client.app.edge.use_cases
    limits = SessionLimits(timedelta(minutes=30), timedelta(hours=2))
    sessions = Sessions(cases.collections._storage, cases.keys, limits, lambda: now)
    begun = sessions.begin(new_key(client.app, "browse"))
    for _ in range(5):
        now += timedelta(minutes=20)
        sessions.authenticate(begun.cookie)
    now += timedelta(minutes=20)
    with pytest.raises(Exception, match="has ended"):
        sessions.authenticate(begun.cookie)
    idle = sessions.begin(new_key(client.app, "browse"))
    now += timedelta(minutes=31)
    with pytest.raises(Exception, match="has ended"):
        sessions.authenticate(idle.cookie)


def test_a_key_has_so_many_sessions_and_no_more(client: Client) -> None:
    token = new_key(client.app, "browse")
    sessions = client.app.edge.use_cases.sessions
    first = sessions.begin(token)
    others = [sessions.begin(token) for _ in range(MOST)]
    with pytest.raises(Exception, match="has ended"):
        sessions.authenticate(first.cookie)
    assert len(sessions.list(sessions.authenticate(others[-1].cookie))) == MOST


def test_the_database_does_not_know_secrets(client: Client, browser: Browser) -> None:
    browser.sign_in(new_key(client.app, "browse"))
    secret = browser.cookie.partition(".")[2]
    data_dir = client.app.edge.settings.data_dir
    for path in data_dir.glob("facet.db*"):
        assert secret.encode() not in path.read_bytes()


def test_other_formats_take_no_cookie(settings: Settings) -> None:
    speaking = settings.model_copy(update={"wire_formats": ("native", "deepstack", "compreface")})
    with running(speaking) as client:
        browser = Browser(client.app)
        browser.sign_in(new_key(client.app, "admin"))
        assert browser.get("/api/v1/recognition/subjects").status_code == 400
        listed = browser.change("POST", "/v1/vision/face/list")
        assert listed.status_code == 401


def test_without_keys_there_is_nothing_to_sign_in_to(settings: Settings) -> None:
    with running(settings.model_copy(update={"auth": "off"})) as client:
        client.headers.pop("Authorization")
        client.base_url = "http://localhost:8000"
        caller = client.get("/v1/session").json()
        assert caller["key_id"] == "local" and "admin" in caller["may"]
        assert client.post("/v1/session").status_code == 201 and not client.cookies


def test_a_principal_of_a_session_is_that_of_its_key(staff: Client, browser: Browser) -> None:
    token = new_key(staff.app, "admin", collection="staff")
    browser.sign_in(token)
    key: ApiKey = staff.app.edge.use_cases.keys.get(token.split("_")[1])
    assert browser.get("/v1/session").json()["collection_id"] == key.collection_id
    assert code(browser.get("/v1/collections/other")) == (403, "insufficient-scope")
    grace = subject_id(staff, "Grace Hopper")
    renamed = browser.change(
        "PATCH", f"/v1/collections/staff/subjects/{grace}", json={"name": "Grace"}
    )
    assert renamed.status_code == 200
    entry = staff.get("/v1/audit", params={"action": "change-subject"}).json()["items"][0]
    assert entry["key"] == key.id
