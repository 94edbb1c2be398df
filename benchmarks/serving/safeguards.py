"""Costs of what protects and accounts for people: rotated templates, record, encrypted pictures."""

import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from app.bootstrap.capacity import Capacity
from app.bootstrap.stores import Stores, open_stores
from app.bootstrap.use_cases import open_use_cases
from app.cli.demo.portraits import encoded, grace
from app.platform.logs import configure_logging
from app.protection.data_keys import DataKeys
from app.protection.rotations import SecretRotations
from app.services.deciding.recognition import RecognitionOptions
from app.services.enrolling.enrolment import EnrolmentOptions
from app.services.gallery.image_files import KeptPictures
from app.services.ports import UnitOfWork
from app.services.use_cases import UseCases
from app.settings import Settings
from app.vision.running.threads import set_threads
from benchmarks.galleries.rotation import filled, turned_templates, unit
from benchmarks.measuring import JsonOption, QuickOption, draw_bars, finish, machine

_WARM = 10
_RESAMPLES = 2_000
Seconds = dict[str, list[tuple[float, float]]]
"""By variant and round: seconds that have passed, and of processor time."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A collection of its own, and which of the three it has."""

    name: str
    rotation: bool = False
    audit: bool = False
    pictures: bool = False


VARIANTS = (
    Variant("none"),
    Variant("rotation", rotation=True),
    Variant("audit", audit=True),
    Variant("pictures", pictures=True),
    Variant("all", rotation=True, audit=True, pictures=True),
)


class PlainPictures(KeptPictures):
    """Pictures as they were kept before they were encrypted."""

    def keep(self, uow: UnitOfWork, subject_id: str, picture: bytes) -> str:
        """Row and file of a subject's JPEG; the digest."""
        digest = hashlib.sha256(picture).hexdigest()
        uow.images.add(digest, media_type="image/jpeg", size=len(picture))
        self._files.put(picture)
        return digest


class Galleries:
    """One application with a collection for each variant, all of the same faces."""

    def __init__(self, settings: Settings, faces: int) -> None:
        set_threads(Capacity.of(settings).threads)
        self._stores: Stores = open_stores(settings)
        self._cases: UseCases = open_use_cases(settings, self._stores)
        self._image = encoded(grace())
        parts = self._stores.storage, self._stores.images, DataKeys(self._stores.master_key)
        self._pictures = {True: KeptPictures(*parts), False: PlainPictures(*parts)}
        self._subjects: dict[str, str] = {}
        templates = unit(faces, 0)
        for variant in VARIANTS:
            self._make(variant, templates)

    def _make(self, variant: Variant, templates: np.ndarray) -> None:
        storage, key = self._stores.storage, self._stores.master_key
        encoder = self._cases.collections.default_encoder()
        storage.seal_with(key, SecretRotations(key) if variant.rotation else None)
        filled(storage, variant.name, templates, encoder=encoder, keep_images=True)
        storage.seal_with(key, SecretRotations(key))
        with self.as_in(variant):
            subject = self._cases.subjects.create(variant.name, "Grace").subject
            self._subjects[variant.name] = subject.id
            self.enroll(variant)

    @contextmanager
    def as_in(self, variant: Variant) -> Iterator[None]:
        """Have the use cases record and encrypt as the variant does."""
        self._cases.audit.trail.silent = not variant.audit
        self._cases.enroller._pictures = self._pictures[variant.pictures]
        yield
        self._cases.audit.trail.silent = False

    def recognize(self, variant: Variant) -> None:
        """Picture in, decision out."""
        found = self._cases.recognizer.recognize(variant.name, self._image, RecognitionOptions())
        assert found.faces[0].verdict.match is not None

    def enroll(self, variant: Variant) -> None:
        """Picture in, face stored and to be found."""
        done = self._cases.enroller.enrol(
            variant.name,
            self._subjects[variant.name],
            [self._image],
            EnrolmentOptions(allow_repeats=True),
        )
        assert done.results[0].face is not None

    def measured(self, work: Callable[[Variant], None], rounds: int) -> Seconds:
        """Every variant once a round, in an order of chance."""
        seconds: Seconds = {variant.name: [] for variant in VARIANTS}
        for number in range(rounds + _WARM):
            for variant in random.Random(number).sample(VARIANTS, len(VARIANTS)):
                with self.as_in(variant):
                    began, processor = time.perf_counter(), time.process_time()
                    work(variant)
                    used = time.process_time() - processor
                    passed = time.perf_counter() - began
                if number >= _WARM:
                    seconds[variant.name].append((passed, used))
            self._cases.audit.trail.sync()  # as servers do once a second, beside the requests
        return seconds

    def close(self) -> None:
        self._stores.storage.close()


