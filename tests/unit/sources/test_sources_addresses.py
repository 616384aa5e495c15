"""Which addresses the bot may ask."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress, ConfigError, SourceError
from bot.sources.web.addresses import AllowedHosts, PrivateAddressError, checked, guarded_socket, is_public, shown

NOBODY = AllowedHosts.read(())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.7",
        "198.18.0.1",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "192.88.99.1",
    ],
)
def test_no_address_off_the_public_internet_is_public(address: str) -> None:
    """Private, local, multicast and tunnelled addresses are refused in every way they can be written."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_address_is_public(address: str) -> None:
    """What the open internet routes may be asked."""
    assert is_public(address)


@given(st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_loopback_address_is_public_in_any_form(address: object) -> None:
    """A loopback address is refused plainly, mapped, compatible and through NAT64."""
    forms = (f"{address}", f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}")

    assert not any(is_public(form) for form in forms)


def test_a_socket_is_made_for_a_public_address_only() -> None:
    """The guard makes a socket that does not block, or none."""
    public = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("8.8.8.8", 80))
    private = (*public[:4], ("127.0.0.1", 80))

    with guarded_socket(public) as made:
        assert not made.getblocking()
    with pytest.raises(PrivateAddressError):
        guarded_socket(private)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("ftp://example.org/feed", SourceError),
        ("file:///etc/passwd", SourceError),
        ("javascript:alert(1)", SourceError),
        ("feed.xml", SourceError),
        ("http:///feed", SourceError),
        ("http://example.org:99999/", SourceError),
        ("http://me:secret@example.org/", BlockedAddress),
        ("http://me@example.org/", BlockedAddress),
        ("http://example.org:22/", BlockedAddress),
        ("https://example.org:6379/", BlockedAddress),
    ],
)
def test_an_address_that_is_not_of_the_web_is_refused(address: str, error: type[SourceError]) -> None:
    """Only http and https without credentials and on ports of the web are asked."""
    with pytest.raises(error):
        checked(address, NOBODY)


@pytest.mark.parametrize("address", ["http://example.org/", "https://example.org:8443/x", "http://example.org:8080/?a=b"])
def test_an_address_of_the_web_passes_unchanged(address: str) -> None:
    """What may be asked is asked as it stands."""
    assert str(checked(address, NOBODY)) == address


@pytest.mark.parametrize(
    ("entry", "address", "allowed"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8081/", False),
        ("127.0.0.1:8080", "http://localhost:8080/", False),
        ("News.Internal", "http://news.internal:9000/", True),
        ("news.internal", "http://news.internal./", True),
        ("news.internal", "http://evil.news.internal/", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("::1", "http://[::1]:9000/", True),
        ("intranet:80", "http://intranet/", True),
        ("intranet:443", "http://intranet/", False),
    ],
)
def test_a_host_is_allowed_by_name_or_by_name_and_port(entry: str, address: str, *, allowed: bool) -> None:
    """An entry allows its own host, on every port or on the one it names, and no other."""
    try:
        url = checked(address, AllowedHosts.read([entry]))
    except BlockedAddress:
        assert not allowed
    else:
        assert (url in AllowedHosts.read([entry])) is allowed


@pytest.mark.parametrize("entry", ["", "http://example.org", "host/path", "me@host", "host:port", "a:b:c"])
def test_an_entry_that_is_no_host_is_a_config_error(entry: str) -> None:
    """A misspelt entry is refused when the client is made, with the entry named."""
    with pytest.raises(ConfigError, match="allow_hosts"):
        AllowedHosts.read([entry])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://me:secret@example.org/feed?key=123#x", "https://example.org/feed"),
        ("http://example.org:99999/?key=123", "'http://example.org:99999/'"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, expected: str) -> None:
    """Credentials, query and fragment never reach a message."""
    assert shown(address) == expected
