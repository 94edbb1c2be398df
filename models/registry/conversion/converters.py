"""Every converter by the name that manifests give it.

A converter takes paths whose checksums have been verified already.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from models.registry.conversion.dlib import convert_dlib_resnet29
from models.registry.conversion.keras import convert_keras_mtcnn
from models.registry.conversion.openvino import convert_reid_retail_0095
from models.registry.conversion.state import State

CONVERTERS: dict[str, Callable[[Sequence[Path]], State]] = {
    "dlib-resnet29": convert_dlib_resnet29,
    "keras-mtcnn": convert_keras_mtcnn,
    "reid-retail-0095": convert_reid_retail_0095,
}
