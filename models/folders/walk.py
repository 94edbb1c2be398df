"""The one walk through a folder of pictures: what to read, and what is passed over and why."""

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.folders.content import HEAD, PICTURE_SUFFIXES, kind_of
from models.folders.litter import is_litter

Reason = Literal["unsupported", "empty", "unreadable", "link", "hidden", "litter"]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file, or a folder that cannot be entered, that is not read."""

    path: Path
    reason: Reason
    what: str
    """The kind of content or trouble, such as HEIC, text, or what the system says."""
    left_out: bool
    """Whether somebody's picture may be lost by it; what programs leave is nobody's."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's pictures in a stable order, and everything else."""

    pictures: list[Path] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """Number of things passed over that may be somebody's picture."""
        return sum(one.left_out for one in self.passed_over)

    def counts(self) -> dict[str, int]:
        """Number of things passed over, for each reason that occurred."""
        return dict(sorted(Counter(one.reason for one in self.passed_over).items()))

    def kinds(self) -> dict[str, int]:
        """Number of files of each kind that is not supported."""
        return dict(
            Counter(
                one.what for one in self.passed_over if one.reason == "unsupported"
            ).most_common()
        )


def walk(
    root: Path,
    kinds: Collection[str],
    *,
    promised: Collection[str] = (),
    follow_links: bool = False,
) -> Folder:
    """List everything beneath a folder: pictures of the kinds that can be read, and the rest.

    The content decides what a picture is, whatever its name; files whose names end with one of
    `promised` are pictures also where their content says nothing, for readers that have to tell
    of damaged ones themselves. Links to files beneath the folder are followed; with
    `follow_links` also those that lead elsewhere or to folders, each folder once. Folders and
    files that programs leave, and those whose names begin with a dot, are counted and not
    looked into. Raises OSError when the folder itself cannot be read.
    """
    one = _Walk(root, kinds, promised, follow_links)
    waiting = [root]
    while waiting:
        waiting += reversed(one.enter(waiting.pop()))
    one.found.pictures.sort(key=_order)
    return one.found


def in_words(counts: Iterable[PassedOver]) -> str:
    """A line for people, such as "4 files passed over: 2 HEIC, 1 empty, 1 litter"."""
    by_name = Counter(
        one.what if one.reason == "unsupported" else one.reason for one in counts
    ).most_common()
    total = sum(count for _, count in by_name)
    files = "file" if total == 1 else "files"
    return f"{total} {files} passed over: " + ", ".join(f"{n} {name}" for name, n in by_name)


@dataclass(slots=True)
class _Walk:
    """A walk under way."""

    root: Path
    kinds: Collection[str]
    promised: Collection[str]
    follow_links: bool
    found: Folder = field(default_factory=Folder)
    inside: Path | None = field(init=False)
    """The folder that links may not lead out of; None where they may."""
    seen: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.inside = None if self.follow_links else self.root.resolve()

    def enter(self, folder: Path) -> list[Path]:
        """Sort what lies in a folder; the folders in it that are to be entered."""
        try:
            about = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            if folder == self.root:
                raise
            self.found.passed_over.append(_unreadable(folder, error))
            return []
        if (about.st_dev, about.st_ino) in self.seen:
            again = PassedOver(folder, "link", "the same folder again", False)
            self.found.passed_over.append(again)
            return []
        self.seen.add((about.st_dev, about.st_ino))
        return [folder / entry.name for entry in entries if self._is_entered(folder, entry)]

    def _is_entered(self, folder: Path, entry: os.DirEntry[str]) -> bool:
        """Whether it is a folder to look into; anything else is sorted at once."""
        path = folder / entry.name
        is_folder = _is_folder(entry, self.follow_links)
        skipped = _by_name(entry.name, folder=is_folder)
        if skipped is not None:
            self.found.passed_over.extend(_everything(path, skipped, folder=is_folder))
            return False
        if not is_folder:
            bad_link = _bad_link(path, self.inside) if entry.is_symlink() else None
            refused = bad_link or _refusal(path, self.kinds, self.promised)
            if refused is None:
                self.found.pictures.append(path)
            else:
                self.found.passed_over.append(refused)
        return is_folder


def _order(path: Path) -> list[bytes]:
    return [os.fsencode(part) for part in path.parts]


def _is_folder(entry: os.DirEntry[str], follow_links: bool) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow_links)
    except OSError:
        return False


def _by_name(name: str, *, folder: bool) -> Reason | None:
    if is_litter(name, folder=folder):
        return "litter"
    return "hidden" if name.startswith(".") else None


def _everything(path: Path, reason: Reason, *, folder: bool) -> Iterator[PassedOver]:
    """The file, or every file in the folder."""
    if not folder:
        yield PassedOver(path, reason, reason, False)
        return
    for inside, _, names in os.walk(path):
        for name in sorted(names, key=os.fsencode):
            yield PassedOver(Path(inside) / name, reason, reason, False)


def _bad_link(path: Path, inside: Path | None) -> PassedOver | None:
    """Reason not to follow a link; None for one to a file, beneath the folder if one is given."""
    promises = path.suffix.lower() in PICTURE_SUFFIXES
    try:
        target = path.resolve(strict=True)
        folder = target.is_dir()
    except (OSError, RuntimeError):  # RuntimeError: links that lead to each other
        return PassedOver(path, "link", "it leads nowhere", promises)
    if inside is not None and not target.is_relative_to(inside):
        return PassedOver(path, "link", "it leads out of the folder", folder or promises)
    if folder:
        return PassedOver(path, "link", "its folder is read where it stands", False)
    return None


def _refusal(path: Path, kinds: Collection[str], promised: Collection[str]) -> PassedOver | None:
    """Reason why a file is no picture that can be read; None for one that is."""
    suffix = path.suffix.lower()
    promises = suffix in PICTURE_SUFFIXES
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return PassedOver(path, "unsupported", "special file", promises)
        if about.st_size == 0:
            return PassedOver(path, "empty", "it has no bytes", promises)
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD), suffix)
    except OSError as error:
        return _unreadable(path, error)
    if kind.name in kinds or (suffix in promised and not kind.is_picture):
        return None
    return PassedOver(path, "unsupported", kind.name, kind.is_picture or promises)


def _unreadable(path: Path, error: OSError) -> PassedOver:
    return PassedOver(path, "unreadable", error.strerror or "it cannot be read", True)
