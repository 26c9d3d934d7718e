"""The Chinese catalogue: complete, like the sources, and compiled."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from tests.boundaries.sources import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from catalogue import FOLDER, MO, PO, from_file, from_sources, mo_bytes, po_bytes

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
FORMS = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """What is committed."""
    return from_file()


def _texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _chinese(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_of_the_sources_is_in_the_catalogue_and_no_other(catalogue: Catalog) -> None:
    wanted = {(message.id, message.context) for message in _texts(from_sources())}
    held = {(message.id, message.context) for message in _texts(catalogue)}
    assert wanted - held == set(), "run: make translations"
    assert held - wanted == set(), "run: make translations"


def test_every_text_is_translated(catalogue: Catalog) -> None:
    empty = [message.id for message in _texts(catalogue) if not all(_chinese(message))]
    assert empty == []
    assert [message.id for message in _texts(catalogue) if message.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_text(catalogue: Catalog) -> None:
    wrong = []
    for message in _texts(catalogue):
        wanted = Counter(PLACEHOLDER.findall(_english(message)[-1]))
        for chinese in _chinese(message):
            found = Counter(PLACEHOLDER.findall(chinese))
            # A word may be said twice in one language and once in the other.
            if set(found) != set(wanted):
                wrong.append((message.id, chinese))
    assert wrong == []


def test_a_translation_is_chinese_unless_it_is_a_name(catalogue: Catalog) -> None:
    """A text copied over instead of translated: words of English and no Chinese character."""
    copied = [
        message.id
        for message in _texts(catalogue)
        for chinese in _chinese(message)
        if chinese == _english(message)[0] and len(FORMS.sub("", chinese).split()) > 2
    ]
    assert copied == []


def test_the_file_is_written_as_the_tool_writes_it(catalogue: Catalog) -> None:
    held = {(m.id, m.context): m.string for m in _texts(catalogue)}
    fresh = from_sources()
    for message in _texts(fresh):
        message.string = held.get((message.id, message.context), message.string)
    assert PO.read_bytes() == po_bytes(fresh), "run: make translations"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.stem)
def test_what_is_compiled_says_what_the_catalogue_says(path) -> None:  # type: ignore[no-untyped-def]
    assert path.with_suffix(".mo").read_bytes() == mo_bytes(from_file(path)), (
        "run: make translations"
    )


def test_the_compiled_file_is_there_for_whoever_only_installs(catalogue: Catalog) -> None:
    assert MO.stat().st_size > 1000
