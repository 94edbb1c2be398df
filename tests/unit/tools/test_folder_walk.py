"""The one walk through folders: what is read, and what is passed over and why."""

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from models.folders.content import kind_of
from models.folders.litter import is_litter
from models.folders.walk import Folder, in_words, walk

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")


def picture(form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "gray").save(file, form)
    return file.getvalue()


def box(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + bytes(200)


def write(root: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def names(folder: Folder, root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in folder.pictures]


def reasons(folder: Folder, root: Path) -> dict[str, tuple[str, str, bool]]:
    return {
        str(one.path.relative_to(root)): (one.reason, one.what, one.left_out)
        for one in folder.passed_over
    }


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        *((picture(form), form) for form in KINDS),
        (box(b"heic", b"mif1", b"heic"), "HEIC"),
        (box(b"mif1", b"heic", b"miaf"), "HEIC"),
        (box(b"mif1", b"avif", b"miaf"), "AVIF"),
        (box(b"avif"), "AVIF"),
        (box(b"isom", b"mp42"), "video"),
        (box(b"crx "), "raw photograph"),
        (b"\xff\x0a" + bytes(20), "JPEG XL"),
        (b"%PDF-1.7", "PDF"),
        (b"BM is how a note may begin", "text"),
        ("Notizen über Jürgen".encode("latin-1"), "text"),
        ("\ufeffnotes".encode("utf-16"), "text"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x">', "SVG"),
        (bytes(30), "unknown content"),
    ],
)
def test_the_content_tells_what_a_file_is(content: bytes, kind: str) -> None:
    assert kind_of(content).name == kind


def test_a_raw_photograph_is_a_tiff_by_content_alone() -> None:
    assert kind_of(picture("TIFF"), ".DNG").name == "raw photograph"
    assert kind_of(picture("TIFF"), ".tif").name == "TIFF"


def test_suffixes_are_not_believed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "A/photo.pic": picture(),
            "A/no suffix": picture("PNG"),
            "B/notes.jpg": b"not a picture",
            "B/phone.jpg": box(b"heic"),
            "B/readme.txt": b"hello",
            "B/none.png": b"",
            "B/none.txt": b"",
            "B/clip.mov": box(b"qt  "),
        },
    )
    folder = walk(tmp_path, KINDS)
    assert names(folder, tmp_path) == ["A/no suffix", "A/photo.pic"]
    assert reasons(folder, tmp_path) == {
        "B/clip.mov": ("unsupported", "video", False),
        "B/none.png": ("empty", "it has no bytes", True),
        "B/none.txt": ("empty", "it has no bytes", False),
        "B/notes.jpg": ("unsupported", "text", True),
        "B/phone.jpg": ("unsupported", "HEIC", True),
        "B/readme.txt": ("unsupported", "text", False),
    }
    assert folder.left_out == 3
    assert folder.counts() == {"empty": 2, "unsupported": 4}
    assert folder.kinds() == {"text": 2, "video": 1, "HEIC": 1}
    assert in_words(folder.passed_over) == "6 files passed over: 2 empty, 2 text, 1 video, 1 HEIC"


@pytest.mark.parametrize(
    "name",
    [
        *("@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_XL.jpg", "Grace/@eaDir/a.jpg", "@Recycle/a.jpg"),
        *(".Trash-1000/files/x.jpg", "__MACOSX/Grace/._a.jpg", "Grace/._a.jpg", "#recycle/a.jpg"),
        *("lost+found/a.jpg", "$RECYCLE.BIN/S-1-5/a.jpg", "Grace/Thumbs.db", "Grace/desktop.ini"),
        *(".AppleDouble/a.jpg", ".@__thumb/a.jpg", "System Volume Information/a.jpg"),
        *("Grace/.picasaoriginals/a.jpg", ".thumbnails/a.jpg", "Grace/.DS_Store", "Grace/Icon\r"),
        *("Grace/a.jpg:Zone.Identifier", "Grace/a.jpg.part", "Grace/a.jpg~", "~snapshot/a.jpg"),
        *("FOUND.000/a.jpg", "RECYCLER/a.jpg", "LOST.DIR/a.jpg", ".stversions/a.jpg"),
        *(".trashed-1690000000-a.jpg", ".zfs/a.jpg", "Previews.lrdata/a.jpg", ".nomedia"),
    ],
)
def test_litter_is_nobody(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: picture(), "Grace/IMG_1.jpg": picture()})
    folder = walk(tmp_path, KINDS)
    assert names(folder, tmp_path) == ["Grace/IMG_1.jpg"]
    assert reasons(folder, tmp_path) == {name: ("litter", "litter", False)}
    assert folder.left_out == 0


