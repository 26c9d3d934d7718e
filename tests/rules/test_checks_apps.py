"""Checks of addresses and of what only an app has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules.checks import check_service
from console.rules.checks.addresses import parse_range
from console.rules.filing import Platform
from tests.rules.makers import APP, told


def app(**changes):
    return told(check_service(replace(APP, **changes)))


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("8.8.8.8", ("8.8.8.8", "8.8.8.8")),
        (" 8.8.8.1 - 8.8.8.9 ", ("8.8.8.1", "8.8.8.9")),
        ("8.8.8.0/30", ("8.8.8.0", "8.8.8.3")),
        ("2001:db8::/126", ("2001:db8::", "2001:db8::3")),
        ("2001:db8::1-2001:db8::2", ("2001:db8::1", "2001:db8::2")),
        ("8.8.8.9-8.8.8.1", None),
        ("8.8.8.1/30", None),
        ("8.8.8.1-::1", None),
        ("fe80::1%eth0", None),
        ("8.8.8", None),
        ("", None),
    ],
)
def test_addresses_ranges_and_networks_are_read_by_their_ends(text, ends):
    found = parse_range(text)
    assert (tuple(map(str, found)) if found else None) == ends


PLATFORM = APP.platforms[0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "www.example.com"}, "domain"),
        ({"domain": ""}, "domain"),
        ({"platforms": ()}, "platforms"),
        ({"platforms": (PLATFORM, PLATFORM)}, "platforms"),
        ({"platforms": (replace(PLATFORM, system="symbian"),)}, "platforms"),
        ({"platforms": (replace(PLATFORM, package_name="app"),)}, "android_package_name"),
        ({"platforms": (replace(PLATFORM, package_name="a." * 500),)}, "android_package_name"),
        ({"platforms": (replace(PLATFORM, public_key=" "),)}, "android_public_key"),
        ({"platforms": (replace(PLATFORM, public_key="x" * 2001),)}, "android_public_key"),
        ({"platforms": (replace(PLATFORM, fingerprint="AB" * 20),)}, "android_fingerprint"),
        ({"platforms": (replace(PLATFORM, system="ios"),)}, "ios_fingerprint"),
        ({"platforms": (replace(PLATFORM, system="harmonyos", fingerprint="x"),)},
         "harmonyos_fingerprint"),
    ],
)  # fmt: skip
def test_each_fault_of_an_app_is_told_at_its_field(changes, field):
    assert (f"service-{field}", "refuse") in app(**changes)


@pytest.mark.parametrize(
    ("system", "print_"), [("android", "ab" * 16), ("ios", "AB" * 20), ("harmonyos", "0F" * 32)]
)
def test_each_platform_has_a_fingerprint_of_its_own_length(system, print_):
    assert app(platforms=(Platform(system, "cn.example.app", "KEY", print_),)) == set()
