"""Every call that CompreFace's own Python SDK offers; prints the answers as JSON.

Runs in the SDK's environment: `python compreface_calls.py URL PORT KEY FOLDER`, where the folder
has grace.jpg, eileen.jpg, both.jpg and nobody.jpg.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The SDK has no types, and lies in an environment of its own.
from compreface import CompreFace  # type: ignore[import-not-found]
from compreface.exceptions import (  # type: ignore[import-not-found]
    IncorrectFieldException,
)

OPTIONS = {
    "limit": 0,
    "det_prob_threshold": 0.8,
    "prediction_count": 2,
    "face_plugins": "calculator,age,gender,landmarks,mask",
    "status": "true",
}


def main(url: str, port: str, key: str, folder: Path) -> dict[str, Any]:
    """Answers by name."""
    grace, eileen, both, nobody = (
        str(folder / f"{name}.jpg") for name in ("grace", "eileen", "both", "nobody")
    )
    client = CompreFace(url, port)
    recognition = client.init_face_recognition(key)
    faces, subjects = recognition.get_face_collection(), recognition.get_subjects()
    detection, verification = client.init_face_detection(key), client.init_face_verification(key)
    got: dict[str, Any] = {}

    got["add subject"] = subjects.add("Grace")
    got["add it again"] = subjects.add("Grace")
    got["add"] = faces.add(grace, "Grace", {"det_prob_threshold": 0.8})
    got["add bytes"] = faces.add(Path(eileen).read_bytes(), "Eileen Collins")
    got["add nobody"] = faces.add(nobody, "Nobody")
    got["list"] = faces.list()
    got["subjects"] = subjects.list()
    got["recognize"] = recognition.recognize(both, dict(OPTIONS))
    got["recognize plainly"] = recognition.recognize(grace)
    got["recognize nobody"] = recognition.recognize(nobody)
    got["recognize none"] = recognition.recognize(grace, {"prediction_count": 0})
    got["verify face"] = faces.verify(grace, got["add"]["image_id"])
    got["verify unknown"] = faces.verify(grace, "00000000-0000-0000-0000-000000000001")
    detecting = {name: value for name, value in OPTIONS.items() if name != "prediction_count"}
    got["detect"] = detection.detect(both, dict(detecting))
    got["detect nobody"] = detection.detect(nobody)
    got["verify"] = verification.verify(grace, both, dict(detecting))
    got["verify nobody"] = verification.verify(nobody, grace)
    got["rename"] = subjects.update("Grace", "Grace Hopper")
    got["rename nobody"] = subjects.update("Nobody", "Somebody")
    got["delete face"] = faces.delete(got["add"]["image_id"])
    got["delete it again"] = faces.delete(got["add"]["image_id"])
    got["delete faces"] = faces.delete_all("Eileen Collins")
    got["delete faces of nobody"] = faces.delete_all("Nobody")
    got["delete subject"] = subjects.delete("Grace Hopper")
    got["delete nobody"] = subjects.delete("Nobody")
    got["delete all"] = subjects.delete_all()
    stranger = client.init_face_recognition("00000000-0000-0000-0000-000000000002")
    got["wrong key"] = stranger.recognize(grace)
    got["refused by itself"] = refused(lambda: recognition.recognize(grace, {"limit": -1}))
    return got


def refused(call: Callable[[], object]) -> bool:
    """Whether the SDK refuses to send it."""
    try:
        call()
    except IncorrectFieldException:
        return True
    return False


if __name__ == "__main__":
    url, port, key, folder = sys.argv[1:]
    print(json.dumps(main(url, port, key, Path(folder))))
