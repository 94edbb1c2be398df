"""Pictures in, faces out, on real weights."""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from app.domain.errors.pictures import NotAnImageError
from app.domain.faces import AnalysisOptions, Face
from app.vision.faces.analyser import FaceAnalyser
from app.vision.faces.catalogue import EncoderCatalogue
from models.pipelines.faces.pipeline import face_detector, face_encoder
from models.registry.errors import UnknownModelError, WrongTaskError
from models.registry.registry import Registry
from tests.defaults import ENCODER as DEFAULT
from tests.portraits import eileen, encoded, grace, landscape, side_by_side
from tests.skips import SHARED_DATA

PHOTOS = SHARED_DATA / "photos"
ENCODER = "facenet-resnet29@1"
ENCODE = AnalysisOptions(encoder=ENCODER)
DETECT = AnalysisOptions()


@pytest.fixture(scope="module")
def analyser(model_cache: Path) -> FaceAnalyser:
    return FaceAnalyser(Registry(model_cache))


def only_face(analyser: FaceAnalyser, picture: Image.Image | bytes, **options: Any) -> Face:
    data = picture if isinstance(picture, bytes) else encoded(picture)
    faces = analyser.analyse(data, AnalysisOptions(**options)).faces
    assert len(faces) == 1
    return faces[0]


def embedding(face: Face) -> np.ndarray:
    assert face.embedding is not None
    return face.embedding


def centre(face: Face) -> np.ndarray:
    return np.array([face.box.x + face.box.width / 2, face.box.y + face.box.height / 2])


def test_a_portrait(analyser: FaceAnalyser) -> None:
    analysis = analyser.analyse(encoded(eileen()), ENCODE)
    assert (analysis.width, analysis.height, analysis.rotation) == (512, 512, 0)
    assert (analysis.detector, analysis.encoder) == ("facet-detector@1", ENCODER)
    (face,) = analysis.faces
    np.testing.assert_allclose(centre(face), (223, 118), atol=12)
    assert face.probability > 0.99
    left_eye, right_eye, nose, mouth_left, mouth_right = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0] and mouth_left[0] < mouth_right[0]
    assert left_eye[1] < nose[1] < mouth_left[1]
    assert max(abs(face.pose.yaw), abs(face.pose.roll)) < 12 and abs(face.pose.pitch) < 25
    assert face.quality.score > 0.7 and face.quality.reasons == ()
    assert face.embedding is not None and face.embedding.dtype == np.float32
    assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)
    assert face.portrait is None


def test_the_same_person_is_nearer_than_another(analyser: FaceAnalyser) -> None:
    one = only_face(analyser, grace(), encoder=ENCODER)
    altered = ImageEnhance.Brightness(grace().rotate(8).resize((300, 352))).enhance(0.7)
    same = only_face(analyser, encoded(altered, quality=60), encoder=ENCODER)
    other = only_face(analyser, eileen(), encoder=ENCODER)
    assert embedding(one) @ embedding(same) > 0.96 > 0.9 > embedding(one) @ embedding(other)


def test_without_an_encoder_there_are_no_embeddings(analyser: FaceAnalyser) -> None:
    analysis = analyser.analyse(encoded(eileen()), DETECT)
    assert analysis.encoder is None
    assert analysis.faces[0].embedding is None


def test_no_face(analyser: FaceAnalyser) -> None:
    analysis = analyser.analyse(encoded(landscape()), AnalysisOptions(rotations=True))
    assert analysis.faces == () and analysis.rotation == 0


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (12, 12), (40, 8)])
def test_tiny_pictures(analyser: FaceAnalyser, size: tuple[int, int]) -> None:
    assert analyser.analyse(encoded(Image.new("RGB", size)), ENCODE).faces == ()


