"""Every answer of an order in words, part by part, each with the way back to its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from console.rules.checks import Finding
from console.rules.filing import Service
from console.rules.sections import Mode
from console.web.desk import Desk, of_materials
from console.web.forms.service import OF_PLATFORMS
from console.web.forms.steps import EntityStep, ServiceStep, shown


@dataclass(frozen=True)
class Answer:
    """A question and what was answered; `id` is the field's on its page.

    `was`: what the register holds, where the order changes it.
    """

    id: str
    label: object
    value: str
    findings: Sequence[Finding] = ()
    was: str | None = None


@dataclass(frozen=True)
class Section:
    """Answers that are changed on one page. `url` opens it; empty where there is none.

    `open`: whether any of them can be corrected, where a return opens only some.
    """

    key: str
    title: object
    url: str
    answers: Sequence[Answer]
    note: str = ""
    open: bool = True


@dataclass(frozen=True)
class FindingLink:
    """A finding with the page that asks for it and the name of its part."""

    severity: str
    message: object
    url: str
    where: object


def finding_links(desk: Desk) -> list[FindingLink]:
    """The findings, each leading to its field."""
    parts = {int(part.key): part for part in desk.service_parts()}
    links = []
    for finding in desk.findings:
        part = parts.get(finding.service or 0)
        if of_materials(finding):
            links.append(_to_materials(desk, finding))
            continue
        if part is not None:
            page, where = _page(desk, "services", part.url), part.label
        elif finding.field.startswith("entity_leader"):
            page, where = _page(desk, "entity"), _("Entity leader")
        elif finding.field.startswith("entity"):
            page, where = _page(desk, "entity"), _("Entity")
        elif finding.field == "filing-changes":
            page, where = _page(desk, "entity"), _("What changes")
        else:
            page, where = _page(desk, "services"), _("Websites and apps")
        url = f"{page}?check=1#{finding.field}"
        links.append(FindingLink(finding.severity, finding.message, url, where))
    return links


def _to_materials(desk: Desk, finding: Finding) -> FindingLink:
    anchor = finding.field if finding.service is None else f"{finding.field}-{finding.service}"
    url = f"{desk.path('materials')}#{anchor}"
    return FindingLink(finding.severity, finding.message, url, _("Materials"))


def _page(desk: Desk, step: str, url: str = "") -> str:
    """Where a finding is settled; where nothing can be entered, where it is shown."""
    return url or desk.path(step) if desk.has_step(step) else desk.path("check")


def sections(desk: Desk) -> list[Section]:
    """The order's answers, the entity first."""
    step = EntityStep(desk.filing)
    if desk.registered:
        step.compare(desk.registered)
    url = desk.path("entity") if desk.sections.entity is Mode.EDITED else ""
    found = [
        Section(key, title, url, _answers(form, desk.findings), open=desk.opens((key,)))
        for key, title, form in (
            ("entity", _("Entity"), step.entity),
            ("entity_leader", _("Entity leader"), step.leader),
        )
    ]
    for service in desk.filing.services:
        found += _of_service(desk, service)
    return found


def _of_service(desk: Desk, service: Service) -> Iterable[Section]:
    step = ServiceStep(desk.filing, service)
    if desk.registered:
        step.compare(desk.registered)
    part = desk.service_part(service)
    url = part.url if desk.sections.services is Mode.EDITED else ""
    mine = [finding for finding in desk.findings if finding.service == service.position]
    left_out = {f"service-{name}" for name in (*OF_PLATFORMS, "same_as_entity_leader")}
    left_out -= {f"service-{p.system}_{name}" for p in service.platforms for name in vars(p)}
    answers = [answer for answer in _answers(step.service, mine) if answer.id not in left_out]
    at = service.position
    yield Section(f"service-{at}", part.label, url, answers, open=desk.opens(("service",), at))
    leader = Section(
        f"website_leader-{service.position}",
        _("Leader of %(service)s", service=part.label),
        url,
        () if service.same_as_entity_leader else _answers(step.leader, mine),
        note=_("The same person as the entity leader") if service.same_as_entity_leader else "",
        open=desk.opens(("website_leader",), at),
    )
    yield leader


def _answers(form: Any, findings: Sequence[Finding]) -> list[Answer]:
    names = getattr(form, "layout", None) or list(form._fields)
    return [
        Answer(
            form[name].id,
            form[name].label.text,
            shown(form[name]),
            [finding for finding in findings if finding.field == form[name].name],
            getattr(form[name], "was", None),
        )
        for name in names
    ]


def changed(found: Sequence[Section]) -> list[tuple[Section, Answer]]:
    """The answers that differ from the register, each with its section."""
    return [(section, one) for section in found for one in section.answers if one.was is not None]
