"""Checks of a website or an app, its leader aside."""

from __future__ import annotations

from urllib.parse import urlsplit

from console.errors import Invalid
from console.rules.checks.addresses import check_ip_addresses
from console.rules.checks.apps import check_app
from console.rules.checks.finding import FORM, GUIDES, SUFFIXES, Collector, Finding, shape
from console.rules.checks.limits import LIMITS, SHORTEST_SERVICE_NAME
from console.rules.codes import ACCESS_MODES, CONTENT_TYPES, LANGUAGES, PRE_APPROVALS
from console.rules.domains import (
    looks_like_another,
    parse_domain,
    registrable,
    show_domain,
    u_label,
)
from console.rules.filing import Service, ServiceKind
from console.rules.icp_numbers import parse_icp_number
from console.rules.provinces import PROVINCES
from console.rules.strings import only_latin_or_digits
from console.rules.text import T, Text

_MISSING: dict[str, Text] = {
    "name": T("Enter the name of the website or app."),
    "domain": T("Enter a domain, as in example.cn."),
    "ip_addresses": T("Enter at least one IP address or range."),
    "access_mode": T("Choose how it is connected."),
    "server_province": T("Choose the province where the server stands."),
    "content_types": T("Choose at least one kind of content."),
    "languages": T("Choose at least one language."),
}


def check_service(service: Service) -> list[Finding]:
    """The findings about a service as it is filled in; its leader is looked at elsewhere."""
    form = Collector("service", service.position)
    texts = {
        name: value
        for name, value in vars(service).items()
        if isinstance(value, str) and name != "kind"
    }
    found = form.missing(vars(service), _MISSING) + shape(form, texts, LIMITS, "service")
    found += _name(service, form) + check_domain(service, form)
    found += check_ip_addresses(service.ip_addresses, form)
    found += _choices(service, form) + _pre_approval(service, form)
    if service.kind is ServiceKind.APP:
        return found + check_app(service, form)
    return found + _home_address(service, form)


def check_filed_service(service: Service) -> list[Finding]:
    """The findings about a service that must be filed already: its ICP number."""
    number = parse_icp_number(service.icp_number)
    if number is None or number.position is None:
        message = T("Enter the service's ICP number, as in 京ICP备2026000001号-1.")
        return [Collector("service", service.position).refuse("icp_number", message, FORM)]
    return []


def _name(service: Service, form: Collector) -> list[Finding]:
    name = service.name.strip()
    if not name:
        return []
    if len(name) < SHORTEST_SERVICE_NAME:
        return [
            form.refuse(
                "name",
                T("Enter a name of at least %(least)d characters.", least=SHORTEST_SERVICE_NAME),
            )
        ]
    if _is_domain(name, service.domain):
        return [form.refuse("name", T("Enter a name in words; the domain is no name."))]
    if only_latin_or_digits(name):
        return [form.refuse("name", T("Enter a name that is not only Latin letters or digits."))]
    return []


def _is_domain(name: str, domain: str) -> bool:
    try:
        own = parse_domain(domain)
    except Invalid:
        return False
    plain = name.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    bare = own.removeprefix("www.")
    return plain in {bare, u_label(bare).casefold()}


def check_domain(service: Service, form: Collector) -> list[Finding]:
    """The findings about the domain: whether it is one, and whether it pretends to be another."""
    if not service.domain:
        return []
    try:
        domain = parse_domain(service.domain)
    except Invalid as refusal:
        return [form.refuse("domain", refusal.text, SUFFIXES)]
    found = []
    if looks_like_another(domain):
        message = T(
            "%(domain)s mixes scripts or imitates Latin letters; make sure it is meant.",
            domain=show_domain(domain),
        )
        found.append(form.warn("domain", message, SUFFIXES))
    root = registrable(domain)
    if service.kind is ServiceKind.WEBSITE and root is not None and root != domain:
        message = T(
            "A website is filed under its registered domain: enter %(root)s.",
            root=show_domain(root),
        )
        found.append(form.warn("domain", message, SUFFIXES))
    return found


def _home_address(service: Service, form: Collector) -> list[Finding]:
    if not service.home_address:
        return [form.refuse("home_address", T("Enter the address of the home page."), FORM)]
    try:
        root = registrable(parse_domain(service.domain))
    except Invalid:
        return []  # the domain's own finding says enough
    try:
        address = service.home_address.strip()
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = parse_domain(parts.hostname or "")
    except (ValueError, Invalid):
        parts, host = None, ""
    if parts is None or parts.scheme not in ("", "http", "https"):
        message = T("Enter the address of the home page, as in www.example.cn.")
        return [form.refuse("home_address", message, FORM)]
    if registrable(host) != root:
        message = T("Enter a home page within the domain of this website.")
        return [form.refuse("home_address", message, GUIDES)]
    return []


def _choices(service: Service, form: Collector) -> list[Finding]:
    listed: tuple[tuple[str, tuple[str, ...], object], ...] = (
        ("access_mode", (service.access_mode,), ACCESS_MODES),
        ("server_province", (service.server_province,), PROVINCES),
        ("content_types", service.content_types, CONTENT_TYPES),
        ("languages", service.languages, LANGUAGES),
        ("pre_approval_kind", (service.pre_approval_kind,), PRE_APPROVALS),
    )
    return [
        form.refuse(field, T("Choose from the list."), FORM)
        for field, values, known in listed
        if any(value and value not in known for value in values)  # type: ignore[operator]
    ]


def _pre_approval(service: Service, form: Collector) -> list[Finding]:
    needed = [kind for kind in service.content_types if kind in PRE_APPROVALS]
    if needed and service.pre_approval_kind not in needed:
        message = T(
            "This content needs an approval first; choose it: %(kind)s.",
            kind=PRE_APPROVALS[needed[0]],
        )
        return [form.refuse("pre_approval_kind", message, GUIDES)]
    if service.pre_approval_kind and not service.pre_approval_number:
        message = T("Enter the number of the approval.")
        return [form.refuse("pre_approval_number", message, GUIDES)]
    return []
