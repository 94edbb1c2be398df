"""Addresses of the internet at large, told apart from those of a machine and its neighbours."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_NAT64 = IPv6Network("64:ff9b::/96")


def may_call(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the address is public, or in a network that is allowed."""
    return all(
        (one.is_global and not one.is_multicast) or any(one in network for network in allowed)
        for one in _meant(address)
    )


def _meant(address: Address) -> list[Address]:
    """The address, and those that gateways make of it."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inside = [address.sixtofour, address.teredo[1] if address.teredo else None]
    if address in _NAT64:
        inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(one for one in inside if one is not None)]