def test_largest_first_and_no_more_than_asked_for(analyser: FaceAnalyser) -> None:
    picture = encoded(side_by_side(eileen(), grace()))
    faces = analyser.analyse(picture, ENCODE).faces
    assert len(faces) == 2
    assert faces[0].box.width > faces[1].box.width
    (first,) = analyser.analyse(picture, AnalysisOptions(encoder=ENCODER, max_faces=1)).faces
    np.testing.assert_allclose(centre(first), centre(faces[0]))
    np.testing.assert_allclose(embedding(first), embedding(faces[0]), atol=1e-5)


def test_smallest_face(analyser: FaceAnalyser) -> None:
    picture = encoded(side_by_side(eileen(), grace()))
    (large,) = analyser.analyse(picture, AnalysisOptions(min_face=130)).faces
    assert large.box.width > 130
    assert analyser.analyse(picture, AnalysisOptions(min_face=400)).faces == ()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotations(analyser: FaceAnalyser, degrees: int) -> None:
    upright = only_face(analyser, eileen(), encoder=ENCODER)
    turned = eileen().rotate(degrees, expand=True)  # anticlockwise
    options = AnalysisOptions(encoder=ENCODER, rotations=True)
    analysis = analyser.analyse(encoded(turned), options)
    assert analysis.rotation == degrees
    (face,) = analysis.faces
    x, y = centre(upright)
    expected = {90: (y, 512 - x), 180: (512 - x, 512 - y), 270: (512 - y, x)}[degrees]
    np.testing.assert_allclose(centre(face), expected, atol=8)
    assert embedding(face) @ embedding(upright) > 0.97
    lean = {90: -90, 180: 180, 270: 90}[degrees]
    assert abs((face.pose.roll - lean + 180) % 360 - 180) < 15
    assert analyser.analyse(encoded(turned), DETECT).rotation == 0


def test_exif_orientation_is_applied_before_anything_else(analyser: FaceAnalyser) -> None:
    upright = only_face(analyser, eileen())
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = eileen().transpose(Image.Transpose.ROTATE_90)
    face = only_face(analyser, encoded(sideways, exif=exif))
    np.testing.assert_allclose(centre(face), centre(upright), atol=4)


def test_a_face_cut_by_the_border(analyser: FaceAnalyser) -> None:
    whole = only_face(analyser, grace())
    x, _ = centre(whole)
    half = grace().crop((round(x) - 25, 0, 512, 600))
    face = only_face(analyser, half)
    assert "cut-by-border" in face.quality.reasons
    assert face.quality.score < 0.6 < whole.quality.score


@pytest.mark.parametrize(
    ("reason", "alter"),
    [
        ("blurred", lambda p: p.filter(ImageFilter.GaussianBlur(5))),
        ("dark", lambda p: ImageEnhance.Brightness(p).enhance(0.2)),
        ("bright", lambda p: Image.blend(p, Image.new("RGB", p.size, "white"), 0.8)),
        ("small-face", lambda p: p.resize((90, 105))),
    ],
)
def test_reasons_of_poor_quality(
    analyser: FaceAnalyser, reason: str, alter: Callable[[Image.Image], Image.Image]
) -> None:
    face = only_face(analyser, alter(grace()))
    assert reason in face.quality.reasons
    assert face.quality.score < 0.5 < only_face(analyser, grace()).quality.score


def test_reduced_decoding_reports_full_coordinates(analyser: FaceAnalyser) -> None:
    big = grace().resize((512 * 4, 600 * 4))
    whole = only_face(analyser, big, encoder=ENCODER)
    reduced = only_face(analyser, big, encoder=ENCODER, min_face=240)
    np.testing.assert_allclose(centre(reduced), centre(whole), atol=25)
    np.testing.assert_allclose(reduced.landmarks, whole.landmarks, atol=25)
    assert reduced.box.width == pytest.approx(whole.box.width, rel=0.1)
    assert embedding(reduced) @ embedding(whole) > 0.98


