"""What an installed package holds: every file that lies beside the code."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.__main__ import app
from training.kit.recipes import SHIPPED, recipe_file

ROOT = Path(__file__).parents[3]
PACKAGES = ("app", "migrations", "models", "training")
_BUILD = "from setuptools.build_meta import build_wheel; build_wheel('dist')"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy, since building leaves files behind."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored, copy_function=_linked)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [sys.executable, "-c", _BUILD], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (path,) = (source / "dist").glob("*.whl")
    return zipfile.ZipFile(path)


def _linked(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def test_nothing_that_lies_beside_the_code_is_left_out(wheel: zipfile.ZipFile) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in expected if name.endswith(".toml")} and len(expected) > 400
    assert expected - set(wheel.namelist()) == set()


def test_shipped_recipes_go_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recipes = sorted(SHIPPED.rglob("*.toml"))
    assert len(recipes) > 15
    for path in recipes:
        name = path.relative_to(SHIPPED).with_suffix("").as_posix()
        assert recipe_file(name) == recipe_file(f"{name}.toml") == recipe_file(path.stem) == path
    own = tmp_path / "lenet-5-softmax"
    own.write_text("seed = 1")
    assert recipe_file("lenet-5-softmax") == Path("lenet-5-softmax")
    done = CliRunner().invoke(app, ["train", "--config", "lenet-5-sofmax", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "did you mean 'lenet-5-softmax'?" in " ".join(done.output.replace("│", "").split())
