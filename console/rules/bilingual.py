"""Words kept in data files, in both languages at once (what code says goes through `text.T`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    """The same in English and in Simplified Chinese."""

    en: str
    zh: str

    def to(self, locale: object) -> str:
        """The words for a locale ("en", "zh", "zh_Hans_CN", "zh-CN" or a Babel locale)."""
        return self.zh if str(locale).lower().startswith("zh") else self.en

    def __str__(self) -> str:
        """English, for logs and the command line."""
        return self.en