@pytest.mark.parametrize(
    "name", ["Grace", "@grace.jpg", "Tilda ~ Swinton", "recycle", "Icon", "J. Temp", "#1 fan"]
)
def test_people_are_no_litter(name: str) -> None:
    assert not is_litter(name, folder=name[0] != "@")
    assert not is_litter(name, folder=False)


def test_hidden_files_and_folders_are_told_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, {".old/a.jpg": picture(), "Grace/.b.jpg": picture(), "Grace/c.jpg": picture()})
    folder = walk(tmp_path, KINDS)
    assert names(folder, tmp_path) == ["Grace/c.jpg"]
    assert folder.counts() == {"hidden": 2}


def test_links_stay_in_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root, {"all/1.jpg": picture()})
    write(tmp_path, {"secret/2.jpg": picture()})
    (root / "Grace").mkdir()
    links = {
        "Grace/1.jpg": "../all/1.jpg",
        "Grace/2.jpg": "../../secret/2.jpg",
        "Grace/gone.jpg": "nowhere.jpg",
        "Grace/round.jpg": "round.jpg",
        "Grace/up": "..",
        "Grace/all": "../all",
        "Grace/secret": "../../secret",
    }
    for link, target in links.items():
        (root / link).symlink_to(target)
    folder = walk(root, KINDS)
    assert names(folder, root) == ["Grace/1.jpg", "all/1.jpg"]
    assert reasons(folder, root) == {
        "Grace/2.jpg": ("link", "it leads out of the folder", True),
        "Grace/all": ("link", "its folder is read where it stands", False),
        "Grace/gone.jpg": ("link", "it leads nowhere", True),
        "Grace/round.jpg": ("link", "it leads nowhere", True),
        "Grace/secret": ("link", "it leads out of the folder", True),
        "Grace/up": ("link", "its folder is read where it stands", False),
    }
    (tmp_path / "link").symlink_to(root)
    assert len(walk(tmp_path / "link", KINDS).pictures) == 2


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"A/a.jpg": picture(), "B/b.jpg": picture(), "C/c.jpg": picture()})
    real_scan, real_open = os.scandir, Path.open

    def scan(path: Path) -> object:
        if Path(path).name == "B":
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    def opened(path: Path, *arguments: Any, **options: Any) -> object:
        if path.name == "c.jpg":
            raise OSError(5, "Input/output error")
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(Path, "open", opened)
    folder = walk(tmp_path, KINDS)
    assert names(folder, tmp_path) == ["A/a.jpg"]
    assert reasons(folder, tmp_path) == {
        "B": ("unreadable", "Permission denied", True),
        "C/c.jpg": ("unreadable", "Input/output error", True),
    }


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    write(tmp_path, {"a.jpg": picture()})
    assert walk(tmp_path, KINDS).kinds() == {"special file": 1}


def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    inside = os.fsencode(tmp_path) + b"/Jos\xe9"
    os.mkdir(inside)  # noqa: PTH102 - pathlib takes no bytes
    with open(inside + b"/\xff.jpg", "wb") as file:  # noqa: PTH123
        file.write(picture())
    (found,) = walk(tmp_path, KINDS).pictures
    assert os.fsencode(found).endswith(b"/Jos\xe9/\xff.jpg")


def test_deep_and_wide_folders(tmp_path: Path) -> None:
    """A hundred folders in one another, and 3,000 files in a second or two."""
    deep = tmp_path / "/".join(["d"] * 100)
    write(deep, {"a.jpg": picture()})
    for person in range(30):
        write(tmp_path / f"p{person}", {f"{i}.jpg": picture() for i in range(100)})
    began = time.monotonic()
    assert len(walk(tmp_path, KINDS).pictures) == 3001
    assert time.monotonic() - began < 10


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        walk(tmp_path / "none", KINDS)


def test_links_lead_anywhere_where_that_is_wanted(tmp_path: Path) -> None:
    """Researchers lay out their sets with links: of pictures and of people."""
    elsewhere, root = tmp_path / "elsewhere" / "Ada", tmp_path / "set"
    elsewhere.mkdir(parents=True)
    (elsewhere / "1.jpg").write_bytes(picture())
    (root / "Grace").mkdir(parents=True)
    (root / "Grace" / "1.jpg").symlink_to(elsewhere / "1.jpg")
    (root / "Ada").symlink_to(elsewhere)
    (root / "Ada again").symlink_to(elsewhere)
    (root / "round").symlink_to(root)
    (root / "gone.jpg").symlink_to(root / "nothing")
    folder = walk(root, ["JPEG"], follow_links=True)
    assert [path.relative_to(root).as_posix() for path in folder.pictures] == [
        "Ada/1.jpg",
        "Grace/1.jpg",
    ]
    assert {(one.path.name, one.what) for one in folder.passed_over} == {
        ("Ada again", "the same folder again"),
        ("round", "the same folder again"),
        ("gone.jpg", "it leads nowhere"),
    }
