"""A filing to read through: masked, or in full after a reviewer asked for it on the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from console.rules.codes import (
    ACCESS_MODES,
    CONTENT_TYPES,
    LANGUAGES,
    NATURES,
    PERSON_CERTIFICATES,
    PLATFORMS,
    PRE_APPROVALS,
    certificate_label,
)
from console.rules.domains import looks_like_another, show_domain
from console.rules.filing import Entity, Filing, Person, Service, ServiceKind
from console.rules.labels import CHANGES, SERVICE_KINDS
from console.rules.masking import mask_certificate, mask_email, mask_mobile, mask_name
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text

HIDDEN = "***"
LONGEST_NAME = 5  # characters of a person's name; units have longer ones


@dataclass(frozen=True)
class Item:
    """One answer. `values` are shown one after another; `was` is the earlier round's."""

    label: Text
    values: tuple[object, ...]
    personal: bool = False
    changed: bool = False
    flag: Text | None = None


@dataclass(frozen=True)
class Section:
    """One part of the filing. `key` is unique on the page."""

    key: str
    title: Text
    items: tuple[Item, ...]

    @property
    def changed(self) -> bool:
        """Whether anything in it differs from the round before."""
        return any(item.changed for item in self.items)


class Reader:
    """Shows answers, masked unless `full`, and marks those that differ from the round before."""

    def __init__(self, full: bool) -> None:
        self.full = full

    def plain(self, label: Text, now: object, before: object) -> Item:
        """An answer anyone who handles the order may see."""
        values = _values(now)
        return Item(label, values, changed=before is not None and values != _values(before))

    def person(self, label: Text, now: str, before: str | None, mask: Callable[[str], str]) -> Item:
        """Personal data."""
        shown = now if self.full else mask(now)
        changed = before is not None and now != before
        return Item(label, _values(shown), personal=bool(now), changed=changed)


def sections(filing: Filing, before: Filing | None = None, full: bool = False) -> list[Section]:
    """The filing, part by part; `before` is what was handed in the round before."""
    read = Reader(full)
    earlier = {s.position: s for s in before.services} if before else {}
    found = [
        _section("entity", T("Entity"), _entity(read, filing, before)),
        _section(
            "entity-leader",
            T("Entity leader"),
            _person(read, filing.entity_leader, before.entity_leader if before else None),
        ),
    ]
    for service in filing.services:
        found += _service_sections(read, service, earlier.get(service.position), bool(before))
    return found


def _section(key: str, title: Text, items: Iterable[Item]) -> Section:
    return Section(key, title, tuple(items))


