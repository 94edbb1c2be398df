"""Robustness against a naive loop from its definition."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.pipelines.faces.alignment import Panel
from tests.made_up_galleries import pairs_among, people, unit
from training.augment.conditions import CONDITIONS
from training.data.chips import ChipSet
from training.encoders.measuring.robustness import changed_chips, robustness_report
from training.measure.gallery import Gallery


def chip_set(gallery: Gallery) -> ChipSet:
    """Noise for each detected row of a gallery."""
    rng = np.random.default_rng(0)
    rows = np.flatnonzero(gallery.detected)
    names = tuple(sorted({gallery.identities[i] for i in rows}))
    template = [[48, 46], [102, 46], [75, 78], [52, 105], [98, 105]]
    return ChipSet(
        rng.integers(0, 256, (len(rows), 150, 150, 3), dtype=np.uint8),
        np.tile(np.array(template, np.float32), (len(rows), 1, 1)),
        np.array([names.index(gallery.identities[i]) for i in rows], np.int64),
        names,
        tuple(f"/{gallery.names[i]}" for i in rows),
        ("",) * len(rows),
    )


def test_robustness_compares_clean_pictures_with_changed_ones() -> None:
    gallery = people(10, 2, spread=0.6, lost=(1,))
    chips = chip_set(gallery)
    table = pairs_among(gallery)
    seconds = sorted({p.second for p in table} & {Path(p).name for p in chips.paths})
    changed = {
        name: unit(np.random.default_rng(i), len(seconds)) for i, name in enumerate(CONDITIONS)
    }
    asked: dict[str, int] = {}

    def encode(batch: NDArray[np.uint8], name: str) -> NDArray[np.float32]:
        asked[name] = len(batch)
        return changed[name]

    report = robustness_report(gallery, chips, table, encode)
    assert list(report) == list(CONDITIONS)
    assert set(asked.values()) == {len(seconds)}
    masked = report["masked"]
    assert set(masked) == {"accuracy", "fnmr", "pairs", "impostors"}
    assert set(masked["fnmr"]) == {"1e-2", "1e-3", "1e-4"}
    row = dict(zip(gallery.names, range(20), strict=True))
    naive = [
        float(gallery.embeddings[i] @ changed["masked"][j])
        for i, name in enumerate(gallery.names)
        for j, other in enumerate(seconds)
        if gallery.detected[i] and name[:2] != other[:2]
    ]
    assert masked["impostors"] == len(naive)
    own = [
        float(gallery.embeddings[row[p.first]] @ changed["masked"][seconds.index(p.second)])
        if p.second in seconds and gallery.detected[row[p.first]]
        else -1
        for p in table
        if p.same
    ]
    threshold = sorted(naive)[-int(0.01 * len(naive))]  # that many strangers reach it
    assert masked["fnmr"]["1e-2"] == pytest.approx(np.mean(np.array(own) < threshold), abs=0.11)


def test_changed_chips_depend_on_the_file_name_alone() -> None:
    chips = chip_set(people(4, 2))
    both, one = changed_chips(chips, [2, 5], "masked"), changed_chips(chips, [5], "masked")
    assert np.array_equal(both[1], one[0])


@pytest.mark.parametrize("name", CONDITIONS)
def test_parts_are_changed_as_their_own_chips_would_be(name: str) -> None:
    """Two panels, the second smaller and filled up at the right, as `aligned` makes them."""
    whole = chip_set(people(2, 1))
    template = whole.landmarks[0].astype(np.float64)
    panels = (Panel(template, (150, 150)), Panel(0.8 * template + [0, 4], (120, 110)))
    seconds = np.random.default_rng(1).integers(0, 256, (2, 120, 110, 3), dtype=np.uint8)
    filled = np.pad(seconds, ((0, 0), (0, 0), (0, 40), (0, 0)))
    together = replace(whole, chips=np.concatenate([whole.chips, filled], axis=1))
    changed = changed_chips(together, [0, 1], name, panels)
    second = replace(
        whole, chips=seconds, landmarks=(0.8 * whole.landmarks + [0, 4]).astype(np.float32)
    )
    expected = changed_chips(whole, [0, 1], name), changed_chips(second, [0, 1], name)
    # Landmarks are fitted anew, to a millionth of a pixel.
    assert np.abs(changed[:, :150].astype(int) - expected[0]).max() <= 1
    assert np.abs(changed[:, 150:, :110].astype(int) - expected[1]).max() <= 1
    assert not changed[:, 150:, 110:].any()
