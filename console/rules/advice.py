"""What the administration of a province is known to ask besides the rest: `advice.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from console.rules.bilingual import Bilingual

ALL, UNIT, INDIVIDUAL = "all", "unit", "individual"


@dataclass(frozen=True)
class Advice:
    """One thing to know before filing there; `as_of` says how old the word of the source is."""

    provinces: tuple[str, ...]
    who: str
    text: Bilingual
    source: Bilingual
    as_of: date


def _load() -> tuple[Advice, ...]:
    with Path(__file__).with_name("advice.toml").open("rb") as file:
        rows = tomllib.load(file)["advice"]
    return tuple(
        Advice(
            provinces=tuple(row["provinces"]),
            who=row["who"],
            text=Bilingual(**row["text"]),
            source=Bilingual(**row["source"]),
            as_of=row["as_of"],
        )
        for row in rows
    )


ADVICE: tuple[Advice, ...] = _load()


def advice_for(province: str, nature: str = "") -> tuple[Advice, ...]:
    """What to know in this province; of units and individuals alike while `nature` is not known."""
    own = INDIVIDUAL if nature == INDIVIDUAL else UNIT
    return tuple(
        advice
        for advice in ADVICE
        if province in advice.provinces and (not nature or advice.who in (ALL, own))
    )
