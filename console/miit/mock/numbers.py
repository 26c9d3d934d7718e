"""ICP numbers as the ministry gives them out: for an entity by province and year, then -N or -NA.

Source of the form: providers' public help pages; ten digits since about 2020.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from console.clock import china_day
from console.miit.mock.register_tables import MinistryEntity
from console.miit.mock.store import next_value
from console.rules.filing import ServiceKind
from console.rules.icp_numbers import entity_number, service_number


def new_entity_number(session: Session, province: str, now: datetime) -> str:
    """A number that was never given out; the series is the province's and the year's in China."""
    year = china_day(now).year
    return entity_number(province, year, next_value(session, f"icp {province} {year}"))


def new_service_number(entity: MinistryEntity, kind: ServiceKind) -> str:
    """The entity's next service number. Positions of cancelled services are not given again."""
    entity.last_position += 1
    return service_number(entity.number, entity.last_position, kind is ServiceKind.APP)
