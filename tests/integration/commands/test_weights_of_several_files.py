"""Weights in files of their publisher's format: fetched, checked and converted once."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import tomlkit
import torch
from typer.testing import CliRunner, Result

from app.cli.main import app
from models.nets.encoders.mobile_face_net import MobileFaceNet
from models.registry import directories
from models.registry.registry import Registry
from tests.openvino_files import write_reid

KEY = "reid-retail-0095@1"


class _Quiet(SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        self.asked.append(self.path)


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[str, list[str], MobileFaceNet]]:
    """Address of a server with reid.xml and reid.bin, what it was asked for, and the network."""
    (tmp_path / "web").mkdir()
    network = write_reid(tmp_path / "web" / "reid")

    class Handler(_Quiet):
        asked: ClassVar[list[str]] = []

    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=tmp_path / "web")
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", Handler.asked, network
        server.shutdown()
        thread.join()


@pytest.fixture
def facet(tmp_path: Path, published: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `facet models ...` where the built-in manifests name files of this machine."""
    url = published[0]
    copies = tmp_path / "built-in"
    copies.mkdir()
    for path in directories.manifest_files(directories.BUILT_IN):
        text = path.read_text()
        if path.stem == KEY.replace("@", "-"):
            document = tomlkit.parse(text)
            for file in document["source"]["files"]:
                name = f"reid{Path(file['url']).suffix}"
                content = (tmp_path / "web" / name).read_bytes()
                file["url"] = f"{url}/{name}"
                file["sha384"] = hashlib.sha384(content).hexdigest()
            text = tomlkit.dumps(document)
        (copies / path.name).write_text(text)
    monkeypatch.setattr(directories, "BUILT_IN", copies)
    environment = {
        "FACET_DATA_DIR": str(tmp_path / "data"),
        "FACET_MODEL_CACHE_DIR": str(tmp_path / "cache"),
    }

    def run(*arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(app, ["models", *arguments], env=environment, input=answer)

    return run


def test_pulled_converted_and_verified(facet: Any, tmp_path: Path, published: Any) -> None:
    url, asked, network = published
    done = facet("pull", KEY, answer="n\n")
    assert done.exit_code == 1 and asked == []
    assert "Apache-2.0" in done.stderr
    assert f"{url}/reid.xml" in done.stderr and f"{url}/reid.bin" in done.stderr
    done = facet("pull", KEY, "--yes")
    assert done.exit_code == 0, done.output
    assert len(asked) == 2
    loaded = Registry(tmp_path / "cache").load(KEY)
    x = torch.rand(2, 3, 128, 128, generator=torch.Generator().manual_seed(0)) * 255
    with torch.inference_mode():
        torch.testing.assert_close(loaded(x), network(x), rtol=1e-4, atol=1e-5)
    assert facet("pull", KEY, "--yes").exit_code == 0
    assert len(asked) == 2  # it is there already
    checked = json.loads(facet("verify", KEY, "--json").stdout)["models"][0]
    assert checked["ok"] and [len(file["sha384"]) for file in checked["files"]] == [96, 96]
    shown = next(m for m in json.loads(facet("list", "--json").stdout)["models"] if m["key"] == KEY)
    assert not shown["ready"]  # it has no curve


def test_another_file_is_not_taken(facet: Any, tmp_path: Path, published: Any) -> None:
    web = tmp_path / "web" / "reid.bin"
    whole = web.read_bytes()
    web.write_bytes(whole[:-1] + b"x")
    done = facet("pull", KEY, "--yes", "--json")
    assert done.exit_code != 0
    assert json.loads(done.stdout)["error"]["code"] == "checksum-mismatch"
    assert not [path for path in (tmp_path / "cache").iterdir() if path.suffix != ".xml"]
    web.write_bytes(whole)
    done = facet("pull", KEY, "--yes")
    assert done.exit_code == 0, done.output
    assert published[1].count("/reid.xml") == 1  # whole already
    assert published[1].count("/reid.bin") == 2


def test_without_its_files_it_says_what_to_do(facet: Any) -> None:
    done = facet("list", "--json")
    shown = next(m for m in json.loads(done.stdout)["models"] if m["key"] == KEY)
    assert not shown["ready"] and "pull" in json.dumps(shown)
