"""The TypeScript client against a real server, and its examples as the page shows them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.clients.typescript.__main__ import PACKAGE
from deploy.node import command, environment
from tests.acceptance.documented import blocks
from tests.integration.server import Server, Starter
from tests.portraits import eileen, encoded, grace, landscape

GRACE, EILEEN = "Grace Hopper", "Eileen Collins"
SECONDS = 120
pytestmark = pytest.mark.skipif(
    not (PACKAGE / "node_modules").exists(), reason="no packages of Node: make setup"
)


@pytest.fixture(scope="module")
def server(
    starter: Starter, tmp_path_factory: pytest.TempPathFactory, model_cache: Path, manifests: Path
) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("typescript") / "data"
    data.mkdir()
    (data / "manifests").symlink_to(manifests)
    with Server(starter, data, model_cache) as server:
        yield server


@pytest.fixture(scope="module")
def variables(server: Server) -> dict[str, str]:
    key = server.create_key()
    own = {"FACET_URL": server.address, "FACET_KEY": key, "ENCODER": "turned@1"}
    return environment() | own


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of two people, and of one without a face; two pictures beside it."""
    for name, portrait in ((GRACE, grace()), (EILEEN, eileen())):
        (tmp_path / "people" / name).mkdir(parents=True)
        for degrees in (0, 5):
            file = tmp_path / "people" / name / f"{degrees}.jpg"
            file.write_bytes(encoded(portrait.rotate(degrees)))
    (tmp_path / "people" / "Nobody").mkdir()
    (tmp_path / "people" / "Nobody" / "tree.jpg").write_bytes(encoded(landscape()))
    (tmp_path / "people" / GRACE / "notes.txt").write_text("none")
    (tmp_path / "party.jpg").write_bytes(encoded(grace().rotate(-4)))
    (tmp_path / "landscape.jpg").write_bytes(encoded(landscape()))
    return tmp_path


def run(
    arguments: list[str], variables: dict[str, str], folder: Path, program: str = "node"
) -> str:
    done = subprocess.run(
        command(program, *arguments),
        env=variables,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_sending() -> None:
    run(["--test", "test/sending.test.ts"], environment(), PACKAGE)


def test_every_kind_of_route(variables: dict[str, str], pictures: Path) -> None:
    own = variables | {"PICTURES": str(pictures)}
    run(["--test", "test/server.test.ts"], own, PACKAGE)


def test_the_examples_of_the_page(variables: dict[str, str], pictures: Path) -> None:
    """As they are type-checked and run where the package is installed."""
    run(["run", "build", "--silent"], environment(), PACKAGE, "npm")
    (pictures / "node_modules" / "@types").mkdir(parents=True)
    (pictures / "node_modules" / "facet-client").symlink_to(PACKAGE)
    (pictures / "node_modules" / "@types" / "node").symlink_to(
        PACKAGE / "node_modules" / "@types" / "node"
    )
    (pictures / "package.json").write_text('{"type": "module"}')
    programs = blocks("how-to/clients/typescript.md", "ts")
    files = [f"example{number}.ts" for number in range(len(programs))]
    for name, program in zip(files, programs, strict=True):
        (pictures / name).write_text(program, encoding="utf-8")
    checking = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", *files]
    tsc = str(PACKAGE / "node_modules" / "typescript" / "bin" / "tsc")
    run([tsc, "--types", "node", *checking], variables, pictures)
    said = [run([name], variables, pictures) for name in files]
    assert f"{GRACE}: enrolled" in said[0] and f"\n{GRACE} " in said[0]
    assert "no face" in said[2].lower() and GRACE in said[3]
    assert said[-1].rstrip().endswith("succeeded")


def test_the_package_names_no_registry_and_needs_nothing_at_run_time() -> None:
    lock = (PACKAGE / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert '"dependencies"' not in (PACKAGE / "package.json").read_text(encoding="utf-8")
