"""The closed lists that the forms offer, with what each code is called.

Source: the ministry's form dictionary as providers' public help pages and filing interfaces showed
it in November 2026. A code once used in a filing stays; a new one is added.
"""

from __future__ import annotations

from console.rules.bilingual import Bilingual
from console.rules.text import T, Text

NATURES: dict[str, Text] = {
    "enterprise": T("Enterprise"),
    "government-body": T("Government body"),
    "public-institution": T("Public institution"),
    "social-organisation": T("Social organisation"),
    "private-non-enterprise": T("Private non-enterprise unit"),
    "foundation": T("Foundation"),
    "law-practice": T("Law practice"),
    "military": T("Military unit"),
    "individual": T("Individual"),
}

PERSON_CERTIFICATES: dict[str, Text] = {
    "id-card": T("Resident ID card"),
    "passport": T("Passport"),
    "hk-macao-permit": T("Mainland Travel Permit for Hong Kong and Macao Residents"),
    "taiwan-permit": T("Mainland Travel Permit for Taiwan Residents"),
    "foreigner-permanent-residence": T("Foreigner's permanent residence card"),
    "hk-macao-residence-permit": T("Residence permit for Hong Kong and Macao residents"),
    "taiwan-residence-permit": T("Residence permit for Taiwan residents"),
}

# What leaders are written to in; each is called by its own name too.
LEADER_LANGUAGES: dict[str, Bilingual] = {
    "zh_Hans_CN": Bilingual("Chinese (简体中文)", "简体中文"),
    "en": Bilingual("English", "英文（English）"),
}

ENTITY_CERTIFICATES: dict[str, Text] = {
    "business-licence": T("Business licence"),
    "credit-code-certificate": T("Unified social credit code certificate"),
    "public-institution-certificate": T("Certificate of a public institution"),
    "social-organisation-certificate": T("Certificate of a social organisation"),
    "private-non-enterprise-certificate": T("Certificate of a private non-enterprise unit"),
    "foundation-certificate": T("Certificate of a foundation"),
    "law-practice-licence": T("Licence of a law practice"),
    "military-certificate": T("Certificate of a military unit"),
}

# Which certificates an entity of each nature may show.
CERTIFICATES_OF: dict[str, tuple[str, ...]] = {
    "enterprise": ("business-licence",),
    "government-body": ("credit-code-certificate",),
    "public-institution": ("public-institution-certificate",),
    "social-organisation": ("social-organisation-certificate",),
    "private-non-enterprise": ("private-non-enterprise-certificate",),
    "foundation": ("foundation-certificate",),
    "law-practice": ("law-practice-licence",),
    "military": ("military-certificate",),
    "individual": tuple(PERSON_CERTIFICATES),
}

ACCESS_MODES: dict[str, Text] = {
    "cloud-server": T("Cloud server"),
    "virtual-host": T("Virtual host"),
    "hosted-server": T("Hosted server"),
    "leased-line": T("Leased line"),
    "other": T("Other way of access"),
}

CONTENT_TYPES: dict[str, Text] = {
    "unit-portal": T("Portal of the entity itself"),
    "e-commerce": T("Shopping online"),
    "personal-blog": T("Blog or personal space"),
    "games": T("Online games"),
    "instant-messaging": T("Instant messaging"),
    "search": T("Search engine"),
    "community": T("Forum or community"),
    "audio-video": T("Audio and video"),
    "mail": T("E-mail service"),
    "software-download": T("Software download"),
    "news": T("News"),
    "publishing": T("Publishing"),
    "education": T("Education"),
    "health-care": T("Health care"),
    "drugs-and-devices": T("Drugs and medical devices"),
    "culture": T("Culture"),
    "broadcasting": T("Radio, film and television"),
    "ride-hailing": T("Ride-hailing"),
    "internet-finance": T("Internet finance"),
    "religion": T("Religion"),
    "other": T("Other content"),
}

# Contents that need an approval of another authority before they may be filed; the kind of
# approval bears the content's name.
PRE_APPROVALS: dict[str, Text] = {
    "news": T("Approval for news"),
    "publishing": T("Approval for publishing"),
    "education": T("Approval for education"),
    "health-care": T("Approval for health care"),
    "drugs-and-devices": T("Approval for drugs and medical devices"),
    "culture": T("Approval for culture"),
    "broadcasting": T("Approval for radio, film and television"),
    "ride-hailing": T("Approval for ride-hailing"),
    "internet-finance": T("Approval for internet finance"),
    "religion": T("Approval for religion"),
}

LANGUAGES: dict[str, Text] = {
    "zh-hans": T("Simplified Chinese"),
    "zh-hant": T("Traditional Chinese"),
    "en": T("English"),
    "ja": T("Japanese"),
    "ko": T("Korean"),
    "fr": T("French"),
    "de": T("German"),
    "es": T("Spanish"),
    "ru": T("Russian"),
    "ar": T("Arabic"),
    "bo": T("Tibetan"),
    "ug": T("Uyghur"),
    "mn": T("Mongolian"),
    "kk": T("Kazakh"),
    "za": T("Zhuang"),
    "other": T("Another language"),
}

PLATFORMS: dict[str, Text] = {
    "android": T("Android"),
    "ios": T("iOS"),
    "harmonyos": T("HarmonyOS"),
}


def certificate_label(code: str) -> Text:
    """The name of a person's or an entity's certificate. Raises KeyError for an unknown code."""
    return PERSON_CERTIFICATES[code] if code in PERSON_CERTIFICATES else ENTITY_CERTIFICATES[code]
