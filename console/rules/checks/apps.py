"""Checks of what only an app has: its platforms and the domain behind it."""

from __future__ import annotations

import re

from console.rules.checks.finding import FORM, Collector, Finding
from console.rules.checks.limits import LIMITS
from console.rules.codes import PLATFORMS
from console.rules.filing import Platform, Service
from console.rules.text import T, Text

_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
_FINGERPRINTS: dict[str, tuple[re.Pattern[str], Text]] = {
    "android": (
        re.compile(r"[0-9A-F]{32}"),
        T("Enter the certificate's MD5 fingerprint: 32 hexadecimal digits."),
    ),
    "ios": (
        re.compile(r"[0-9A-F]{40}"),
        T("Enter the certificate's SHA-1 fingerprint: 40 hexadecimal digits."),
    ),
    "harmonyos": (
        re.compile(r"[0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64}"),
        T("Enter the certificate's fingerprint: 32, 40 or 64 hexadecimal digits."),
    ),
}


def check_app(service: Service, form: Collector) -> list[Finding]:
    """The findings about an app beyond what it shares with a website."""
    found = []
    if service.domain.lower().startswith("www."):
        found.append(
            form.refuse("domain", T("Enter the back-end domain without www. in front."), FORM)
        )
    if not service.platforms:
        found.append(
            form.refuse("platforms", T("Name at least one platform the app runs on."), FORM)
        )
    systems = [platform.system for platform in service.platforms]
    if len(set(systems)) != len(systems):
        found.append(form.refuse("platforms", T("Name each platform once."), FORM))
    for platform in service.platforms:
        found += _platform(platform, form)
    return found


def fingerprint(text: str) -> str:
    """A fingerprint in one spelling: upper case, without colons and spaces."""
    return re.sub(r"[:\s]", "", text[: LIMITS["platform-fingerprint"] + 1]).upper()


def _platform(platform: Platform, form: Collector) -> list[Finding]:
    system = platform.system
    if system not in PLATFORMS:
        return [form.refuse("platforms", T("Choose one of the platforms listed."), FORM)]
    found = []
    if not _PACKAGE.fullmatch(platform.package_name[: LIMITS["platform-package_name"] + 1]):
        found.append(
            form.refuse(
                f"{system}_package_name",
                T("Enter the package name or bundle ID, as in cn.example.app."),
                FORM,
            )
        )
    if not platform.public_key.strip():
        found.append(form.refuse(f"{system}_public_key", T("Enter the public key."), FORM))
    pattern, message = _FINGERPRINTS[system]
    if not pattern.fullmatch(fingerprint(platform.fingerprint)):
        found.append(form.refuse(f"{system}_fingerprint", message, FORM))
    return found + _too_long(platform, form)


def _too_long(platform: Platform, form: Collector) -> list[Finding]:
    found = []
    for name in ("package_name", "public_key", "fingerprint"):
        limit = LIMITS[f"platform-{name}"]
        if len(getattr(platform, name)) > limit:
            message = T("Enter at most %(limit)d characters here.", limit=limit)
            found.append(form.refuse(f"{platform.system}_{name}", message, FORM))
    return found
