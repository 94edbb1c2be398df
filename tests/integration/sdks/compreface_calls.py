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


class Calls:
    """The services of one key, and answers by name."""

    def __init__(self, url: str, port: str, key: str, folder: Path) -> None:
        self.client = CompreFace(url, port)
        self.recognition = self.client.init_face_recognition(key)
        self.faces = self.recognition.get_face_collection()
        self.subjects = self.recognition.get_subjects()
        self.detection = self.client.init_face_detection(key)
        self.verification = self.client.init_face_verification(key)
        self.folder = folder
        self.got: dict[str, Any] = {}

    def path(self, name: str) -> str:
        return str(self.folder / f"{name}.jpg")

    def enroll(self) -> None:
        got, faces, subjects = self.got, self.faces, self.subjects
        got["add subject"] = subjects.add("Grace")
        got["add it again"] = subjects.add("Grace")
        got["add"] = faces.add(self.path("grace"), "Grace", {"det_prob_threshold": 0.8})
        got["add bytes"] = faces.add(Path(self.path("eileen")).read_bytes(), "Eileen Collins")
        got["add nobody"] = faces.add(self.path("nobody"), "Nobody")
        got["list"] = faces.list()
        got["subjects"] = subjects.list()

    def ask(self) -> None:
        got, recognize = self.got, self.recognition.recognize
        grace, both, nobody = (self.path(name) for name in ("grace", "both", "nobody"))
        detecting = {name: value for name, value in OPTIONS.items() if name != "prediction_count"}
        got["recognize"] = recognize(both, dict(OPTIONS))
        got["recognize plainly"] = recognize(grace)
        got["recognize nobody"] = recognize(nobody)
        got["recognize none"] = recognize(grace, {"prediction_count": 0})
        got["refused by itself"] = refused(lambda: recognize(grace, {"limit": -1}))
        got["verify face"] = self.faces.verify(grace, got["add"]["image_id"])
        got["verify unknown"] = self.faces.verify(grace, "00000000-0000-0000-0000-000000000001")
        got["detect"] = self.detection.detect(both, dict(detecting))
        got["detect nobody"] = self.detection.detect(nobody)
        got["verify"] = self.verification.verify(grace, both, dict(detecting))
        got["verify nobody"] = self.verification.verify(nobody, grace)
        stranger = self.client.init_face_recognition("00000000-0000-0000-0000-000000000002")
        got["wrong key"] = stranger.recognize(grace)

    def change(self) -> None:
        got, faces, subjects = self.got, self.faces, self.subjects
        got["rename"] = subjects.update("Grace", "Grace Hopper")
        got["rename nobody"] = subjects.update("Nobody", "Somebody")
        got["delete face"] = faces.delete(got["add"]["image_id"])
        got["delete it again"] = faces.delete(got["add"]["image_id"])
        got["delete faces"] = faces.delete_all("Eileen Collins")
        got["delete faces of nobody"] = faces.delete_all("Nobody")
        got["delete subject"] = subjects.delete("Grace Hopper")
        got["delete nobody"] = subjects.delete("Nobody")
        got["delete all"] = subjects.delete_all()


def refused(call: Callable[[], object]) -> bool:
    """Whether the SDK refuses to send it."""
    try:
        call()
    except IncorrectFieldException:
        return True
    return False


if __name__ == "__main__":
    url, port, key, folder = sys.argv[1:]
    calls = Calls(url, port, key, Path(folder))
    calls.enroll()
    calls.ask()
    calls.change()
    print(json.dumps(calls.got))