def _values(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return tuple(item for item in value if item not in ("", None))
    return () if value in ("", None) else (value,)


def _entity(read: Reader, filing: Filing, before: Filing | None) -> Iterator[Item]:
    now, was = filing.entity, before.entity if before else None
    alone = now.nature == "individual"

    def item(label: Text, field: str, mask: Callable[[str], str] | None = None) -> Item:
        old = getattr(was, field) if was else None
        if alone and mask:
            return read.person(label, getattr(now, field), old, mask)
        return read.plain(label, getattr(now, field), old)

    if filing.changes:
        yield Item(T("What changes"), tuple(CHANGES[c] for c in sorted(filing.changes)))
    yield item(T("Name"), "name", mask_name)
    yield _named(T("Kind of entity"), NATURES, now.nature, was.nature if was else None)
    yield _certificate(now.certificate_type, was.certificate_type if was else None)
    yield item(T("Certificate number"), "certificate_number", mask_certificate)
    yield item(T("Address on the certificate"), "certificate_address", _hide)
    yield read.plain(T("Province, city, district"), _place(now), _place(was) if was else None)
    yield item(T("Contact address"), "contact_address", _hide)
    yield read.person(
        T("Superior unit or investor"),
        now.superior_unit,
        was.superior_unit if was else None,
        _mask_investor,
    )
    yield item(T("Remarks"), "remarks")
    if now.icp_number:
        yield item(T("ICP number"), "icp_number")


def _mask_investor(name: str) -> str:
    """An investor may be a person; a name too long for one is a unit's."""
    return mask_name(name) if len(name) <= LONGEST_NAME else name


def _hide(text: str) -> str:
    return HIDDEN if text else ""


def _place(entity: Entity) -> tuple[object, ...]:
    known = PROVINCES.get(entity.province)
    return (known.name if known else entity.province, entity.city, entity.district)


def _named(label: Text, names: Mapping[str, Text], now: str, was: str | None) -> Item:
    return Item(label, _values(names.get(now, now)), changed=was is not None and now != was)


def _certificate(now: str, was: str | None) -> Item:
    shown = certificate_label(now) if now else ""
    return Item(T("Kind of certificate"), _values(shown), changed=was is not None and now != was)


def _person(read: Reader, now: Person, was: Person | None) -> Iterator[Item]:
    def personal(label: Text, field: str, mask: Callable[[str], str]) -> Item:
        return read.person(label, getattr(now, field), getattr(was, field) if was else None, mask)

    yield personal(T("Full name"), "name", mask_name)
    yield _named(
        T("Kind of certificate"),
        PERSON_CERTIFICATES,
        now.certificate_type,
        was.certificate_type if was else None,
    )
    yield personal(T("Certificate number"), "certificate_number", mask_certificate)
    yield read.plain(T("Valid"), _validity(now), _validity(was) if was else None)
    yield personal(T("Mobile number"), "mobile", mask_mobile)
    yield personal(T("Emergency phone"), "emergency_phone", mask_mobile)
    yield personal(T("E-mail address"), "email", mask_email)


def _validity(person: Person) -> Text | str:
    start = person.valid_from.isoformat() if person.valid_from else "?"
    if person.long_term:
        return T("from %(start)s, long-term", start=start)
    if person.valid_from is None and person.valid_to is None:
        return ""
    end = person.valid_to.isoformat() if person.valid_to else "?"
    return T("%(start)s to %(end)s", start=start, end=end)


def _service_sections(
    read: Reader, now: Service, was: Service | None, compared: bool
) -> Iterator[Section]:
    kind = SERVICE_KINDS[now.kind]
    if compared and was is None:
        was = Service(position=now.position)  # added since: everything in it is new
    key = f"service-{now.position}"
    title = T("%(kind)s %(position)s", kind=kind, position=now.position)
    yield _section(key, title, _service(read, now, was))
    title = T("Leader of website or app %(position)s", position=now.position)
    if now.same_as_entity_leader:
        same = Item(T("Person"), (T("The same person as the entity leader"),))
        yield _section(f"{key}-leader", title, [same])
    else:
        leader = _person(read, now.leader, was.leader if was else None)
        yield _section(f"{key}-leader", title, leader)


def _service(read: Reader, now: Service, was: Service | None) -> Iterator[Item]:
    def item(label: Text, field: str) -> Item:
        return read.plain(label, getattr(now, field), getattr(was, field) if was else None)

    def listed(label: Text, field: str, names: Mapping[str, Text]) -> Item:
        codes: tuple[str, ...] = getattr(now, field)
        old = getattr(was, field) if was else None
        shown = tuple(names.get(code, code) for code in codes)
        return Item(label, shown, changed=old is not None and old != codes)

    yield item(T("Name"), "name")
    yield _domain(now, was)
    if now.kind is ServiceKind.WEBSITE:
        yield item(T("Address of the home page"), "home_address")
    yield item(T("IP addresses of the server"), "ip_addresses")
    old_mode = was.access_mode if was else None
    yield _named(T("How the server is connected"), ACCESS_MODES, now.access_mode, old_mode)
    where = PROVINCES.get(now.server_province)
    yield Item(T("Province where the server stands"), _values(where.name if where else ""))
    yield listed(T("Kinds of content"), "content_types", CONTENT_TYPES)
    yield listed(T("Languages"), "languages", LANGUAGES)
    old_kind = was.pre_approval_kind if was else None
    label = T("Approval of another authority")
    yield _named(label, PRE_APPROVALS, now.pre_approval_kind, old_kind)
    yield item(T("Number of the approval"), "pre_approval_number")
    if now.kind is ServiceKind.APP:
        yield from _app(now)
    yield item(T("Remarks"), "remarks")
    if now.icp_number:
        yield item(T("ICP number"), "icp_number")


def _domain(now: Service, was: Service | None) -> Item:
    label = T("Domain") if now.kind is ServiceKind.WEBSITE else T("Back-end domain")
    doubtful = bool(now.domain) and looks_like_another(now.domain)
    return Item(
        label,
        _values(show_domain(now.domain) if now.domain else ""),
        changed=was is not None and was.domain != now.domain,
        flag=T("Letters of different scripts: it may pass itself off as another")
        if doubtful
        else None,
    )


def _app(now: Service) -> Iterator[Item]:
    for platform in now.platforms:
        facts = (platform.package_name, platform.fingerprint, platform.public_key)
        yield Item(PLATFORMS.get(platform.system, T("Platform")), _values(facts))
    yield Item(T("SDKs it offers or uses"), _values(now.sdks))
