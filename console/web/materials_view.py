"""The papers of an order as a page lists them: what is needed and why, and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from console.models import Order
from console.queries.materials import MaterialLine, material_lines
from console.rules.filing import Filing
from console.rules.labels import SERVICE_KINDS
from console.rules.materials import KINDS, Kind, Need, Slot
from console.rules.text import T, Text
from console.services.contents import as_handed_over
from console.services.material_copies import Carried
from console.services.materials import wanted
from console.web.filters import say


@dataclass(frozen=True)
class File:
    """One file of a paper. `new`: it was not handed in the round before."""

    material: MaterialLine
    facts: str
    is_picture: bool
    new: bool


@dataclass(frozen=True)
class Paper:
    """A kind of paper for one slot. `state` is missing, uploaded, optional or unasked."""

    key: str
    kind: Kind
    service: int | None
    about: Text | None
    state: str
    files: Sequence[File]

    @property
    def field(self) -> str:
        """The name of the field that takes its files."""
        return f"file-{self.key}"

    @property
    def has_room(self) -> bool:
        """Whether another file goes in."""
        return self.state != "unasked" and len(self.files) < self.kind.most


def own_material_view(order: Order, filing: Filing) -> list[Paper]:
    """Every paper the order needs or has, for its applicant. `filing` is as it stands."""
    return material_view(order, filing, as_handed_over(order, filing), material_lines(order))


def material_view(
    order: Order, filing: Filing, handed: Filing, lines: Iterable[MaterialLine]
) -> list[Paper]:
    """Every paper the order needs or has. `handed` is the filing as the ministry gets it."""
    needs = wanted(order, handed)
    files: dict[Slot, list[File]] = {}
    for material in lines:
        files.setdefault(material.slot, []).append(_file(order, material))
    papers = [_needed(need, filing, files.pop(need.slot, [])) for need in needs]
    # What was uploaded for a question that was answered otherwise since can still be taken away.
    return papers + [_unasked(slot, filing, some) for slot, some in files.items()]


def carried_words(carried: Carried) -> Iterator[tuple[Text, bool]]:
    """What to say of the papers of an order that was started again; whether it is good news."""
    if carried.count:
        yield T("Papers taken along: %(count)s.", count=carried.count), True
    for kinds, why in (
        (carried.signed, T("Not taken along, since it is signed for one order: %(what)s.")),
        (carried.ended, T("Not taken along, since the document has ended: %(what)s.")),
        (carried.unread, T("Could not be taken along, upload again: %(what)s.")),
    ):
        if kinds:
            what = str(_(", ")).join(say(kind.title) for kind in kinds)
            yield Text(why.template, {"what": what}), False


def _needed(need: Need, filing: Filing, files: Sequence[File]) -> Paper:
    state = "uploaded" if files else "missing" if need.demanded else "optional"
    return Paper(need.key, need.kind, need.service, _about(filing, need.service), state, files)


def _unasked(slot: Slot, filing: Filing, files: Sequence[File]) -> Paper:
    code, service = slot
    key = code if service is None else f"{code}-{service}"
    return Paper(key, KINDS[code], service, _about(filing, service), "unasked", files)


def _about(filing: Filing, position: int | None) -> Text | None:
    service = next((s for s in filing.services if s.position == position), None)
    if service is None:
        return None
    called = service.name or service.domain
    kind = T("%(kind)s %(position)s", kind=SERVICE_KINDS[service.kind], position=position)
    return T("%(kind)s, %(name)s", kind=kind, name=called) if called else kind


def _file(order: Order, material: MaterialLine) -> File:
    return File(
        material,
        facts(material),
        material.content_type != "application/pdf",
        new=order.round > 1 and material.round_first == order.round,
    )


def facts(material: MaterialLine) -> str:
    """What a file is, how many pages it has, and how large it is."""
    kind = {"image/jpeg": "JPEG", "image/png": "PNG"}.get(material.content_type, "PDF")
    told = [kind]
    if material.pages:
        told.append(str(ngettext("%(num)d page", "%(num)d pages", material.pages)))
    return " · ".join([*told, size(material.size)])


def size(count: int) -> str:
    """A number of bytes in words."""
    if count < 1024 * 1024:
        return str(_("%(size)s KB", size=max(1, round(count / 1024))))
    return str(_("%(size)s MB", size=format_decimal(round(count / 1024 / 1024, 1))))


def missing(papers: Iterable[Paper]) -> int:
    """How many papers are still to be uploaded."""
    return sum(paper.state == "missing" for paper in papers)
