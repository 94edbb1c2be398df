"""What the JSON of the command line looks like, as far as scripts may rely on it."""

from typing import Any

BOX = {"x": float, "y": float, "width": float, "height": float}
POSE = {"yaw": float, "pitch": float, "roll": float}
QUALITY = {"score": float, "reasons": [str]}
NAMED = {"id": str, "name": str}
FACE = {
    "box": BOX,
    "probability": float,
    "landmarks": [[float, float]],
    "pose": POSE,
    "quality": QUALITY,
}
RECEIPT = {"erased": str, "subjects": int, "faces": int, "templates": int, "images": int, "at": str}


def assert_shape(value: Any, shape: Any) -> None:
    """Fail unless the value has the shape: keys of dicts, items of lists, types of the rest.

    Lists must not be empty, or nothing would be said about their items; those of words may be.
    """
    if isinstance(shape, dict):
        assert isinstance(value, dict) and value.keys() >= shape.keys(), (value, shape)
        for key, inner in shape.items():
            assert_shape(value[key], inner)
    elif isinstance(shape, list):
        assert isinstance(value, list) and (value or shape == [str]), (value, shape)
        assert len(shape) == 1 or len(value) == len(shape), (value, shape)
        for item in value:
            assert_shape(item, shape[0])
    else:
        assert type(value) is shape, (value, shape)
