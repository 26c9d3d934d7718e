"""What each reason for a return is about, and what to tell the applicant to do about it.

A point is a field's HTML name, with the position of its service where it has one
(`service-name:1`), or a kind of paper (`materials-domain-certificate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from console.rules.filing import Filing, FilingType
from console.rules.materials import KINDS, Need, needs
from console.rules.text import T, Text

PAPERS = "materials"
_PEOPLE = ("entity_leader", "website_leader")
_PAPERS = ("document-unclear", "document-expired", "document-not-original")
MATERIALS: Mapping[str, tuple[str, ...]] = {
    **{reason: tuple(KINDS) for reason in _PAPERS},
    "leader-not-legal-representative": ("authorisation",),
    "content-beyond-approval": ("pre-approval",),
    "domain-holder": ("domain-certificate",),
    "domain-not-verified": ("domain-certificate",),
    "address-differs": ("entity-certificate",),
    "portrait": ("portrait",),
    "other": ("authenticity-form", "other"),
}

# Fields by reason; of a service or its leader they stand for each service of the order.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "wrong-filing-type": ("filing-changes",),
    "address-incomplete": ("entity-certificate_address", "entity-contact_address"),
    "leader-not-legal-representative": (
        "entity_leader-name",
        "entity_leader-certificate_number",
    ),
    "site-name": ("service-name",),
    "content-beyond-approval": (
        "service-content_types",
        "service-pre_approval_kind",
        "service-pre_approval_number",
    ),
    "domain-holder": ("service-domain",),
    "domain-not-verified": ("service-domain",),
    "leaders-inconsistent": tuple(
        f"{who}-{field}"
        for who in _PEOPLE
        for field in ("name", "certificate_number", "mobile", "email")
    ),
    "phone": tuple(f"{who}-{field}" for who in _PEOPLE for field in ("mobile", "emergency_phone")),
    "document-unclear": (),
    "document-expired": tuple(f"{who}-valid_to" for who in _PEOPLE),
    "document-not-original": (),
    "address-differs": ("entity-certificate_address", "entity-contact_address"),
    "site-open-early": ("service-home_address",),
    "access-data-differ": (
        "service-ip_addresses",
        "service-access_mode",
        "service-server_province",
    ),
    "portrait": (),
    "other": (
        "entity-name",
        "entity-nature",
        "entity-certificate_number",
        "entity-remarks",
        "service-languages",
        "service-remarks",
    ),
}

# What the applicant is told to do, one sentence for each reason.
ADVICE: Mapping[str, Text] = {
    "wrong-filing-type": T("Discard this order and start one of the type that fits."),
    "address-incomplete": T("Write the address down to building, floor and room."),
    "leader-not-legal-representative": T(
        "Name the legal representative, or upload a letter of authorisation with the seal."
    ),
    "site-name": T("Choose a name that says what the website is about and is not its domain."),
    "content-beyond-approval": T(
        "Choose only content that your approval covers, or enter the approval that covers it."
    ),
    "domain-holder": T(
        "Let the domain's registrar change its holder to the entity, then resubmit."
    ),
    "domain-not-verified": T(
        "Let the registrar verify the domain's holder; allow three days for it to be seen."
    ),
    "leaders-inconsistent": T(
        "Check the leaders: one person has the same particulars everywhere, two share none."
    ),
    "phone": T("Enter a number that is answered and that no other entity uses."),
    "document-unclear": T("Upload it again: in colour, whole, sharp and without reflections."),
    "document-expired": T("Upload a document in date, and enter its dates."),
    "document-not-original": T("Take the picture from the original, not from a copy or a screen."),
    "address-differs": T("Enter the address exactly as it is printed on the certificate."),
    "site-open-early": T("Close the website until it is filed; then show its number at the foot."),
    "access-data-differ": T("Enter the same access data that the original provider has filed."),
    "portrait": T("Take the portrait anew: face and shoulders, before the backdrop asked for."),
    "other": T("See below what is meant."),
}


def points_of(reason: str, filing: Filing) -> Iterator[str]:
    """The fields of this filing that a reason may point at."""
    for field in FIELDS.get(reason, ()):
        part = field.partition("-")[0]
        if part == "filing":
            if filing.type is FilingType.CHANGE:
                yield field
        elif part in ("service", "website_leader"):
            for service in filing.services:
                if part == "service" or not service.same_as_entity_leader:
                    yield f"{field}:{service.position}"
        else:
            yield field
    wanted = MATERIALS.get(reason, ())
    for need in needs(filing, (reason,)) if wanted else ():
        if need.kind.code in wanted:
            yield _material(need)


def _material(need: Need) -> str:
    place = "" if need.service is None else f":{need.service}"
    return f"{PAPERS}-{need.kind.code}{place}"


def split(point: str) -> tuple[str, int | None]:
    """The field's name and the position of its service."""
    field, _, position = point.partition(":")
    return field, int(position) if position.isascii() and position.isdigit() else None
