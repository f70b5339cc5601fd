"""Which IP addresses are in the public internet, and what the others are. Pure; resolves no names.

The list is our own: what `ipaddress` calls global differs between Python versions, and it knows nothing of
the IPv4 address inside an IPv6 one.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import AF_INET, AF_INET6, inet_pton

_V4 = {
    IPv4Network(network): reason
    for network, reason in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's private network"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for examples"),
        ("192.88.99.0/24", "a tunnel's address"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "a network for benchmarks"),
        ("198.51.100.0/24", "an address for examples"),
        ("203.0.113.0/24", "an address for examples"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
}

# The first that contains the address counts.
_V6 = {
    IPv6Network(network): reason
    for network, reason in (
        ("::/128", "an unspecified address"),
        ("::1/128", "this machine"),
        ("2001::/32", "a tunnel's address"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for examples"),
        ("2002::/16", "a tunnel's address"),
        ("3fff::/20", "an address for examples"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a multicast address"),
        ("64:ff9b:1::/48", "a private network"),
    )
}

_PUBLIC_V6 = IPv6Network("2000::/3")
"""All that was ever given out; the rest of IPv6 is reserved."""

_V4_INSIDE = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Mapped and NAT64 addresses lead to the IPv4 address in their last 32 bits."""


def is_address(text: str) -> bool:
    """Whether a host is an IP address and no name."""
    host = text.strip("[]").partition("%")[0]
    try:
        inet_pton(AF_INET6 if ":" in host else AF_INET, host)
    except (OSError, ValueError):
        return False
    return True


def why_not_public(address: str) -> str:
    """What keeps an address out of the public internet, in words; "" for a public one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    if isinstance(parsed, IPv4Address):
        return _why_not_public_v4(parsed)
    return _why_not_public_v6(parsed)


def _why_not_public_v4(address: IPv4Address) -> str:
    return next((reason for network, reason in _V4.items() if address in network), "")


def _why_not_public_v6(address: IPv6Address) -> str:
    if any(address in network for network in _V4_INSIDE):
        return _why_not_public_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    for network, reason in _V6.items():
        if address in network:
            return reason
    return "" if address in _PUBLIC_V6 else "a reserved address"
