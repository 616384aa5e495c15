"""Decides which addresses the bot may ask: public ones on web ports, and the hosts that the operator allows. It asks none."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from yarl import URL

from bot.errors import BlockedAddress, ConfigError, SourceError

PORTS = frozenset({80, 443, 8080, 8443})

_DENIED = tuple(
    ip_network(net)
    for net in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24", "::/96", "fec0::/10"),
        "192.0.0.0/24",
        "168.63.129.16/32",
    )
)
"""Ways to a private address that `is_global` lets pass: NAT64, 6to4 and its relays, IPv4-compatible, site-local, protocol
assignments, and the public-looking address at which a cloud answers its own machines."""

_HOST = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\s/@:?#\[\]]+)(?::(?P<port>\d{1,5}))?")


class PrivateAddressError(OSError):
    """The name leads to an address that is not public; an OSError, since it is raised in the middle of connecting."""


def is_public(address: str) -> bool:
    """Tell whether an IP address, with or without a scope id, is one of the public internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _DENIED)


def guarded_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """Make the socket for an address that was just resolved; aiohttp calls this between DNS and connect, so no answer can change.

    Raises:
        PrivateAddressError: the address is not public. The words never vary, so that several such addresses count as one fault.
    """
    family, kind, proto, _name, address = addr_info
    if not is_public(str(address[0])):
        raise PrivateAddressError("the address is not public")
    made = socket.socket(family, kind, proto)
    made.setblocking(False)
    return made


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts of the operator's own, which may be private and on any port: `name`, `name:port`, an IP address with or without."""

    hosts: Mapping[str, Collection[int | None]]
    """The ports of each that are allowed; None is any."""

    @classmethod
    def read(cls, entries: Sequence[str]) -> AllowedHosts:
        """Read the entries of `[http] allow_hosts`.

        Raises:
            ConfigError: an entry is neither a host nor a host and a port.
        """
        hosts: dict[str, set[int | None]] = {}
        for entry in entries:
            host, port = _host_and_port(entry.strip().lower())
            hosts.setdefault(host, set()).add(port)
        return cls(hosts)

    def has_host(self, host: str) -> bool:
        """Tell whether a host is one of these, on whatever port."""
        return host.lower().rstrip(".") in self.hosts

    def __contains__(self, url: URL) -> bool:
        ports = self.hosts.get((url.host or "").lower().rstrip("."), ())
        return None in ports or url.port in ports


def _host_and_port(entry: str) -> tuple[str, int | None]:
    found = _HOST.fullmatch(entry)
    try:
        host = URL(f"http://{found['host']}").host if found else str(ip_address(entry))
    except ValueError:
        host = None
    if not host:
        raise ConfigError(f"settings.toml: [http] allow_hosts: {entry!r} is no host: write it as name or name:port.")
    return host.rstrip("."), int(found["port"]) if found and found["port"] else None


def checked(address: str | URL, allowed: AllowedHosts) -> URL:
    """Return the URL if it is one the bot may ask, as far as that can be told before its name is resolved.

    Raises:
        SourceError: it is no address of the web.
        BlockedAddress: its port or the credentials in it are not for a bot to use.
    """
    try:
        url = URL(address)
    except ValueError as error:
        raise SourceError(f"{str(address)[:200]!r} is no address: correct the url.") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError(f"{str(address)[:200]!r} is no address of the web: write it as https://… .")
    if url.user is not None or url.password is not None:
        raise BlockedAddress(f"{shown(url)} has a name or password in it, which is not sent: leave them out of the url.")
    if url not in allowed and url.port not in PORTS:
        raise BlockedAddress(
            f"{shown(url)} is not on a port of the web: name its host under [http] allow_hosts if it is yours."
        )
    return url


def shown(address: str | URL) -> str:
    """Return an address as a message may show it: without credentials and query, which may hold a key."""
    try:
        return str(URL(address).with_user(None).with_query(None).with_fragment(None))
    except ValueError:
        return repr(str(address).partition("?")[0][:200])
