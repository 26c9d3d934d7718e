"""One fault of a website or an app: the one finding, what it tells to enter, by what source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.rules.checks import check_service
from console.rules.checks.finding import FORM, GUIDES, SUFFIXES
from console.rules.checks.limits import LIMITS
from console.rules.checks.service import check_filed_service
from console.rules.filing import Platform
from console.rules.text import Text
from tests.rules.makers import APP, WEBSITE, the_only

NEWS = {"content_types": ("unit-portal", "news", "religion")}


@pytest.mark.parametrize(
    ("changes", "field", "severity", "source", "words"),
    [
        ({"access_mode": ""}, "access_mode", "refuse", FORM, "how it is connected"),
        ({"name": "示例"}, "name", "refuse", GUIDES, "at least 3 characters"),
        ({"name": " 示例 "}, "name", "refuse", GUIDES, "at least 3 characters"),
        ({"name": "http://www.example.cn"}, "name", "refuse", GUIDES, "the domain is no name"),
        ({"name": "https://Example.cn"}, "name", "refuse", GUIDES, "the domain is no name"),
        ({"name": "Example Tea"}, "name", "refuse", GUIDES, "not only Latin letters"),
        ({"domain": "com.cn"}, "domain", "refuse", SUFFIXES, "only a suffix"),
        ({"home_address": ""}, "home_address", "refuse", FORM, "Enter the address of the home"),
        (
            {"home_address": "ftp://www.example.cn"},
            "home_address",
            "refuse",
            FORM,
            "as in www.example.cn",
        ),
        (
            {"home_address": "www.example.com"},
            "home_address",
            "refuse",
            GUIDES,
            "within the domain of this website",
        ),
        ({"access_mode": "pigeon"}, "access_mode", "refuse", FORM, "from the list"),
        ({"server_province": "XX"}, "server_province", "refuse", FORM, "from the list"),
        ({"content_types": ("gossip",)}, "content_types", "refuse", FORM, "from the list"),
        ({"languages": ("en", "tlh")}, "languages", "refuse", FORM, "from the list"),
        (NEWS, "pre_approval_kind", "refuse", GUIDES, "choose it: Approval for news"),
        (
            {**NEWS, "pre_approval_kind": "culture", "pre_approval_number": "1"},
            "pre_approval_kind",
            "refuse",
            GUIDES,
            "needs an approval first",
        ),
        (
            {**NEWS, "pre_approval_kind": "religion"},
            "pre_approval_number",
            "refuse",
            GUIDES,
            "number of the approval",
        ),
        (
            {"pre_approval_kind": "culture"},
            "pre_approval_number",
            "refuse",
            GUIDES,
            "number of the approval",
        ),
        (
            {"ip_addresses": ("8.8.8.8",) * 51},
            "ip_addresses",
            "refuse",
            FORM,
            "at most 50 addresses",
        ),
        (
            {"ip_addresses": ("256.1.1.1\u200b",)},
            "ip_addresses",
            "refuse",
            FORM,
            "256.1.1.1 is no IP address",
        ),
        (
            {"ip_addresses": ("8.8.8.8", " 8.8.8.8-8.8.8.8")},
            "ip_addresses",
            "warn",
            FORM,
            "8.8.8.8-8.8.8.8 is entered twice",
        ),
        (
            {"ip_addresses": ("127.0.0.1",)},
            "ip_addresses",
            "refuse",
            FORM,
            "127.0.0.1 can be no server's",
        ),
        (
            {"ip_addresses": ("10.1.2.0/24",)},
            "ip_addresses",
            "warn",
            FORM,
            "10.1.2.0/24 is not reachable",
        ),
    ],
)
def test_of_a_website(
    changes: dict[str, Any], field: str, severity: str, source: Text, words: str
) -> None:
    found = the_only(check_service(replace(WEBSITE, position=4, **changes)))
    assert (found.field, found.severity) == (f"service-{field}", severity)
    assert (found.source, found.service) == (source, 4)
    assert words in str(found.message)


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("shop.example.com.cn", "registered domain: enter example.com.cn"),
        ("www.例子.中国", "enter 例子.中国 (xn--fsqu00a.xn--fiqs8s)"),
        ("аpple.com", "аpple.com (xn--pple-43d.com) mixes scripts"),
    ],
)
def test_of_a_domain_that_may_be_another(domain: str, words: str) -> None:
    found = the_only(check_service(replace(WEBSITE, domain=domain, home_address=domain)))
    assert (found.field, found.severity, found.source) == ("service-domain", "warn", SUFFIXES)
    assert words in str(found.message)


def test_of_fifty_addresses_there_is_nothing_to_say() -> None:
    fifty = tuple(f"8.8.8.{number}" for number in range(50))
    assert check_service(replace(WEBSITE, ip_addresses=fifty)) == []


def test_of_several_addresses_each_fault_is_told() -> None:
    found = check_service(replace(WEBSITE, ip_addresses=("127.0.0.1", "8.8.8.8", "0.0.0.0")))
    assert [str(one.message).partition(" ")[0] for one in found] == ["127.0.0.1", "0.0.0.0"]


@pytest.mark.parametrize(("length", "faults"), [(100, 0), (101, 1)])
def test_of_an_address_as_long_as_the_form_takes_there_is_nothing_to_say(
    length: int, faults: int
) -> None:
    found = check_service(replace(WEBSITE, ip_addresses=("8.8.8.8".rjust(length),)))
    assert [one.severity for one in found] == ["refuse"] * faults


def test_of_a_name_that_is_the_domain_without_its_www() -> None:
    service = replace(WEBSITE, name="例子.中国", domain="www.例子.中国", home_address="例子.中国")
    named = the_only([one for one in check_service(service) if one.field == "service-name"])
    assert "the domain is no name" in str(named.message)


@pytest.mark.parametrize(
    "address", ["http://www.example.cn/shop?a=1", "HTTPS://example.cn", " www.example.cn:8080 "]
)
def test_of_a_home_page_within_the_domain_there_is_nothing_to_say(address: str) -> None:
    assert check_service(replace(WEBSITE, home_address=address)) == []


MD5 = "0F" * 16
ANDROID = Platform("android", "cn.example.app", "KEY", MD5)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"domain": "WWW.example.com"}, "domain", "without www. in front"),
        ({"platforms": ()}, "platforms", "at least one platform"),
        ({"platforms": (ANDROID, ANDROID)}, "platforms", "each platform once"),
        ({"platforms": (replace(ANDROID, system="symbian"),)}, "platforms", "platforms listed"),
        (
            {"platforms": (replace(ANDROID, package_name="app"),)},
            "android_package_name",
            "as in cn.example.app",
        ),
        (
            {"platforms": (replace(ANDROID, public_key=" "),)},
            "android_public_key",
            "Enter the public key",
        ),
        (
            {"platforms": (replace(ANDROID, fingerprint="0F" * 20),)},
            "android_fingerprint",
            "MD5 fingerprint: 32",
        ),
        (
            {"platforms": (replace(ANDROID, system="ios"),)},
            "ios_fingerprint",
            "SHA-1 fingerprint: 40",
        ),
        (
            {"platforms": (replace(ANDROID, system="harmonyos", fingerprint="0F" * 17),)},
            "harmonyos_fingerprint",
            "32, 40 or 64",
        ),
    ],
)
def test_of_an_app(changes: dict[str, Any], field: str, words: str) -> None:
    found = the_only(check_service(replace(APP, **changes)))
    assert (found.field, found.severity, found.service) == (f"service-{field}", "refuse", 2)
    assert found.source is FORM
    assert words in str(found.message)


LONGEST = replace(
    ANDROID,
    package_name="cn.".ljust(LIMITS["platform-package_name"], "a"),
    public_key="K" * LIMITS["platform-public_key"],
    fingerprint=MD5.rjust(LIMITS["platform-fingerprint"]),
)


def test_of_an_app_s_longest_answers_there_is_nothing_to_say() -> None:
    assert check_service(replace(APP, platforms=(LONGEST,))) == []


@pytest.mark.parametrize("name", ["package_name", "public_key", "fingerprint"])
def test_of_one_character_more_the_limit_is_told(name: str) -> None:
    longer = (" " if name == "fingerprint" else "a") + getattr(LONGEST, name)
    platform = replace(LONGEST, **{name: longer})
    told = the_only(check_service(replace(APP, platforms=(platform,))))
    limit = LIMITS[f"platform-{name}"]
    assert (told.field, told.source) == (f"service-android_{name}", FORM)
    assert str(told.message) == f"Enter at most {limit} characters here."


@pytest.mark.parametrize("digits", [32, 40, 64])
def test_of_a_fingerprint_that_fits_harmonyos_there_is_nothing_to_say(digits: int) -> None:
    spelled = " ".join(["0f:0F"] * (digits // 4))
    platform = replace(ANDROID, system="harmonyos", fingerprint=spelled)
    assert check_service(replace(APP, platforms=(platform,))) == []


def test_of_a_filed_service_its_number_is_asked_for() -> None:
    found = the_only(check_filed_service(replace(WEBSITE, position=4)))
    assert (found.field, found.source, found.service) == ("service-icp_number", FORM, 4)
    assert "京ICP备2026000001号-1" in str(found.message)
