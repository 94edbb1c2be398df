"""Graphs on disk: found again, made anew when damaged, and not kept where nothing can be."""

from pathlib import Path

import pytest

from app.vision.running.runtimes.graph_files import GraphFiles


@pytest.fixture
def made() -> list[bytes]:
    return []


def opened(files: GraphFiles, path: Path, made: list[bytes]) -> str:
    def make() -> bytes:
        made.append(b"graph")
        return b"graph"

    def load(content: bytes) -> str:
        if content != b"graph":
            raise ValueError("damaged")
        return content.decode()

    return files.opened(path, load, make)


def test_a_graph_is_made_once(tmp_path: Path, made: list[bytes]) -> None:
    files, path = GraphFiles(tmp_path), tmp_path / "encoder@1-openvino-0123.graph"
    assert [opened(files, path, made) for _ in range(3)] == ["graph"] * 3
    assert len(made) == 1


def test_a_damaged_graph_is_made_anew(tmp_path: Path, made: list[bytes]) -> None:
    files, path = GraphFiles(tmp_path), tmp_path / "encoder@1-openvino-0123.graph"
    path.write_bytes(b"half a gra")
    assert opened(files, path, made) == "graph"
    assert path.read_bytes() == b"graph"


def test_where_nothing_can_be_written_the_graph_serves_all_the_same(
    tmp_path: Path, made: list[bytes]
) -> None:
    directory = tmp_path / "read-only"
    directory.write_text("a file in the directory's place refuses even root")
    files, path = GraphFiles(directory), directory / "encoder@1-openvino-0123.graph"
    assert opened(files, path, made) == "graph"
