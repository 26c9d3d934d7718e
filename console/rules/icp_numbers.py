"""ICP numbers: 浙ICP备2026000001号 for an entity, -2 for its second service, -2A for an app.

The digits are 8 (YY and 6) or, since about 2020, 10 (YYYY and 6). Source: the ministry's numbers as
providers' public help pages show them, 2026-11.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from console.rules.provinces import PROVINCES, province

_BY_CHARACTER = {row.character: code for code, row in PROVINCES.items()}
_NUMBER = re.compile(
    rf"([{''.join(_BY_CHARACTER)}])ICP备((?:20[0-9]{{2}}|[0-9]{{2}})[0-9]{{6}})号(?:-([1-9][0-9]{{0,5}})(A?))?"
)


@dataclass(frozen=True)
class IcpNumber:
    """A number in its parts. `position` None: the entity's own number."""

    province: str
    digits: str
    position: int | None = None
    app: bool = False

    @property
    def entity(self) -> str:
        """The number of the entity it belongs to."""
        return f"{PROVINCES[self.province].character}ICP备{self.digits}号"

    def __str__(self) -> str:
        """The whole number as it is printed."""
        if self.position is None:
            return self.entity
        return f"{self.entity}-{self.position}{'A' if self.app else ''}"


def entity_number(province_code: str, year: int, serial: int) -> str:
    """The number of an entity: ten digits, year and serial. Raises NotFound, ValueError."""
    if not 2000 <= year <= 2099 or not 0 < serial <= 999_999:
        raise ValueError(f"no ICP number can hold year {year} and serial {serial}")
    return f"{province(province_code).character}ICP备{year}{serial:06d}号"


def service_number(entity: str, position: int, app: bool) -> str:
    """The number of an entity's service. Raises ValueError when `entity` is no entity's number."""
    parsed = parse_icp_number(entity)
    if parsed is None or parsed.position is not None or position < 1:
        raise ValueError(f"no service number {position} of {entity}")
    return str(IcpNumber(parsed.province, parsed.digits, position, app))


def parse_icp_number(text: str) -> IcpNumber | None:
    """The parts of a number, None when it is none. Case, spaces and width do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", text[:60]).split()).upper()
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    character, digits, position, app = found.groups()
    return IcpNumber(
        _BY_CHARACTER[character], digits, int(position) if position else None, bool(app)
    )
