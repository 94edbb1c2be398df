"""What is measured with: photographs, large ones made of them, and things that are no picture."""

import io
from pathlib import Path
from typing import Annotated

import matplotlib
import numpy as np
import typer
from PIL import Image

PHOTOS = Path("../shared/data/photos")
ImagesOption = Annotated[
    Path,
    typer.Option(
        "--images", help="A directory of photographs; if missing, two portraits from packages."
    ),
]


def photographs(directory: Path) -> list[Path]:
    """The photographs of the directory, or the two portraits."""
    endings = {".jpg", ".jpeg", ".png"}
    if directory.is_dir():
        return sorted(file for file in directory.iterdir() if file.suffix.lower() in endings)
    return portraits()


def portraits() -> list[Path]:
    """Two that come with packages."""
    import skimage

    grace = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return [grace, Path(skimage.__file__).parent / "data" / "astronaut.png"]


def enlarged(file: Path, megapixels: float) -> bytes:
    """The photograph as a JPEG of so many pixels."""
    with Image.open(file) as image:
        rgb = image.convert("RGB")
    factor = (megapixels * 1e6 / (rgb.width * rgb.height)) ** 0.5
    return _jpeg(rgb.resize((round(rgb.width * factor), round(rgb.height * factor))))


def reduced(file: Path, side: int) -> bytes:
    """The photograph as a small JPEG, its longer side `side` pixels."""
    with Image.open(file) as image:
        rgb = image.convert("RGB")
    rgb.thumbnail((side, side))
    return _jpeg(rgb)


def nobody() -> bytes:
    """A picture without a face."""
    rows, columns = np.mgrid[:240, :320]
    waves = 128 + 60 * np.sin(rows / 9) + 60 * np.cos(columns / 13)
    return _jpeg(Image.fromarray(waves.clip(0, 255).astype(np.uint8)).convert("RGB"))


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
