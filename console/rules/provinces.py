"""The 31 provinces of mainland China, read from `provinces.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from console.errors import NotFound
from console.rules.bilingual import Bilingual
from console.rules.text import T


@dataclass(frozen=True)
class Province:
    """`code` is ISO 3166-2:CN without the country; `character` opens its ICP numbers."""

    code: str
    name: Bilingual
    character: str


def _load() -> Mapping[str, Province]:
    with Path(__file__).with_name("provinces.toml").open("rb") as file:
        rows = tomllib.load(file)
    return MappingProxyType(
        {
            code: Province(code, Bilingual(row["en"], row["zh"]), row["character"])
            for code, row in rows.items()
        }
    )


PROVINCES: Mapping[str, Province] = _load()


def province(code: str) -> Province:
    """The province of a code. Raises NotFound, naming the code."""
    if code not in PROVINCES:
        raise NotFound(
            T(
                "There is no province %(code)s. Enter one of: %(known)s.",
                code=code,
                known=" ".join(PROVINCES),
            )
        )
    return PROVINCES[code]