def test_portraits_show_the_face_and_its_surroundings(analyser: FaceAnalyser) -> None:
    face = only_face(analyser, eileen(), portraits=True, encoder=ENCODER)
    assert face.portrait is not None
    portrait = Image.open(io.BytesIO(face.portrait))
    assert portrait.format == "JPEG"
    assert portrait.width == pytest.approx(3 * face.box.width, abs=2)
    assert portrait.height <= face.box.y + 2 * face.box.height + 1  # clipped at the top
    again = only_face(analyser, face.portrait, encoder=ENCODER)
    assert embedding(again) @ embedding(face) > 0.98


def test_stages_are_observed(model_cache: Path) -> None:
    seen: list[tuple[str, float]] = []
    observed = FaceAnalyser(Registry(model_cache), observer=lambda *stage: seen.append(stage))
    observed.analyse(encoded(eileen()), ENCODE)
    assert [name for name, _ in seen] == ["decode", "detect", "encode"]
    assert all(seconds > 0 for _, seconds in seen)


def test_threads_share_one_analyser(analyser: FaceAnalyser) -> None:
    pictures = [encoded(eileen()), encoded(grace())] * 3
    expected = [embedding(analyser.analyse(data, ENCODE).faces[0]) for data in pictures]
    results: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        results[number] = embedding(analyser.analyse(pictures[number], ENCODE).faces[0])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, wanted in enumerate(expected):
        np.testing.assert_allclose(results[number], wanted, atol=1e-5)


def test_errors(analyser: FaceAnalyser) -> None:
    with pytest.raises(NotAnImageError):
        analyser.analyse(b"not an image", ENCODE)
    with pytest.raises(UnknownModelError):
        analyser.analyse(encoded(eileen()), AnalysisOptions(encoder="nothing@1"))
    with pytest.raises(WrongTaskError):
        analyser.analyse(encoded(eileen()), AnalysisOptions(encoder="mtcnn@1"))


def test_catalogue(model_cache: Path) -> None:
    catalogue = EncoderCatalogue(Registry(model_cache))
    assert catalogue.resolve(None) == DEFAULT
    assert catalogue.resolve("facenet-resnet29") == ENCODER
    assert catalogue.curve(ENCODER).similarity(1e-3) > 0.9
    with pytest.raises(WrongTaskError):
        catalogue.resolve("mtcnn@1")


@pytest.mark.shared_data("photos")
class TestPhotographs:
    def test_every_labelled_face_is_found(self, analyser: FaceAnalyser) -> None:
        lines = (PHOTOS / "labels.tsv").read_text().splitlines()[1:]
        for line in lines:
            name, people = line.split("\t")[:2]
            faces = analyser.analyse((PHOTOS / name).read_bytes(), DETECT).faces
            clear = [
                f for f in faces if f.probability > 0.95 and "blurred" not in f.quality.reasons
            ]
            assert len(clear) >= len(people.split(",")), name

    def test_sharp_portraits_are_good_and_cut_faces_are_not(self, analyser: FaceAnalyser) -> None:
        for name in ("obama-1", "rose_leslie-1", "alex_lacamoire-1", "biden", "obama-3"):
            data = (PHOTOS / f"{name}.jpg").read_bytes()
            assert analyser.analyse(data, DETECT).faces[0].quality.score > 0.7, name
        for side in ("left", "right"):
            data = (PHOTOS / f"obama-half_face_{side}.jpg").read_bytes()
            face = analyser.analyse(data, DETECT).faces[0]
            assert "cut-by-border" in face.quality.reasons


def test_the_default_encoder_sees_colours_as_their_luminance(model_cache: Path) -> None:
    """It learnt from grey pictures; colours must not mean what nobody taught."""
    registry = Registry(model_cache)
    encoder = face_encoder(registry)
    rgb = np.asarray(grace())
    landmarks = face_detector(registry).detect(rgb).landmarks[0]
    chip = encoder.chip(rgb, landmarks)
    grey = np.repeat(np.asarray(Image.fromarray(chip).convert("L"))[..., None], 3, axis=2)
    dark = chip // 2
    colour, plain, darkened = encoder.encode(np.stack([chip, grey, dark]))
    assert colour @ plain > 0.999
    assert colour @ darkened > 0.8
