"""Where on the form a finding is, in words instead of the field's name."""

from __future__ import annotations

from console.rules.bilingual import Bilingual
from console.rules.materials import KINDS
from console.rules.text import T, Text

PARTS: dict[str, Text] = {
    "filing": T("The order"),
    "answers": T("The order"),
    "entity": T("Entity"),
    "entity_leader": T("Entity leader"),
    "service": T("Website or app"),
    "website_leader": T("Website leader"),
}
FIELDS: dict[str, Text] = {
    "access_mode": T("How the server is connected"),
    "certificate_address": T("Address on the certificate"),
    "certificate_number": T("Certificate number"),
    "certificate_type": T("Kind of certificate"),
    "changes": T("What changes"),
    "city": T("City"),
    "contact_address": T("Contact address"),
    "content_types": T("Kinds of content"),
    "district": T("District or county"),
    "domain": T("Domain"),
    "email": T("E-mail address"),
    "emergency_phone": T("Emergency phone"),
    "home_address": T("Address of the home page"),
    "icp_number": T("ICP number"),
    "ip_addresses": T("IP addresses of the server"),
    "languages": T("Languages"),
    "mobile": T("Mobile number"),
    "name": T("Name"),
    "nature": T("Kind of entity"),
    "platforms": T("Platforms it runs on"),
    "pre_approval_kind": T("Approval of another authority"),
    "pre_approval_number": T("Number of the approval"),
    "province": T("Province"),
    "remarks": T("Remarks"),
    "sdks": T("SDKs it offers or uses"),
    "server_province": T("Province where the server stands"),
    "services": T("Website or app"),
    "superior_unit": T("Superior unit or investor"),
    "valid_from": T("Valid from"),
    "valid_to": T("Valid to"),
}


def where(field: str) -> tuple[Text, Text | Bilingual | str]:
    """The part of the filing and the answer that a field's HTML name stands for."""
    part, _, name = field.partition("-")
    if part == "materials":
        return T("Materials"), KINDS[name].title
    return PARTS.get(part, T("The order")), FIELDS.get(name, name)
