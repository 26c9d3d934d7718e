"""The steps that ask: several forms on one page, what they make of a filing, and what is wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import wtforms
from flask_babel import gettext as _

from console.rules.checks import REFUSE, Finding
from console.rules.checks.finding import Collector, shape
from console.rules.checks.limits import LIMITS
from console.rules.corrections import Opened, is_open
from console.rules.filing import Filing, Person, Service, ServiceKind
from console.rules.sections import SECTIONS
from console.rules.text import T
from console.services.actors import Actor
from console.services.drafts import save_entity, save_service
from console.web.filters import say
from console.web.forms.entity import EntityForm
from console.web.forms.person import PersonForm
from console.web.forms.service import PARTS, AppForm, WebsiteForm


class Problem(NamedTuple):
    """A line of the summary: the field's id (empty: the whole order), and what to enter."""

    id: str
    message: object


class Difference(NamedTuple):
    """A field that is saved otherwise than it is typed."""

    field: Any
    saved: str


class Step(ABC):
    """Forms that are sent together. `forms` are in the order of the page."""

    forms: tuple[wtforms.Form, ...] = ()
    position: int | None = None

    @abstractmethod
    def applied(self, filing: Filing) -> Filing:
        """The filing with what was typed."""

    @abstractmethod
    def is_in(self, filing: Filing) -> bool:
        """Whether what was typed is what is saved."""

    @abstractmethod
    def save(self, actor: Actor, number: str, revision: int) -> int:
        """Save what was typed; the new revision. Raises Changed."""

    def fields(self) -> Iterator[wtforms.Field]:
        """Every field in the order of the page."""
        for form in self.forms:
            names = getattr(form, "layout", None) or list(form._fields)
            yield from (form[name] for name in names)

    def attach(self, findings: Sequence[Finding]) -> None:
        """Put unreadable values and findings of this step to their fields."""
        by_name = {field.name: field for field in self.fields()}
        for field in by_name.values():
            field.warnings = []
            field.errors = list(field.process_errors)
        for finding in findings:
            named = by_name.get(finding.field)
            if finding.service != self.position or named is None or named.process_errors:
                continue
            if finding.severity == REFUSE:
                named.errors.append(finding.message)
            else:
                named.warnings.append(finding.message)

    @abstractmethod
    def of(self, filing: Filing) -> Step | None:
        """The same step of another filing; None where it has no such part."""

    def compare(self, registered: Filing) -> None:
        """Put what the register holds beside each answer that differs from it."""
        filed = self.of(registered)
        if filed is None:
            return
        for mine, theirs in zip(self.fields(), filed.fields(), strict=True):
            if mine.name.endswith("-language"):
                continue  # how a person is written to is nothing that is filed
            if shown(mine) != shown(theirs) and self.compares(mine.name, filed):
                mine.was = shown(theirs)

    def compares(self, _name: str, _filed: Step) -> bool:
        """Whether a field of both steps asks the same."""
        return True

    def give(self, names: frozenset[str], stored: object) -> None:
        """Let these answers stand as they are stored, whatever was sent."""
        for field in self.fields():
            if field.name in names:
                field.process(None, data=getattr(stored, field.short_name))
                field.given = shown(field)

    def close(self, kept: Step, points: Opened | None, typed: Any = None) -> None:
        """Let stand as in `kept` what a return leaves closed, unless it was sent all the same."""
        for field, stored in zip(self.fields(), kept.fields(), strict=True):
            if is_open(points, field.name, self.position):
                continue
            if typed is None or field.name not in typed:
                field.process(None, data=stored.data)
            field.given, field.closed = shown(stored), True

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way, in the order of the page."""
        return [Problem(field.id, error) for field in self.fields() for error in field.errors]

    def unstorable(self) -> list[Finding]:
        """What not even a draft keeps: texts too long, characters nobody can see, unknown codes."""
        found: list[Finding] = []
        for field in self.fields():
            prefix, _dash, name = field.name.partition("-")
            kind = _limit_kind(prefix, name)
            form = Collector(prefix, self.position)
            listed = getattr(field, "listed", None)
            if listed is not None and any(code not in listed for code in _codes(field.data)):
                found.append(form.refuse(name, T("Choose from the list.")))
            elif isinstance(field.data, str) and kind in LIMITS:
                limits = {f"own-{name}": LIMITS[kind]}
                found += shape(form, {name: field.data}, limits, "own")
            elif isinstance(field.data, tuple) and listed is None:
                found += _addresses(form, name, field.data)
        return found

    def differences(self, saved: Step) -> list[Difference]:
        """The fields that another page has saved otherwise meanwhile."""
        pairs = zip(self.fields(), saved.fields(), strict=True)
        return [Difference(a, shown(b)) for a, b in pairs if shown(a) != shown(b)]


def _limit_kind(prefix: str, name: str) -> str:
    system, _low, part = name.partition("_")
    if prefix == "service" and part in PARTS and system not in ("pre", "server"):
        return f"platform-{part}"
    return f"person-{name}" if prefix.endswith("_leader") else f"{prefix}-{name}"


def _codes(data: Any) -> tuple[str, ...]:
    return tuple(data) if isinstance(data, tuple) else (data,) if data else ()


def _addresses(form: Collector, name: str, typed: tuple[str, ...]) -> list[Finding]:
    limit = LIMITS["service-ip_address"]
    for address in typed:
        found = shape(form, {name: address}, {f"own-{name}": limit}, "own")
        if found:
            return found
    return []


def shown(field: wtforms.Field) -> str:
    """What a field holds, in words."""
    listed = getattr(field, "listed", None)
    if listed is not None:
        codes = _codes(field.data)
        return str(_(", ")).join(say(listed.get(code, code)) for code in codes)
    if isinstance(field.data, bool):
        return str(_("Yes") if field.data else _("No"))
    return str(field._value())


class EntityStep(Step):
    """The entity and its leader."""

    def __init__(self, filing: Filing, typed: Any = None) -> None:
        self.entity = EntityForm(typed, filing.entity, prefix="entity")
        self.leader = PersonForm(typed, filing.entity_leader, prefix="entity_leader")
        self.forms = (self.entity, self.leader)
        self.give(SECTIONS[filing.type].given, filing.entity)

    def of(self, filing: Filing) -> Step | None:
        """The entity of another filing."""
        return EntityStep(filing)

    def applied(self, filing: Filing) -> Filing:
        """The filing with what was typed."""
        entity = replace(self.entity.entity(), icp_number=filing.entity.icp_number)
        return replace(filing, entity=entity, entity_leader=self.leader.person())

    def is_in(self, filing: Filing) -> bool:
        """Whether what was typed is what is saved."""
        mine = self.applied(filing)
        return (mine.entity, mine.entity_leader) == (filing.entity, filing.entity_leader)

    def save(self, actor: Actor, number: str, revision: int) -> int:
        """Save what was typed; the new revision. Raises Changed."""
        return save_entity(actor, number, revision, self.entity.entity(), self.leader.person())


class ServiceStep(Step):
    """A website or an app, and its leader."""

    def __init__(self, filing: Filing, stored: Service, typed: Any = None) -> None:
        form = AppForm if stored.kind is ServiceKind.APP else WebsiteForm
        # Whoever unticks "the same person" names another one: not that person over again.
        leader = Person() if stored.same_as_entity_leader else stored.leader
        self.position = stored.position
        self.stored = stored
        self.entity_leader = filing.entity_leader
        self.service = form(typed, stored, prefix="service")
        self.leader = PersonForm(typed, leader, prefix="website_leader")
        self.forms = (self.service, self.leader)
        self.give(SECTIONS[filing.type].given, stored)

    def of(self, filing: Filing) -> Step | None:
        """The same service of another filing, by its ICP number where it has one."""
        number = self.stored.icp_number
        same = [
            service
            for service in filing.services
            if (service.icp_number == number if number else service.position == self.position)
        ]
        return ServiceStep(filing, same[0]) if same else None

    def compares(self, name: str, filed: Step) -> bool:
        """Who leads is one question; the leader's particulars are others, where both have them."""
        assert isinstance(filed, ServiceStep)
        shared = self.service.same_as_entity_leader.data or filed.stored.same_as_entity_leader
        return not (shared and name.startswith("website_leader"))

    def typed_service(self) -> Service:
        """The service as it was typed, its leader with it."""
        service: Service = self.service.service(self.stored)
        same = service.same_as_entity_leader
        return replace(service, leader=self.entity_leader if same else self.leader.person())

    def applied(self, filing: Filing) -> Filing:
        """The filing with what was typed."""
        mine = self.typed_service()
        services = tuple(mine if s.position == mine.position else s for s in filing.services)
        return replace(filing, services=services)

    def is_in(self, filing: Filing) -> bool:
        """Whether what was typed is what is saved."""
        return self.typed_service() in filing.services

    def save(self, actor: Actor, number: str, revision: int) -> int:
        """Save what was typed; the new revision. Raises Changed."""
        return save_service(actor, number, revision, self.typed_service())