def safeguards(
    faces: Annotated[int, typer.Option(help="Faces of each collection.")] = 1_000,
    rounds: Annotated[int, typer.Option(help="Recognitions and enrolments of each.")] = 200,
    database: Annotated[str, typer.Option(help="URL of an empty one, instead of SQLite.")] = "",
    json_path: JsonOption = Path("benchmarks/results/safeguards.json"),
    quick: QuickOption = False,
) -> None:
    """Measure whole recognitions and enrolments without the three, with each alone and with all.

    In process, on real networks, in turns; besides, what a rotation costs a search and a claim.
    """
    faces, rounds = (200, 20) if quick else (faces, rounds)
    configure_logging("json")
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory) / "data"
        settings = Settings(
            data_dir=place,
            database_url=database,
            master_key_file=place.with_name("master.key"),
            job_workers=0,
            processes=1,
        )
        galleries = Galleries(settings, faces)
        report: dict[str, Any] = {"machine": machine(), "faces": faces, "rounds": rounds}
        for name, work in (
            ("recognition", galleries.recognize),
            ("enrolment", galleries.enroll),
        ):
            report[name] = compared(galleries.measured(work, rounds))
        galleries.close()
    report |= turned_templates(faces, 5 * rounds)
    report["ratios"] = {
        f"{work} with {variant}": report[work][variant]["ratio"]
        for work in ("recognition", "enrolment")
        for variant in report[work]
        if variant != "none"
    } | {f"{work} with rotation": report[work]["ratio"] for work in ("search", "claim")}
    _show(report)
    bars = {
        work: {name: one["ms"] / 1_000 for name, one in report[work].items()}
        for work in ("recognition", "enrolment")
    }
    draw_bars(json_path.with_suffix(".png"), bars)
    finish(json_path, report)


def compared(seconds: Seconds) -> dict[str, dict[str, Any]]:
    """By variant: medians in milliseconds, and the median of its rounds' ratios to `none`, with
    the interval that 95 of 100 such runs would lie in.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, rounds in seconds.items():
        passed, used = (statistics.median(column) * 1_000 for column in zip(*rounds, strict=True))
        found[name] = {"ms": passed, "processor_ms": used}
        for place, prefix in enumerate(("", "processor_")):
            ratios = [
                one[place] / other[place]
                for one, other in zip(rounds, seconds["none"], strict=True)
            ]
            found[name][f"{prefix}ratio"] = statistics.median(ratios)
            found[name][f"{prefix}interval"] = _interval(ratios)
    return found


def _interval(ratios: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of their median, by resampling."""
    draws = np.random.default_rng(0).choice(ratios, (_RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(draws, axis=1), (0.025, 0.975))
    return float(low), float(high)


def _show(report: Mapping[str, Any]) -> None:
    for work in ("recognition", "enrolment"):
        for name, one in report[work].items():
            low, high = one["interval"]
            typer.echo(
                f"{work:11} {name:9} {one['ms']:6.2f} ms  {one['ratio']:.4f} "
                f"[{low:.4f}, {high:.4f}]  processor {one['processor_ms']:6.2f} ms  "
                f"{one['processor_ratio']:.4f} "
                f"[{one['processor_interval'][0]:.4f}, {one['processor_interval'][1]:.4f}]"
            )
