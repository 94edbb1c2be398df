"""The table of networks: what it refers to is there, and listing it needs no torch."""

import subprocess
import sys

import pytest

from models.nets.table import ENCODERS, FORMER_NAMES, NETWORKS
from models.references import referred


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_is_there(name: str) -> None:
    network = NETWORKS[name]
    assert callable(referred(network.reference))
    assert not network.fresh or callable(referred(network.fresh))


def test_encoders_say_what_they_want_to_see() -> None:
    assert {"resnet29", "lenet-5", "mobile-face-net"} <= ENCODERS.keys() < NETWORKS.keys()
    for network in ENCODERS.values():
        assert network.side >= 32 and network.scale > 0 and len(network.stages) > 1
    assert all(new in NETWORKS and old not in NETWORKS for old, new in FORMER_NAMES.items())


def test_listing_networks_and_manifests_needs_no_torch() -> None:
    listing = (
        "import sys; from models.nets.table import NETWORKS; "
        "from models.registry.manifests.reading import MANIFESTS; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", listing], check=False).returncode == 0
