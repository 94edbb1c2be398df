"""The chart for Kubernetes: linted by Helm itself, its manifests checked against the API."""

import json
from pathlib import Path
from typing import Any

import pytest

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "facet"
VALUES: list[dict[str, Any]] = [
    {},
    {
        "index": "pgvector",
        "autoscaling": {"enabled": True},
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "certificate"},
        "environment": {"FACET_QUEUE": 128},
        "images": {"existingClaim": "shared"},
    },
]


@pytest.fixture(params=VALUES)
def values(request: pytest.FixtureRequest) -> dict[str, Any]:
    given: dict[str, Any] = request.param
    return given


def test_the_chart_renders_what_kubernetes_takes(values: dict[str, Any]) -> None:
    helm = pytest.importorskip("helm_python", reason="Helm is missing")
    validator = pytest.importorskip("kubernetes_validate", reason="the API's schemas are missing")
    yaml = pytest.importorskip("yaml", reason="PyYAML is missing")
    report = helm.lint(str(CHART), values, strict=True)
    assert report["errors"] == []
    assert [one for one in report["messages"] if one["severity"] > 1] == []
    kinds = {}
    with helm.Chart.load(str(CHART)) as chart:
        for name, text in chart.render(values, name="facet", namespace="default").items():
            if name.endswith(".yaml") and text.strip():
                manifest = yaml.safe_load(text)
                validator.validate(manifest, "1.31", strict=True)
                kinds[manifest["kind"]] = manifest
    assert {"Deployment", "Service", "PodDisruptionBudget"} <= kinds.keys()
    (server,) = kinds["Deployment"]["spec"]["template"]["spec"]["containers"]
    secrets = {one["name"] for one in server["env"] if "valueFrom" in one}
    expected = {"FACET_DATABASE_URL"} | ({"FACET_INDEX_URL"} if not values else set())
    assert secrets == expected
    assert kinds["Deployment"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_wrong_values_are_refused() -> None:
    helm = pytest.importorskip("helm_python", reason="Helm is missing")
    assert "milvus" in json.dumps(helm.lint(str(CHART), {"index": "faiss"})["errors"])
