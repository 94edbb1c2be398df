"""Scenes put together from faces and backgrounds, with the truth known by construction."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.detection.scenes.backgrounds import Side, background, view
from training.detection.scenes.faces import Grey, LabelledFace, LabelledPicture
from training.detection.scenes.patches import (
    MIRRORED,
    Patch,
    face_patch,
    faceless_patch,
    reduced,
    relit,
    shuffled,
)
from training.detection.scenes.placing import (
    Matrix,
    centred,
    moved_box,
    moved_points,
    paste,
    place,
    shifted,
    visible_share,
)


@dataclass(frozen=True, slots=True)
class SceneKind:
    """Look of scenes."""

    height: int = 320
    width: int = 320
    smallest: float = 9.0
    """Pixels: geometric mean of a face box's sides."""
    largest: float = 420.0
    most: int = 14
    """Faces in one scene."""
    side: Side = "training"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A grey picture and the faces in it."""

    grey: Grey
    boxes: NDArray[np.float32]
    """(M, 4) left, top, right, bottom in pixels; may reach over the border."""
    landmarks: NDArray[np.float32]
    """(M, 5, 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Faces, photographs and mistakes that scenes are made of."""

    faces: Sequence[LabelledFace]
    photographs: Sequence[LabelledPicture] = ()
    """Shown now and then as they are."""
    distractors: Sequence[Grey] = ()
    """Patches that a detector took for faces; they are pasted as none."""


def compose(material: Material, kind: SceneKind, rng: np.random.Generator) -> Scene:
    """A scene with none to `kind.most` of the faces."""
    choice = rng.random()
    if choice < 0.12:
        return _finished(_portrait(material.faces, kind, rng), rng)
    if choice < 0.16 and material.photographs:
        return _finished(_photograph(material.photographs, kind, rng), rng)
    canvas = background(kind.height, kind.width, rng, kind.side).astype(np.float32)
    sizes = [_size(kind, rng) for _ in range(int(rng.integers(0, 4)))]
    strange = [(_distractor(material, kind, rng), size) for size in sizes]
    for patch, matrix in _placed(strange, kind, rng):
        paste(canvas, patch, matrix)
    # Largest first: what surrounds them hides no nearer one.
    sizes = sorted((_size(kind, rng) for _ in range(_count(kind, rng))), reverse=True)
    picked = rng.integers(len(material.faces), size=len(sizes))
    chosen = [material.faces[int(i)] for i in picked]
    faces = _placed(
        [(face_patch(reduced(f, size), rng), size) for f, size in zip(chosen, sizes, strict=True)],
        kind,
        rng,
    )
    # All bodies before any face, or one would hide the other.
    for patch, matrix in faces:
        if rng.random() < 0.45:
            _draw_person(canvas, moved_box(patch.box, matrix), rng)
    for patch, matrix in faces:
        paste(canvas, patch, matrix)
    boxes = [moved_box(patch.box, matrix) for patch, matrix in faces]
    points = [moved_points(p.landmarks, m) for p, m in faces if p.landmarks is not None]
    return _finished(
        Scene(
            np.clip(canvas, 0, 255).astype(np.uint8),
            np.array(boxes, dtype=np.float32).reshape(-1, 4),
            np.array(points, dtype=np.float32).reshape(-1, 5, 2),
        ),
        rng,
    )


def _placed(
    patches: Sequence[tuple[Patch, float]], kind: SceneKind, rng: np.random.Generator
) -> list[tuple[Patch, Matrix]]:
    """Place those for which there is room, at the size given with each."""
    taken = np.zeros((0, 4), dtype=np.float32)
    placed: list[tuple[Patch, Matrix]] = []
    for patch, size in patches:
        matrix = place(patch, (kind.height, kind.width), taken, size, rng)
        if matrix is not None:
            placed.append((patch, matrix))
            taken = np.concatenate([taken, moved_box(patch.box, matrix)[None]])
    return placed


def _count(kind: SceneKind, rng: np.random.Generator) -> int:
    if rng.random() < 0.12:
        return 0
    return 1 + int(rng.integers(kind.most) * rng.random())


def _size(kind: SceneKind, rng: np.random.Generator) -> float:
    """Small faces are more, since many of them fit into a scene."""
    low, high = np.log(kind.smallest), np.log(kind.largest)
    return float(np.exp(low + (high - low) * rng.beta(1.0, 1.5)))


def _distractor(material: Material, kind: SceneKind, rng: np.random.Generator) -> Patch:
    side, mined, faces = 160, material.distractors, material.faces
    box = np.array([20, 5, 140, 158], dtype=np.float32)
    choice = rng.random()
    if mined and choice < 0.6:
        grey = mined[int(rng.integers(len(mined)))]
    elif choice < 0.75:
        grey = view(side, side, rng, kind.side)
    else:
        grey = shuffled(faces[int(rng.integers(len(faces)))], rng)
    return faceless_patch(grey, box, rng)


def _draw_person(
    canvas: NDArray[np.float32], box: NDArray[np.float32], rng: np.random.Generator
) -> None:
    """Hair, neck and shoulders behind a face, roughly."""
    centre, sides = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    layer = np.clip(canvas, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        shade = float(rng.uniform(0, 255))
        at = (round(float(centre[0])), round(float(box[1] + 0.42 * sides[1])))
        axes = (sides * rng.uniform(0.5, 0.75, 2)).astype(int)
        cv2.ellipse(layer, at, (max(1, int(axes[0])), max(1, int(axes[1]))), 0, 0, 360, shade, -1,
                    cv2.LINE_AA)  # fmt: skip
    if rng.random() < 0.7:
        skin, cloth = float(rng.uniform(60, 220)), float(rng.uniform(0, 255))
        x, y, w, h = float(centre[0]), float(box[3]), float(sides[0]), float(sides[1])
        neck = np.array([(x - 0.3 * w, y - 0.3 * h), (x + 0.3 * w, y - 0.3 * h),
                         (x + 0.4 * w, y + 0.4 * h), (x - 0.4 * w, y + 0.4 * h)])  # fmt: skip
        reach = rng.uniform(0.8, 1.5) * w
        torso = np.array([(x - 0.35 * w, y + 0.1 * h), (x, y + rng.uniform(0.1, 0.5) * h),
                          (x + 0.35 * w, y + 0.1 * h), (x + reach, y + 0.45 * h),
                          (x + reach, y + 4 * h), (x - reach, y + 4 * h),
                          (x - reach, y + 0.45 * h)])  # fmt: skip
        for shape, shade in ((neck, skin), (torso, cloth)):
            cv2.fillPoly(layer, [np.rint(shape).astype(np.int32)], shade, cv2.LINE_AA)
    canvas[...] = layer


def _portrait(faces: Sequence[LabelledFace], kind: SceneKind, rng: np.random.Generator) -> Scene:
    """A single face whose own surroundings, extended, fill the frame."""
    face = faces[int(rng.integers(len(faces)))]
    patch = face_patch(face, rng)
    shorter = min(kind.height, kind.width)
    degrees = float(np.clip(rng.normal(0, 8), -30, 30))
    matrix = centred(patch.box, rng.uniform(0.3, 1.0) * shorter, degrees)
    target = np.array([kind.width, kind.height]) / 2 + rng.normal(0, 0.07, 2) * shorter
    matrix = shifted(matrix, patch.box, target)
    points = np.zeros((0, 5, 2), dtype=np.float32)
    if patch.landmarks is not None:
        points = moved_points(patch.landmarks, matrix)[None]
    size = (kind.width, kind.height)
    drawn = cv2.warpAffine(patch.grey, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    grey = np.clip(drawn, 0, 255).astype(np.uint8)
    return Scene(grey, moved_box(patch.box, matrix)[None], points)


def _photograph(
    pictures: Sequence[LabelledPicture], kind: SceneKind, rng: np.random.Generator
) -> Scene:
    """A photograph around one of its faces, which becomes of any size."""
    picture = pictures[int(rng.integers(len(pictures)))]
    boxes, points = picture.boxes.copy(), picture.landmarks.copy()
    grey, width = picture.grey, picture.grey.shape[1]
    if rng.random() < 0.5:
        grey = np.ascontiguousarray(grey[:, ::-1])
        boxes[:, [0, 2]] = width - boxes[:, [2, 0]]
        points[..., 0] = width - points[..., 0]
        points = points[:, MIRRORED]
    box = boxes[int(rng.integers(len(boxes)))]
    matrix = centred(box, _size(kind, rng), float(np.clip(rng.normal(0, 8), -25, 25)))
    target = rng.uniform((0.2, 0.2), (0.8, 0.8)) * (kind.width, kind.height)
    matrix = shifted(matrix, box, target)
    canvas = np.full((kind.height, kind.width), float(grey.mean()), dtype=np.float32)
    whole = np.array([0, 0, *grey.shape[::-1]], dtype=np.float32)
    values = relit(grey.astype(np.float32), rng)
    paste(canvas, Patch(values, np.ones(grey.shape, np.float32), whole, None), matrix)
    moved = np.stack([moved_box(box, matrix) for box in boxes])
    points = moved_points(points, matrix)
    seen = np.array([visible_share(box, kind.height, kind.width) > 0.3 for box in moved])
    return Scene(np.clip(canvas, 0, 255).astype(np.uint8), moved[seen], points[seen])


def _finished(scene: Scene, rng: np.random.Generator) -> Scene:
    """Blur, coarsen and compress the picture and add noise, as a camera would."""
    values = scene.grey.astype(np.float32)
    height, width = scene.grey.shape
    if rng.random() < 0.25:
        values[...] = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.15:
        factor = rng.uniform(0.5, 0.9)
        small = cv2.resize(values, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        values[...] = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.3:
        values = relit(values, rng)
    if rng.random() < 0.5:
        values = values + rng.standard_normal(values.shape, dtype=np.float32) * np.float32(
            rng.uniform(1, 9)
        )
    grey = np.clip(values, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))]
        done, code = cv2.imencode(".jpg", grey, quality)
        if done:
            grey = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return Scene(grey, scene.boxes, scene.landmarks)
