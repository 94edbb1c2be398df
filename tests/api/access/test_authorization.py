"""Every operation of the description against every kind of caller: who may do what.

The rules stand in one table. An operation without a rule fails, and so does a rule without an
operation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from app.domain.scopes import PRESETS, SCOPES, Need, expanded, include, read_from
from app.settings import Settings
from tests.api.conftest import Client, new_key, running
from tests.api.declared import check_declared

WORDS = {"collection": "aa", "subject": "x", "face": "1", "job": "x", "key": "x", "style": "x"} | {
    "group": "1",
    "sighting": "1",
    "operation": "1",
    "suggestion": "x",
    "negative": "x",
    "receipt": "x",
    "webhook": "x",
    "session": "x",
}


@dataclass(frozen=True)
class Rule:
    """What an operation needs, and how it answers those who may, to a request without a body."""

    needs: Need | tuple[Need, ...]
    """One scope, or several that are needed together."""
    allowed: int
    unbound: bool = False
    """Whether a key that is bound to any collection is refused."""


RULES: Mapping[str, Rule] = {
    "POST /v1/verify": Rule("verify", 415),
    "POST /v1/collections/{collection}/subjects/{subject}/verify": Rule("verify", 415),
    "POST /v1/collections/{collection}/recognize": Rule("recognize", 415),
    "POST /v1/detect": Rule("detect", 415),
    "POST /v1/embed": Rule("embed", 415),
    "POST /v1/collections/{collection}/sequences/recognize": Rule("recognize", 415),
    "POST /v1/collections/{collection}/sequences/enroll": Rule("enroll", 415),
    "POST /v1/sequences/dates": Rule("detect", 415),
    "POST /v1/collections": Rule("admin", 415, unbound=True),
    "GET /v1/collections": Rule("browse", 200),
    "GET /v1/collections/{collection}": Rule("browse", 200),
    "PATCH /v1/collections/{collection}": Rule("admin", 415),
    "DELETE /v1/collections/{collection}": Rule("admin", 200),
    "POST /v1/collections/{collection}/subjects": Rule("enroll", 415),
    "GET /v1/collections/{collection}/subjects": Rule("browse", 200),
    "GET /v1/collections/{collection}/subjects/{subject}": Rule("browse", 404),
    "PATCH /v1/collections/{collection}/subjects/{subject}": Rule(("enroll", "browse"), 415),
    "DELETE /v1/collections/{collection}/subjects/{subject}": Rule("erase", 404),
    "POST /v1/collections/{collection}/subjects/{subject}/merge": Rule(
        ("enroll", "erase", "browse"), 415
    ),
    "POST /v1/collections/{collection}/subjects/{subject}/faces": Rule("enroll", 415),
    "GET /v1/collections/{collection}/faces": Rule("browse", 200),
    "GET /v1/collections/{collection}/faces/{face}": Rule("browse", 404),
    "DELETE /v1/collections/{collection}/faces/{face}": Rule("erase", 404),
    "GET /v1/collections/{collection}/faces/{face}/image": Rule("pictures", 404),
    "POST /v1/collections/{collection}/faces/move": Rule(("enroll", "erase", "browse"), 415),
    "GET /v1/collections/{collection}/operations": Rule("browse", 200),
    "POST /v1/collections/{collection}/operations/{operation}/undo": Rule(
        ("enroll", "erase", "browse"), 404
    ),
    "GET /v1/collections/{collection}/groups": Rule("browse", 200),
    "GET /v1/collections/{collection}/groups/{group}": Rule("browse", 404),
    "POST /v1/collections/{collection}/groups/regroup": Rule(("enroll", "browse"), 415),
    "POST /v1/collections/{collection}/groups/{group}/split": Rule(("enroll", "browse"), 415),
    "POST /v1/collections/{collection}/groups/{group}/merge": Rule(("enroll", "browse"), 415),
    "POST /v1/collections/{collection}/groups/{group}/ignore": Rule(("enroll", "browse"), 415),
    "POST /v1/collections/{collection}/groups/{group}/assign": Rule(("enroll", "browse"), 415),
    "DELETE /v1/collections/{collection}/groups/{group}": Rule("erase", 404),
    "GET /v1/collections/{collection}/review": Rule("browse", 200),
    "POST /v1/collections/{collection}/review": Rule(("enroll", "browse"), 415),
    "POST /v1/collections/{collection}/review/{suggestion}/accept": Rule(
        ("enroll", "erase", "browse"), 415
    ),
    "POST /v1/collections/{collection}/review/{suggestion}/refuse": Rule(("enroll", "browse"), 415),
    "GET /v1/collections/{collection}/subjects/{subject}/face": Rule("browse", 404),
    "PUT /v1/collections/{collection}/subjects/{subject}/face": Rule(("enroll", "browse"), 415),
    "GET /v1/collections/{collection}/subjects/{subject}/negatives": Rule("browse", 404),
    "POST /v1/collections/{collection}/subjects/{subject}/negatives": Rule(
        ("enroll", "browse"), 415
    ),
    "DELETE /v1/collections/{collection}/subjects/{subject}/negatives/{negative}": Rule(
        ("enroll", "browse"), 404
    ),
    "GET /v1/collections/{collection}/sightings": Rule("browse", 200),
    "DELETE /v1/collections/{collection}/sightings": Rule("erase", 200),
    "DELETE /v1/collections/{collection}/sightings/{sighting}": Rule("erase", 404),
    "GET /v1/collections/{collection}/sightings/{sighting}/image": Rule("pictures", 404),
    "GET /v1/events": Rule("browse", 200),
    "GET /v1/collections/{collection}/health": Rule("admin", 200),
    "GET /v1/collections/{collection}/health/picture": Rule("admin", 200),
    "POST /v1/collections/{collection}/health": Rule("admin", 415),
    "POST /v1/webhooks": Rule("admin", 415, unbound=True),
    "GET /v1/webhooks": Rule("admin", 200, unbound=True),
    "DELETE /v1/webhooks/{webhook}": Rule("admin", 404, unbound=True),
    "POST /v1/webhooks/{webhook}/test": Rule("admin", 404, unbound=True),
    "POST /v1/webhooks/{webhook}/resend": Rule("admin", 404, unbound=True),
    "GET /v1/webhooks/{webhook}/dead": Rule("admin", 404, unbound=True),
    "GET /v1/collections/{collection}/calibration": Rule("admin", 200),
    "POST /v1/collections/{collection}/calibration": Rule("admin", 415),
    "POST /v1/collections/{collection}/calibration/accept": Rule("admin", 415),
    "DELETE /v1/collections/{collection}/calibration": Rule("admin", 200),
    "GET /v1/models": Rule("models", 200),
    "GET /v1/models/{key}": Rule("models", 404),
    "POST /v1/models/{key}/pull": Rule("admin", 415, unbound=True),
    "GET /v1/collections/{collection}/reencodings": Rule("admin", 422),
    "POST /v1/collections/{collection}/reencodings": Rule("admin", 415),
    "POST /v1/collections/{collection}/renewals": Rule("admin", 415),
    "POST /v1/style-transfers": Rule("jobs", 415),
    "POST /v1/styles": Rule("write", 415, unbound=True),
    "GET /v1/styles": Rule("jobs", 200),
    "GET /v1/styles/{style}": Rule("jobs", 404),
    "DELETE /v1/styles/{style}": Rule("write", 404, unbound=True),
    "GET /v1/styles/{style}/image": Rule("jobs", 404),
    "GET /v1/keys": Rule("admin", 200, unbound=True),
    "POST /v1/keys": Rule("admin", 415, unbound=True),
    "GET /v1/keys/{key}": Rule("admin", 404, unbound=True),
    "DELETE /v1/keys/{key}": Rule("admin", 404, unbound=True),
    "PATCH /v1/keys/{key}/limits": Rule("admin", 415, unbound=True),
    "POST /v1/keys/{key}/rotations": Rule("admin", 415, unbound=True),
    "GET /v1/jobs": Rule("jobs", 200),
    "GET /v1/jobs/{job}": Rule("jobs", 404),
    "DELETE /v1/jobs/{job}": Rule("jobs", 404),
    "GET /v1/jobs/{job}/result": Rule("jobs", 404),
    "DELETE /v1/jobs/{job}/result": Rule("jobs", 404),
    "GET /v1/jobs/{job}/events": Rule("jobs", 404),
    "GET /v1/audit": Rule("audit", 200),
    "GET /v1/collections/{collection}/subjects/{subject}/rights": Rule("browse", 404),
    "PATCH /v1/collections/{collection}/subjects/{subject}/rights": Rule(("enroll", "browse"), 415),
    "GET /v1/collections/{collection}/subjects/{subject}/export": Rule(
        ("browse", "pictures", "audit"), 404
    ),
    "GET /v1/collections/{collection}/retention": Rule("admin", 200),
    "POST /v1/collections/{collection}/retention": Rule("admin", 200),
    "POST /v1/collections/{collection}/retention/jobs": Rule("admin", 415),
    "GET /v1/receipts": Rule("audit", 200),
    "GET /v1/receipts/{receipt}": Rule("audit", 404),
    "GET /v1/receipt-keys": Rule("audit", 200),
    "POST /v1/session": Rule((), 201),
    "GET /v1/session": Rule((), 200),
    "DELETE /v1/session": Rule((), 200),
    "GET /v1/sessions": Rule((), 200),
    "DELETE /v1/sessions": Rule((), 200),
    "DELETE /v1/sessions/{session}": Rule((), 404),
    "GET /v1/settings": Rule("admin", 200, unbound=True),
}
"""By method and path; /v1 alone, because the others need no key."""
OPEN = {"GET /healthz", "GET /readyz", "GET /metrics"}


@dataclass(frozen=True)
class Identity:
    """A kind of caller: a key that is not taken at all, or one with a scope."""

    name: str
    scope: str | None
    """One, or the name of a preset."""
    bound: str | None = None

    def status(self, path: str, rule: Rule) -> int:
        """What the rule says that the answer must be."""
        if self.scope is None:
            return 401
        elsewhere = self.bound not in (None, "aa") and path.startswith(
            "/v1/collections/{collection}"
        )
        needs = (rule.needs,) if isinstance(rule.needs, str) else rule.needs
        held = read_from(" ".join(expanded([self.scope])))
        if not all(include(held, need) for need in needs) or elsewhere:
            return 403
        if rule.unbound and self.bound:
            return 403
        return rule.allowed


UNKNOWN = [Identity(n, None) for n in ("none", "wrong secret", "malformed", "expired", "revoked")]
KNOWN = [
    Identity(f"{scope} {bound or 'unbound'}", scope, bound)
    for bound in (None, "bb", "aa")
    for scope in (*SCOPES, *PRESETS)
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model_cache: Any) -> Iterator[Client]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), model_cache_dir=model_cache, job_workers=0
    )
    with running(settings) as client:
        client.collection("aa")
        client.collection("bb")
        yield client


@pytest.fixture(scope="module")
def keys(server: Client) -> Mapping[str, str | None]:
    """A token for every identity."""
    revoked = new_key(server.app, "admin")
    server.app.edge.use_cases.keys.revoke(revoked.split("_")[1])
    return {
        "none": None,
        "wrong secret": new_key(server.app, "admin")[:-4] + "AAAA",
        "malformed": "nonsense",
        "expired": new_key(server.app, "admin", lifetime=timedelta(seconds=-1)),
        "revoked": revoked,
        **{who.name: new_key(server.app, who.scope, collection=who.bound) for who in KNOWN},
    }


def operations(server: Client) -> list[str]:
    paths = server.get("/openapi.json").json()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def answered(server: Client, asked: Sequence[tuple[str, str | None]]) -> list[int]:
    """The statuses of requests without a body, which change nothing.

    They are sent from the application's own loop: by threads so many take three times as long.
    """

    async def ask() -> list[int]:
        transport = ASGITransport(server.app, raise_app_exceptions=False)
        found = []
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            for operation, token in asked:
                method, path = operation.split(" ")
                client.cookies.clear()  # of whoever signed in before
                answer = await client.request(
                    method,
                    path.format(**WORDS),
                    headers={} if token is None else {"Authorization": f"Bearer {token}"},
                    params={"dry_run": "true"} if method == "DELETE" else {"wait": "0"},
                )
                check_declared(server.app, method, answer)
                found.append(answer.status_code)
        return found

    assert server.portal is not None
    return server.portal.call(ask)


def test_every_operation_has_a_rule_and_every_rule_an_operation(server: Client) -> None:
    assert set(operations(server)) - OPEN == set(RULES)


def test_everybody_gets_what_the_rules_say(server: Client, keys: Mapping[str, str | None]) -> None:
    callers = UNKNOWN + KNOWN
    statuses = iter(answered(server, [(o, keys[who.name]) for o in RULES for who in callers]))
    table, wrong = [], []
    for operation, rule in RULES.items():
        path = operation.split(" ")[1]
        cells = []
        for who in callers:
            status, expected = next(statuses), who.status(path, rule)
            cells.append(f"{status}" if status == expected else f"{status} not {expected}")
            if status != expected:
                wrong.append(f"{operation} by {who.name}: {cells[-1]}")
        table.append(f"{operation:75} {' '.join(cells)}")
    assert not wrong, "\n".join([*wrong, "", ", ".join(who.name for who in callers), *table])
    assert len(RULES) * len(callers) >= 44 * (5 + 3 * 15)


def test_a_bound_key_is_told_of_its_own_collection_alone(
    server: Client, keys: Mapping[str, str | None]
) -> None:
    for scope in ("read", "write", "admin"):
        headers = {"Authorization": f"Bearer {keys[f'{scope} bb']}"}
        found = server.get("/v1/collections", headers=headers).json()["items"]
        assert [collection["name"] for collection in found] == ["bb"]


def test_a_bound_key_cannot_try_names_by_renaming(
    server: Client, keys: Mapping[str, str | None]
) -> None:
    headers = {"Authorization": f"Bearer {keys['admin bb']}"}
    for name in ("aa", "nobody-has-this"):
        answer = server.patch("/v1/collections/bb", json={"name": name}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient-scope")
    same = server.patch("/v1/collections/bb", json={"name": "bb", "metadata": {}}, headers=headers)
    assert (same.status_code, same.json()["name"]) == (200, "bb")
