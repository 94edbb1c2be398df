"""DeepFace's own REST server with its Dlib model, in an environment of its own.

Its two weight files are those of the package `face_recognition_models`, laid where it looks for
them, so nothing is fetched at run time.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any, Self

import platformdirs

from benchmarks.serving.load import Request, form, send
from benchmarks.serving.server_process import cpu_seconds

ENVIRONMENT = platformdirs.user_cache_path("facet") / "benchmarks" / "deepface"
_PACKAGES = ("deepface[api]", "tf-keras", "dlib-bin")
_WEIGHTS = (
    "dlib_face_recognition_resnet_model_v1.dat",
    "shape_predictor_5_face_landmarks.dat",
)
_SERVE = """
import sys
from deepface.api.src.app import create_app
create_app().run(host="127.0.0.1", port=int(sys.argv[1]), threaded=False)
"""
_START_SECONDS = 300


def installed() -> bool:
    """Whether the environment is complete."""
    return (ENVIRONMENT / "complete").exists()


def install() -> None:
    """Make the environment: a gigabyte of packages and several minutes."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    python = str(ENVIRONMENT / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--no-compile", *_PACKAGES], check=True)
    (ENVIRONMENT / "complete").touch()


class DeepFaceServer:
    """The server as a process; `analyse` sends it a picture."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="deepface-")
        weights = Path(self._directory.name) / ".deepface" / "weights"
        weights.mkdir(parents=True)
        package = metadata.distribution("face_recognition_models")
        for name in _WEIGHTS:
            shutil.copy(str(package.locate_file(f"face_recognition_models/models/{name}")), weights)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])

    def __enter__(self) -> Self:
        log = Path(self._directory.name) / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(ENVIRONMENT / "bin" / "python"), "-c", _SERVE, str(self._port)],
                env={
                    **os.environ,
                    "DEEPFACE_HOME": self._directory.name,
                    "CUDA_VISIBLE_DEVICES": "",
                    "TF_NUM_INTRAOP_THREADS": "1",
                    "TF_NUM_INTEROP_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                },
                stdout=output,
                stderr=output,
            )
        ends = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < ends:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return self
            time.sleep(0.2)
        raise RuntimeError(f"DeepFace does not start:\n{log.read_text()[-3000:]}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._directory.cleanup()

    def request(self, picture: bytes) -> Request:
        """Detection by dlib, alignment, and dlib's embedding of every face."""
        fields: dict[str, Any] = {
            "img": picture,
            "model_name": "Dlib",
            "detector_backend": "dlib",
            "enforce_detection": "false",
        }
        return form("represent", "/represent", fields)

    def cpu_seconds(self, picture: bytes) -> float:
        """Processor seconds of the server for one picture."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        before = cpu_seconds(self._process.pid)
        status, body = send(connection, self.request(picture))
        assert status == 200, body[:500]
        return cpu_seconds(self._process.pid) - before
