"""Pages as trees, for tests to read. Whether their markup is right is the question of the lint."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from lxml.html import HTMLParser, document_fromstring

# As the text is, and nothing that nobody sees.
PARSER = HTMLParser(remove_comments=True, encoding="utf-8")


@lru_cache(maxsize=32)  # a test asks one page several things
def parsed(text: str) -> Element:
    """The document of a page or a fragment."""
    document: Any = document_fromstring(text.encode(), parser=PARSER)
    return document  # type: ignore[no-any-return]
