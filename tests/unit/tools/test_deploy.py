"""What is shipped to be run: the chart as Helm renders it, Compose files, proxy and image."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.platform.version import VERSION

yaml = pytest.importorskip("yaml", reason="PyYAML is missing")

ROOT = Path(__file__).parents[3]
CHART = ROOT / "deploy" / "helm" / "facet"
COMPOSE = [ROOT / "docker-compose.yml", ROOT / "deploy" / "compose.yml"]
DIGEST = "sha256:" + "0" * 64
VALUES: list[dict[str, Any]] = [
    {},
    {
        "index": "pgvector",
        "autoscaling": {"enabled": True},
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "tlsSecret": "certificate",
            "paths": ["/v1", "/faces"],
        },
        "environment": {"FACET_QUEUE": 128},
        "images": {"existingClaim": "shared"},
        "image": {"repository": "registry.example/facet", "digest": DIGEST},
        "serviceAccount": {"create": False},
        "networkPolicy": {
            "from": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}],
            "operationsFrom": [{"podSelector": {"matchLabels": {"app": "prometheus"}}}],
            "egress": [{"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}],
        },
    },
]
Kinds = dict[str, dict[str, Any]]


@pytest.fixture(params=VALUES)
def values(request: pytest.FixtureRequest) -> dict[str, Any]:
    given: dict[str, Any] = request.param
    return given


def _rendered(values: dict[str, Any]) -> Kinds:
    """Manifests by kind, as Kubernetes takes them."""
    helm = pytest.importorskip("helm_python", reason="Helm is missing")
    validator = pytest.importorskip("kubernetes_validate", reason="the API's schemas are missing")
    kinds = {}
    with helm.Chart.load(str(CHART)) as chart:
        for name, text in chart.render(values, name="facet", namespace="default").items():
            if name.endswith(".yaml") and text.strip():
                manifest = yaml.safe_load(text)
                validator.validate(manifest, "1.31", strict=True)
                kinds[manifest["kind"]] = manifest
    return kinds


def _pod(kinds: Kinds) -> dict[str, Any]:
    pod: dict[str, Any] = kinds["Deployment"]["spec"]["template"]["spec"]
    return pod


def test_the_chart_renders_what_kubernetes_takes(values: dict[str, Any]) -> None:
    helm = pytest.importorskip("helm_python", reason="Helm is missing")
    report = helm.lint(str(CHART), values, strict=True)
    assert report["errors"] == []
    assert [one for one in report["messages"] if one["severity"] > 1] == []
    kinds = _rendered(values)
    assert {"Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"} <= kinds.keys()
    (server,) = _pod(kinds)["containers"]
    secrets = {one["name"] for one in server["env"] if "valueFrom" in one}
    expected = {"FACET_DATABASE_URL"} | ({"FACET_INDEX_URL"} if not values else set())
    assert secrets == expected
    assert kinds["Deployment"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_ingress_publishes_what_clients_need_alone() -> None:
    assert "Ingress" not in _rendered({})
    for given, expected in ((None, ["/v1"]), (["/v1", "/faces"], ["/v1", "/faces"])):
        ingress = {"enabled": True, **({"paths": given} if given else {})}
        (rule,) = _rendered({"ingress": ingress})["Ingress"]["spec"]["rules"]
        assert [one["path"] for one in rule["http"]["paths"]] == expected
        ports = {one["backend"]["service"]["port"]["name"] for one in rule["http"]["paths"]}
        assert ports == {"http"}


def test_metrics_and_health_have_a_port_of_their_own(values: dict[str, Any]) -> None:
    kinds = _rendered(values)
    (server,) = _pod(kinds)["containers"]
    ports = {one["name"]: one["containerPort"] for one in server["ports"]}
    settings = {one["name"]: one.get("value") for one in server["env"]}
    assert settings["FACET_OPERATIONS_PORT"] == str(ports["operations"]) != str(ports["http"])
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert server[probe]["httpGet"]["port"] == "operations"
    inside: dict[Any, Any] = {}
    outside: dict[Any, Any] = {}
    for rule in kinds["NetworkPolicy"]["spec"]["ingress"]:
        (port,) = rule["ports"]
        (inside if port["port"] == "operations" else outside)[port["port"]] = rule.get("from")
    assert inside["operations"], "metrics are open to everybody"
    assert set(outside) == {"http"}


def test_pods_have_limits_and_no_identity(values: dict[str, Any]) -> None:
    kinds = _rendered(values)
    pod = _pod(kinds)
    (server,) = pod["containers"]
    assert {"cpu", "memory", "ephemeral-storage"} <= server["resources"]["limits"].keys()
    assert pod["automountServiceAccountToken"] is False
    if "serviceAccount" in values:
        assert "ServiceAccount" not in kinds
    else:
        assert pod["serviceAccountName"] == kinds["ServiceAccount"]["metadata"]["name"]
        assert kinds["ServiceAccount"]["automountServiceAccountToken"] is False
    (temporary,) = [one for one in pod["volumes"] if one["name"] == "tmp"]
    assert temporary["emptyDir"]["sizeLimit"]


def test_the_image_goes_by_digest_where_there_is_one() -> None:
    for values, image in (
        ({}, f"facet:{VERSION}"),
        ({"image": {"repository": "r.example/facet", "tag": "7"}}, "r.example/facet:7"),
        (VALUES[1], f"registry.example/facet@{DIGEST}"),
    ):
        (server,) = _pod(_rendered(values))["containers"]
        assert server["image"] == image


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"index": "faiss"}, "milvus"),
        ({"image": {"repository": "facet", "digest": "latest"}}, "digest"),
        ({"ingress": {"paths": []}}, "paths"),
        ({"ingress": {"paths": ["/"]}}, "paths"),
        ({"operations": {"port": 8000}}, "port"),
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, Any], named: str) -> None:
    helm = pytest.importorskip("helm_python", reason="Helm is missing")
    assert named in json.dumps(helm.lint(str(CHART), wrong)["errors"])


@pytest.fixture(params=COMPOSE, ids=lambda path: path.parent.name)
def compose(request: pytest.FixtureRequest) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(request.param.read_text())
    return made


def test_every_container_is_confined(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        limits = service["deploy"]["resources"]["limits"]
        assert limits["memory"] and limits["pids"], name
        assert all("size=" in mount for mount in service["tmpfs"]), name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_no_password_is_a_variable_of_a_container(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert "${" not in str(value), name
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), name
    assert compose["secrets"] == {"postgres-password": {"environment": "POSTGRES_PASSWORD"}}
    database = compose["services"]["database"]
    assert database["secrets"] == ["postgres-password"]
    servers = [
        s for n, s in compose["services"].items() if n.startswith("facet") and "secrets" in s
    ]
    (server,) = servers
    assert server["secrets"] == [
        {"source": "postgres-password", "target": "facet_database_password"}
    ]
    assert server["environment"]["FACET_DATABASE_URL"].startswith("postgresql+psycopg://facet@")


def test_the_database_is_reached_by_its_servers_alone(compose: dict[str, Any]) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert "ports" not in compose["services"]["database"]


def test_the_proxy_publishes_what_clients_need_alone() -> None:
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"^\t@published path (.*)$", text, re.MULTILINE) == ["/v1 /v1/*"]
    assert text.count("reverse_proxy") == 1
    published = text[text.index("handle @published") :]
    assert published.index("reverse_proxy") < published.index("\thandle {\n\t\trespond 404")
    for limit in ("read_header 10s", "read_body 120s", "max_header_size 32KB", "idle 60s"):
        assert limit in text
    assert text.count("{") == text.count("}")


def test_the_image_probes_itself_by_its_settings() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r'^HEALTHCHECK .*\\\n +CMD \["facet", "health"\]$', text, re.MULTILINE)


def test_caddy_takes_the_proxy_s_configuration(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("caddy")
    if not program.exists():
        pytest.skip("caddy has no wheel for this system")
    places = {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [str(program), "validate", "--adapter", "caddyfile", "--config"]
    done = subprocess.run(
        [*command, str(ROOT / "deploy" / "Caddyfile")],
        env=os.environ | places,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
