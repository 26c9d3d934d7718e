"""A website or an app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from console.rules.codes import ACCESS_MODES, CONTENT_TYPES, LANGUAGES, PLATFORMS, PRE_APPROVALS
from console.rules.filing import Platform, Service
from console.web.forms.entity import PROVINCE_NAMES
from console.web.forms.fields import (
    AddressesField,
    BooleanField,
    CodeField,
    DomainField,
    MultiCheckboxField,
    SelectField,
    StringField,
    TextAreaField,
)

NOT_SPELLED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
PARTS = ("package_name", "public_key", "fingerprint")
# The order of the page.
OF_PLATFORMS = tuple(f"{system}_{part}" for system in PLATFORMS for part in PARTS)
SERVER = ("ip_addresses", "access_mode", "server_province")
CONTENT = ("content_types", "languages", "pre_approval_kind", "pre_approval_number")
LAST = ("remarks", "same_as_entity_leader")


class _Common(wtforms.Form):  # type: ignore[misc]
    ip_addresses = AddressesField(
        _l("IP addresses of the server"),
        description=_l(
            "One a line. A range as 203.0.113.1-203.0.113.9, a network as 203.0.113.0/24."
        ),
        render_kw=NOT_SPELLED | {"rows": 3},
    )
    access_mode = SelectField(_l("How the server is connected"), ACCESS_MODES)
    server_province = SelectField(_l("Province where the server stands"), PROVINCE_NAMES)
    content_types = MultiCheckboxField(_l("Kinds of content"), CONTENT_TYPES)
    languages = MultiCheckboxField(_l("Languages"), LANGUAGES)
    pre_approval_kind = SelectField(
        _l("Approval of another authority"),
        PRE_APPROVALS,
        description=_l("Only where the content needs one, such as news or education."),
    )
    pre_approval_number = StringField(_l("Number of the approval"), render_kw=NOT_SPELLED)
    remarks = TextAreaField(_l("Remarks (optional)"), render_kw={"rows": 3})
    same_as_entity_leader = BooleanField(
        _l("The same person as the entity leader"),
        description=_l("One person in both roles gets one code and verifies once."),
    )

    def service(self, stored: Service) -> Service:
        """What was typed, at the stored service's position and of its kind."""
        asked = {name: value for name, value in self.data.items() if hasattr(stored, name)}
        return replace(stored, **asked)


class WebsiteForm(_Common):
    """The fields `service-…` of a website."""

    layout = ("name", "domain", "home_address", *SERVER, *CONTENT, *LAST)

    name = StringField(
        _l("Name of the website"),
        description=_l("In words, at least three characters; not the domain."),
    )
    domain = DomainField(
        _l("Domain"),
        description=_l("The registered domain alone, as in example.cn; Chinese domains too."),
        render_kw=NOT_SPELLED | {"inputmode": "url"},
    )
    home_address = StringField(
        _l("Address of the home page"),
        description=_l("As in www.example.cn"),
        render_kw=NOT_SPELLED | {"inputmode": "url"},
    )


class AppForm(_Common):
    """The fields `service-…` of an app."""

    layout = ("name", "domain", "platforms", *OF_PLATFORMS, "sdks", *SERVER, *CONTENT, *LAST)

    name = StringField(
        _l("Name of the app"),
        description=_l("As the app stores show it, at least three characters."),
    )
    domain = DomainField(
        _l("Back-end domain"),
        description=_l("The domain the app talks to, without www. in front."),
        render_kw=NOT_SPELLED | {"inputmode": "url"},
    )
    sdks = TextAreaField(
        _l("SDKs it offers or uses (optional)"),
        description=_l("Names, one a line."),
        render_kw={"rows": 3},
    )
    platforms = MultiCheckboxField(_l("Platforms it runs on"), PLATFORMS)

    def __init__(self, formdata: Any = None, obj: Service | None = None, **kwargs: Any) -> None:
        super().__init__(formdata, data=_spread(obj) if obj else None, **kwargs)

    def service(self, stored: Service) -> Service:
        """What was typed; what was typed for a platform that is not ticked is left out."""
        chosen = tuple(
            Platform(system, *(self.data.get(f"{system}_{part}", "") for part in PARTS))
            for system in self.data["platforms"]
        )
        return replace(super().service(replace(stored, platforms=())), platforms=chosen)


def _spread(service: Service) -> dict[str, Any]:
    data = dict(vars(service))
    data["platforms"] = tuple(platform.system for platform in service.platforms)
    for platform in service.platforms:
        data |= {f"{platform.system}_{part}": getattr(platform, part) for part in PARTS}
    return data


def _platform_fields(system: str) -> dict[str, wtforms.Field]:
    fingerprints = {
        "android": _l("Certificate fingerprint (MD5)"),
        "ios": _l("Certificate fingerprint (SHA-1)"),
    }
    bundle = _l("Bundle ID") if system == "ios" else _l("Package name")
    return {
        f"{system}_package_name": StringField(bundle, render_kw=NOT_SPELLED),
        f"{system}_public_key": TextAreaField(
            _l("Public key"), render_kw=NOT_SPELLED | {"rows": 3}
        ),
        f"{system}_fingerprint": CodeField(
            fingerprints.get(system, _l("Certificate fingerprint")), render_kw=NOT_SPELLED
        ),
    }


for _system in PLATFORMS:
    for _name, _field in _platform_fields(_system).items():
        setattr(AppForm, _name, _field)
