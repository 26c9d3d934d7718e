"""The longest text of each field, in characters. The forms and the checks use the same numbers.

Source: the ministry's form dictionary, 2026-11, where it sets one; else what fits its longest case.
"""

from __future__ import annotations

LIMITS: dict[str, int] = {
    "entity-name": 100,
    "entity-nature": 40,
    "entity-certificate_type": 40,
    "entity-certificate_number": 40,
    "entity-certificate_address": 200,
    "entity-province": 10,
    "entity-city": 40,
    "entity-district": 40,
    "entity-contact_address": 200,
    "entity-superior_unit": 100,
    "entity-remarks": 500,
    "entity-icp_number": 40,
    "person-name": 50,
    "person-certificate_type": 40,
    "person-certificate_number": 40,
    "person-mobile": 20,
    "person-emergency_phone": 20,
    "person-email": 100,
    "person-language": 10,
    "service-name": 60,
    "service-domain": 253,
    "service-home_address": 255,
    "service-access_mode": 40,
    "service-server_province": 10,
    "service-pre_approval_kind": 40,
    "service-pre_approval_number": 60,
    "service-remarks": 500,
    "service-sdks": 500,
    "service-icp_number": 40,
    "service-ip_address": 100,
    "platform-package_name": 200,
    "platform-public_key": 2000,
    "platform-fingerprint": 100,
}

MOST_IP_ADDRESSES = 50
SHORTEST_SERVICE_NAME = 3
