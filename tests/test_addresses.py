"""Which addresses are public."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.addresses import is_address, why_not_public


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_public(address: str) -> None:
    assert why_not_public(address) == ""


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "this machine"),
        ("127.255.255.254", "this machine"),
        ("0.0.0.0", "an unspecified address"),
        ("10.1.2.3", "a private network"),
        ("172.31.255.255", "a private network"),
        ("192.168.1.1", "a private network"),
        ("100.127.0.1", "a carrier's private network"),
        ("169.254.169.254", "a link-local address"),
        ("192.0.0.9", "a reserved address"),
        ("224.0.0.1", "a multicast address"),
        ("255.255.255.255", "a reserved address"),
        ("::", "an unspecified address"),
        ("::1", "this machine"),
        ("fe80::1%eth0", "a link-local address"),
        ("fd12::1", "a private network"),
        ("fec0::1", "a private network"),
        ("ff0e::1", "a multicast address"),
        ("100::1", "a reserved address"),
        ("2001:db8::1", "an address for examples"),
        ("2001:2::1", "a reserved address"),
    ],
)
def test_the_others_have_a_named_reason(address: str, reason: str) -> None:
    assert why_not_public(address) == reason


@pytest.mark.parametrize(
    "address",
    [
        "::ffff:127.0.0.1",  # mapped
        "::ffff:a9fe:a9fe",
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",  # NAT64 of a local network
        "2002:7f00:1::",  # 6to4
        "2001:0:7f00:1::1",  # Teredo
        "::127.0.0.1",  # compatible
        "::ffff:0:127.0.0.1",  # translated
    ],
)
def test_an_ipv4_address_does_not_hide_in_an_ipv6_one(address: str) -> None:
    assert why_not_public(address)


@pytest.mark.parametrize("address", ["", "example.org", "2130706433", "0x7f.1", "127.1", "1.2.3.4.5"])
def test_what_is_no_address_is_not_public(address: str) -> None:
    assert why_not_public(address) == "not an IP address"


@given(st.ip_addresses(v=4))
def test_what_we_call_public_python_calls_global(address: IPv4Address) -> None:
    if not why_not_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_public_that_python_calls_private(address: IPv6Address) -> None:
    if not why_not_public(str(address)) and address.ipv4_mapped is None:
        assert address.is_global
        assert not address.is_multicast


@given(
    st.ip_addresses().map(str)
    | st.text(alphabet="0123456789abcdefF.:٣ \0/x", max_size=20)
    | st.text(max_size=10)
)
@example("01.2.3.4")
@example("::ffff:1.2.3.4")
@example("1.2.3")
@example("\udc80")
def test_a_host_is_an_address_where_the_standard_library_reads_one(host: str) -> None:
    bare = host.strip("[]").partition("%")[0]
    try:
        ip_address(bare)
    except ValueError:
        assert not is_address(host)
    else:
        assert is_address(host)
