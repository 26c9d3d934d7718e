"""Checks of the IP addresses on which a service runs."""

from __future__ import annotations

import ipaddress

from console.rules.checks.finding import FORM, Collector, Finding
from console.rules.checks.limits import LIMITS, MOST_IP_ADDRESSES
from console.rules.strings import has_invisible
from console.rules.text import T

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse_range(text: str) -> tuple[Address, Address] | None:
    """First and last address of "a", "a-b" or "a/n"; None when it is none of these.

    Both ends are of one version and in order; a network has no bits set behind its prefix.
    """
    plain = text.strip()
    try:
        if "/" in plain:
            network = ipaddress.ip_network(plain)
            return network.network_address, network.broadcast_address
        first, dash, last = plain.partition("-")
        start = ipaddress.ip_address(first.strip())
        end = ipaddress.ip_address(last.strip()) if dash else start
    except ValueError:
        return None
    if start.version != end.version or int(start) > int(end) or "%" in plain:
        return None
    return start, end


def check_ip_addresses(values: tuple[str, ...], form: Collector) -> list[Finding]:
    """The findings about the list, in its order; the field is one for all of them."""
    if len(values) > MOST_IP_ADDRESSES:
        return [
            form.refuse(
                "ip_addresses",
                T("Enter at most %(most)d addresses or ranges.", most=MOST_IP_ADDRESSES),
                FORM,
            )
        ]
    found = []
    seen: set[tuple[Address, Address]] = set()
    for text in values:
        found += _one(text, form, seen)
    return found


def _one(text: str, form: Collector, seen: set[tuple[Address, Address]]) -> list[Finding]:
    start = text.strip()[: LIMITS["service-ip_address"]]
    shown = "".join(c for c in start if not has_invisible(c))
    parsed = parse_range(text) if len(text) <= LIMITS["service-ip_address"] else None
    if parsed is None:
        message = T(
            "%(text)s is no IP address. Enter an address, a range as in 203.0.113.1-203.0.113.9,"
            " or a network as in 203.0.113.0/24.",
            text=shown,
        )
        return [form.refuse("ip_addresses", message, FORM)]
    if parsed in seen:
        return [form.warn("ip_addresses", T("%(text)s is entered twice.", text=shown), FORM)]
    seen.add(parsed)
    if any(end.is_loopback or end.is_multicast or end.is_unspecified for end in parsed):
        message = T("%(text)s can be no server's address. Enter its public one.", text=shown)
        return [form.refuse("ip_addresses", message, FORM)]
    if not all(end.is_global for end in parsed):
        message = T(
            "%(text)s is not reachable from the internet. Enter the public address.", text=shown
        )
        return [form.warn("ip_addresses", message, FORM)]
    return []
