"""A folder of pictures as people have them, with every kind of trouble, made from a seed."""

import io
import os
import random
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import Image

_JPEG_XL = b"\xff\x0a" + bytes(400)
_LITTER = (
    *("@eaDir/{}/SYNOPHOTO_THUMB_XL.jpg", ".Trash-1000/files/{}", "__MACOSX/._{}", "._{}"),
    *("#recycle/{}", "$RECYCLE.BIN/S-1-5/{}", "lost+found/{}", ".picasaoriginals/{}"),
    *(".@__thumb/{}", "@Recently-Snapshot/{}", "{}:Zone.Identifier", ".AppleDouble/{}"),
)
_LITTER_NAMES = ("Thumbs.db", ".DS_Store", "desktop.ini", "Picasa.ini", "ehthumbs.db", "{}.part")
_FORMATS = {
    "JPEG": ("jpg", "JPG", "pic", "jpeg"),
    "PNG": ("png", "img"),
    "WEBP": ("webp", "x"),
    "AVIF": ("avif",),
}


@dataclass
class Expected:
    """What an import of the folder has to end with."""

    faces: Counter[str] = field(default_factory=Counter)
    """By name, in NFC."""
    present: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    """Of rejects, without those passed over."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """By reason."""
    left_out: int = 0


class TroubledFolder:
    """Writes the folder."""

    def __init__(self, root: Path, portraits: list[Image.Image], seed: int) -> None:
        self.root = root
        self.expected = Expected()
        self._chance = random.Random(seed)
        self._portraits = portraits
        self._number = 0

    def write(self) -> Expected:
        """Write everything; what has to come of it."""
        for name in ("Grace Hopper", "Jürgen Müller", "王小明", "[red] :smile:", "O'Hara & Söhne"):
            self._person(name)
        self._two_forms("Zoë Ångström")
        self._bad_names()
        self._unusable()
        self._litter()
        self._links()
        return self.expected

    def _path(self, *parts: str | bytes) -> bytes:
        path = os.path.join(os.fsencode(self.root), *map(os.fsencode, parts))  # noqa: PTH118
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        return path

    def _put(self, content: bytes, *parts: str | bytes) -> None:
        with open(self._path(*parts), "wb") as file:  # noqa: PTH123
            file.write(content)

    def _picture(self, form: str = "JPEG") -> bytes:
        """Another picture each time, of one of two people."""
        self._number += 1
        portrait = self._chance.choice(self._portraits).rotate(self._number % 9 - 4)
        file = io.BytesIO()
        portrait.resize((360, 360)).save(file, form, quality=60 + self._number % 30)
        return file.getvalue()

    def _name(self, form: str) -> str:
        self._number += 1
        return f"IMG_{self._number:04}.{self._chance.choice(_FORMATS[form])}"

    def _person(self, name: str) -> None:
        for _ in range(self._chance.randint(1, 2)):
            form = self._chance.choice(sorted(_FORMATS))
            deeper = ["2019", "summer"][: self._chance.randint(0, 2)]
            self._put(self._picture(form), name, *deeper, self._name(form))
            self.expected.faces[name] += 1

    def _two_forms(self, name: str) -> None:
        """A folder from a Mac beside the same one from elsewhere, with one picture in both."""
        same, other = self._picture(), self._picture()
        forms: tuple[tuple[Literal["NFC", "NFD"], list[bytes]], ...]
        forms = (("NFC", [same]), ("NFD", [same, other]))
        for form, contents in forms:
            for number, content in enumerate(contents):
                self._put(content, unicodedata.normalize(form, name), f"{form}{number}.jpg")
        self.expected.faces[name] += 2
        self.expected.present += 1

    def _bad_names(self) -> None:
        for name in (b"Jos\xe9", b"two\nlines", "zero\u200bwidth".encode(), b"\x7f", b"x" * 201):
            self._put(self._picture(), name, "a.jpg")
            self.expected.codes["invalid-request"] += 1
            self.expected.left_out += 1
        self._put(self._picture(), "Latin", b"\xe4\xf6.jpg")
        self.expected.faces["Latin"] += 1

    def _unusable(self) -> None:
        picture = self._picture()
        for content, name, reason, left_out in (
            (_JPEG_XL, "IMG_0001.jxl", "unsupported", True),
            (_JPEG_XL, "renamed.jpg", "unsupported", True),
            (b"a note", "notes.jpg", "unsupported", True),
            (b"a note", "readme.txt", "unsupported", False),
            (b"%PDF-1.4", "form.pdf", "unsupported", False),
            (b"\0\0\0\x14ftypqt  " + bytes(50), "IMG_0001.MOV", "unsupported", False),
            (b"", "empty.jpg", "empty", True),
            (picture, ".hidden.jpg", "hidden", False),
        ):
            self._put(content, "Ana", name)
            self._passed(reason, left_out=left_out)
        self._put(picture[: len(picture) // 3], "Ana", "cut.jpg")
        self.expected.codes["truncated-image"] += 1
        self.expected.left_out += 1
        os.mkfifo(self._path("Ana", "pipe.jpg"))
        self._passed("unsupported", left_out=True)

    def _litter(self) -> None:
        for pattern in _LITTER:
            folder = self._chance.choice(["Grace Hopper", "Latin", "."])
            self._put(self._picture(), folder, *pattern.format("a.jpg").split("/"))
            self._passed("litter", left_out=False)
        for pattern in _LITTER_NAMES:
            self._put(b"\0\1\2", "Latin", pattern.format("b.jpg"))
            self._passed("litter", left_out=False)

    def _links(self) -> None:
        outside = self.root.parent / "outside"
        outside.mkdir()
        (outside / "secret.jpg").write_bytes(self._picture())
        for name, target, left_out in (
            ("secret.jpg", outside / "secret.jpg", True),
            ("others", outside, True),
            ("round.jpg", "round.jpg", True),
            ("up", "..", False),
        ):
            os.symlink(target, self._path("Ana", name))  # noqa: PTH211
            self._passed("link", left_out=left_out)

    def _passed(self, reason: str, *, left_out: bool) -> None:
        self.expected.passed_over[reason] += 1
        self.expected.left_out += left_out
