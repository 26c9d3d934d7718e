"""Which papers an order needs, from its nature, filing type and province: `materials.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from console.rules.bilingual import Bilingual
from console.rules.checks import REFUSE, Finding
from console.rules.checks.finding import WARN
from console.rules.codes import PRE_APPROVALS
from console.rules.filing import Filing, FilingType, Person, Service
from console.rules.strings import has_invisible
from console.rules.text import T, Text

LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST_FILES = 60  # of one order
LONGEST_NAME = 200  # characters

# What is taken, by its content; the value is the ending its name gets.
TYPES: Mapping[str, str] = MappingProxyType(
    {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
)

Slot = tuple[str, int | None]  # a kind, and the position of the service it is about


@dataclass(frozen=True)
class Kind:
    """A kind of paper, as the data file describes it."""

    code: str
    about: str
    types: tuple[str, ...]
    title: Bilingual
    hint: Bilingual
    why: Bilingual
    source: Bilingual
    most: int = 1
    parts: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    provinces: tuple[str, ...] | None = None
    optional: bool = False
    asked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """A paper this order needs, or (not `demanded`) may bring. `service`: the one it is about."""

    kind: Kind
    service: int | None
    demanded: bool

    @property
    def slot(self) -> Slot:
        """What its files are filed under."""
        return self.kind.code, self.service

    @property
    def key(self) -> str:
        """The slot as a form field and an anchor name it."""
        return self.kind.code if self.service is None else f"{self.kind.code}-{self.service}"


def _load() -> Mapping[str, Kind]:
    with Path(__file__).with_name("materials.toml").open("rb") as file:
        data = tomllib.load(file)
    data.pop("as_of")
    source = data.pop("source")
    return MappingProxyType(
        {code: _kind(code, {"source": source, **row}) for code, row in data.items()}
    )


def _kind(code: str, row: dict[str, object]) -> Kind:
    def plain(value: object) -> object:
        if isinstance(value, dict):
            return Bilingual(value["en"], value["zh"])
        return tuple(value) if isinstance(value, list) else value

    return Kind(code=code, **{name: plain(value) for name, value in row.items()})  # type: ignore[arg-type]


KINDS: Mapping[str, Kind] = _load()


def needs(filing: Filing, reasons: Collection[str] = ()) -> tuple[Need, ...]:
    """The papers of an order, in the order of the form.

    Of a change `filing` is what differs from the register (`only_changed`). `reasons` are those
    the order was returned for: some of them demand a paper.
    """
    return tuple(need for kind in KINDS.values() for need in _of_kind(kind, filing, reasons))


def _of_kind(kind: Kind, filing: Filing, reasons: Collection[str]) -> Iterator[Need]:
    if filing.type.value not in kind.types or not _part_changes(kind, filing):
        return
    asked = bool(set(kind.asked_by) & set(reasons))
    if kind.provinces is not None and filing.entity.province not in kind.provinces and not asked:
        return
    demanded = asked or not kind.optional
    per_service = kind.about in ("service", "website-leader")
    for service in filing.services if per_service else (None,):
        if all(_holds(condition, filing, service) for condition in kind.when):
            yield Need(kind, service.position if service else None, demanded)


def _part_changes(kind: Kind, filing: Filing) -> bool:
    """A change needs the papers of what it changes; what any order may bring has no parts."""
    if filing.type is not FilingType.CHANGE or not kind.parts:
        return True
    return bool(set(kind.parts) & filing.changes)


def _holds(condition: str, filing: Filing, service: Service | None) -> bool:
    if condition == "unit":
        return filing.entity.nature != "individual"
    if condition == "card":
        # A passport has one page that matters; every other certificate has two sides.
        leader = service.leader if service else filing.entity_leader
        return leader.certificate_type != "passport"
    assert service is not None, f"{condition} is about a service"
    if condition == "other-person":
        return _leads_first(filing, service)
    if condition == "domain":
        return bool(service.domain)
    if condition == "approval":
        chosen = {*service.content_types, service.pre_approval_kind}
        return bool(chosen & set(PRE_APPROVALS))
    raise ValueError(f"materials.toml: there is no condition {condition}")


def _leads_first(filing: Filing, service: Service) -> bool:
    """Whether this is the first service led by someone whose papers nothing else brings."""
    if service.same_as_entity_leader or _same(service.leader, filing.entity_leader):
        return False
    before = [s for s in filing.services if s.position < service.position]
    return not any(_same(service.leader, other.leader) for other in before)


def _same(one: Person, other: Person) -> bool:
    number = one.certificate_number.strip().upper()
    return bool(number) and number == other.certificate_number.strip().upper()


def check_materials(
    wanted: Sequence[Need], present: Collection[Slot], required: bool
) -> list[Finding]:
    """A finding for each demanded paper of which there is no file; refusals where `required`."""
    severity = REFUSE if required else WARN
    return [
        Finding(
            f"materials-{need.kind.code}",
            severity,
            T("Upload this material: %(what)s.", what=need.kind.title),
            need.kind.source,
            need.service,
        )
        for need in wanted
        if need.demanded and need.slot not in present
    ]


def check_name(name: str) -> Text | None:
    """Why a file of this name is not taken, None where it is."""
    if len(name) > LONGEST_NAME:
        return T(
            "Its name is too long: give the file a name of at most %(most)d characters.",
            most=LONGEST_NAME,
        )
    if "/" in name or "\\" in name or name in (".", ".."):
        return T("Its name holds a path: give the file a name without slashes.")
    if has_invisible(name):
        return T("Its name holds characters nobody can see: give the file a plain name.")
    return None


def served_name(name: str, content_type: str) -> str:
    """The name under which a file is given out: its ending says what the content is."""
    ending = TYPES[content_type]
    stem, dot, last = name.rpartition(".")
    if dot and last.lower() in {ending, "jpeg"} and (last.lower() != "jpeg" or ending == "jpg"):
        return name
    return f"{stem if dot and stem and len(last) <= 5 else name}.{ending}"
