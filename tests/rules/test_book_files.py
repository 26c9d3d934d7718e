"""The books as files: frozen, complete, in two languages, and refused when they are wrong."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from console.rules.rulebook import BOOKS, BookError, load_books, load_folder

FROZEN = {
    "aliyun-2018": "fda5de33b0483cd5fda5a5a851fa0ad4d65df3d31f8429b7bef8b78e62fb92f3",
    "aliyun-current": "cf6e0ac8a44df57cadcd3343dfcb88c129654b4849d5a96ea75b4dd0796e30a0",
    "jdcloud-2019": "09ae5ee67e580b4121209102e69e3eca137933d5faa4e63d1fdc07ad5a5825b6",
    "jdcloud-2020": "67a2a2b1307e23556c868b3dee6421380d84a5a919fd664371c9b20a9f6e50d3",
}
NAMES = sorted(FROZEN)


@pytest.mark.parametrize("name", NAMES)
def test_a_book_once_in_force_is_never_rewritten(name):
    digest = hashlib.sha256((BOOKS / f"{name}.toml").read_bytes()).hexdigest()
    assert digest == FROZEN[name]


def test_every_book_there_is_is_frozen():
    assert sorted(load_books()) == NAMES


def copy_of(name: str, folder: Path, *changes: tuple[str, str], to: str | None = None) -> Path:
    text = (BOOKS / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{to or name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


FAULTS = [
    (
        "an unknown key",
        ('family = "aliyun"', 'family = "aliyun"\ncolour = 1'),
        "colour",
        "is not a key of a rulebook",
    ),
    ("a key that is missing", ("hours = 24\n", ""), "window.hours", "is missing"),
    ("a text for a number", ("hours = 24", 'hours = "24"'), "window.hours", "must be int, not str"),
    ("true for a number", ("hours = 24", "hours = true"), "window.hours", "must be int, not bool"),
    ("no hours", ("hours = 24", "hours = 0"), "window.hours", "must be at least 1"),
    ("no tries", ("limit = 5", "limit = 0"), "tries.limit", "must be at least 1"),
    ("no digits", ("digits = 6", "digits = 0"), "code.digits", "must be at least 1"),
    ("a negative number", ("manual = 2", "manual = -1"), "resend.manual", "is negative"),
    ("a day left out", ("in_force_from = 2020-08-17\n", ""), "in_force_from", "is missing"),
    (
        "a table left out",
        ('[source]\ndocument = "aliyun-current.md"\ntitle = "Text message validation"\n', ""),
        "source",
        "is missing",
    ),
    ("a flag left out", ("knows_apps = true\n", ""), "knows_apps", "is missing"),
    (
        "an unknown choice",
        ('"any"', '"some"'),
        "tries.counted_failure",
        "'some' is none of any, certificate",
    ),
    (
        "another start of the window",
        ('"code-sent"', '"submission"'),
        "window.starts_at",
        "'submission' is none of code-sent",
    ),
    (
        "another end of the window",
        ('on_expiry = "returned"', 'on_expiry = "cancelled"'),
        "window.on_expiry",
        "'cancelled' is none of returned",
    ),
    (
        "another end of the tries",
        ('on_used_up = "returned"', 'on_used_up = "cancelled"'),
        "tries.on_used_up",
        "'cancelled' is none of returned",
    ),
    (
        "another resend",
        ("manual = 2", 'manual = 2\nautomatic = "hourly"'),
        "resend.automatic",
        "'hourly' is none of next-midnight",
    ),
    (
        "an unknown role",
        ('app = ["entity-leader"]', 'app = ["king"]'),
        "who.first-filing.app",
        "'king' is none of entity-leader, website-leader",
    ),
    (
        "a role twice",
        ('app = ["entity-leader"]', 'app = ["entity-leader", "entity-leader"]'),
        "who.first-filing.app",
        "names something twice",
    ),
    (
        "a span upside down",
        ("[30, 60]", "[60, 30]"),
        "window.synchronisation_minutes",
        "the least is more than the most",
    ),
    (
        "a span of three",
        ("[30, 60]", "[1, 2, 3]"),
        "window.synchronisation_minutes",
        "must be two whole numbers from 0",
    ),
    (
        "a span of words",
        ("[30, 60]", '["30", "60"]'),
        "window.synchronisation_minutes",
        "must be two whole numbers from 0",
    ),
    (
        "a span from below nothing",
        ("[30, 60]", "[-30, 60]"),
        "window.synchronisation_minutes",
        "must be two whole numbers from 0",
    ),
    (
        "no span",
        ("dispatch_minutes = [5, 10]\n", ""),
        "window.dispatch_minutes",
        "is missing",
    ),
    (
        "a moment for a day",
        ("2020-08-17", "2020-08-17T00:00:00Z"),
        "in_force_from",
        "must be date, not datetime",
    ),
    ("an empty text", ('family = "aliyun"', 'family = " "'), "family", "is empty"),
    (
        "another book's name",
        ('name = "aliyun-current"', 'name = "x"'),
        "name",
        "'x' is not the name of its file",
    ),
    ("no Chinese", ('zh = "阿里云，全国各省"\n', ""), "title.zh", "is missing"),
    ("a filing type left out", ("cancel-access = []\n", ""), "who.cancel-access", "is missing"),
    ("a row left out", ("remarks = []\n", ""), "who.change.remarks", "is missing"),
    (
        "no portal",
        ('host = "beian.miit.gov.cn"\nurl = "https://beian.miit.gov.cn/"\n', ""),
        "portal.host",
        "one for the country, or one for each province",
    ),
    (
        "a note about nothing",
        ('about = "on_expiry"', 'about = "weather"'),
        "notes[6].about",
        "'weather' is no attribute of a rulebook",
    ),
]


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [pytest.param(change, key, problem, id=name) for name, change, key, problem in FAULTS],
)
def test_a_faulty_book_is_refused_with_its_name_and_key(tmp_path, change, key, problem):
    copy_of("aliyun-current", tmp_path, change)
    with pytest.raises(BookError) as caught:
        load_folder(tmp_path)
    assert (caught.value.book, caught.value.key) == ("aliyun-current", key)
    assert str(caught.value) == f"rulebook aliyun-current: {key}: {problem}"


@pytest.mark.parametrize(
    ("change", "key", "problem"),
    [
        (("\nTJ = {", "\nQQ = {"), "provinces.QQ", "is no province"),
        (
            ("digits = 6", 'digits = 6\nno_text_help = ["call us"]'),
            "code.no_text_help",
            "must hold tables only",
        ),
        (
            ("\nTJ = { in", "\nTJ = { on"),
            "provinces.TJ.on_force_from",
            "is not a key of a rulebook",
        ),
        (
            ("in_force_from = 2017-12-18", "in_force_from = 2017-12-19"),
            "in_force_from",
            "is not the day of the first province",
        ),
        (
            ("link_in_message", 'host = "a.cn"\nurl = "b"\nlink_in_message'),
            "portal.host",
            "one for the country, or one for each province",
        ),
    ],
)
def test_faults_of_a_book_by_province_are_refused(tmp_path, change, key, problem):
    copy_of("aliyun-2018", tmp_path, change)
    with pytest.raises(BookError) as caught:
        load_folder(tmp_path)
    assert str(caught.value) == f"rulebook aliyun-2018: {key}: {problem}"


def test_the_least_of_hours_tries_and_digits_is_one(tmp_path):
    least = (("hours = 24", "hours = 1"), ("limit = 5", "limit = 1"), ("digits = 6", "digits = 1"))
    copy_of("aliyun-current", tmp_path, *least)
    book = load_folder(tmp_path)["aliyun-current"]
    assert (book.window_hours, book.tries, book.code_digits) == (1, 1, 1)


def test_a_book_that_knows_apps_names_them_among_what_is_still_to_come(tmp_path):
    rows = """[future.cancel-service]
website = []
app = ["website-leader"]
website-and-app = []
"""
    copy_of("aliyun-current", tmp_path, ("[[notes]]", f"{rows}\n[[notes]]"))
    book = load_folder(tmp_path)["aliyun-current"]
    assert book.future_roles_for("cancel-service.app") == ("website-leader",)
    assert book.future_roles_for("cancel-service.website") == ()


def test_a_file_that_is_no_toml_is_refused_with_the_book_s_name(tmp_path):
    (tmp_path / "torn.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(BookError, match="rulebook torn: the file: is not readable TOML"):
        load_folder(tmp_path)


def test_a_fifth_book_needs_no_code(tmp_path):
    for name in NAMES:
        copy_of(name, tmp_path)
    changes = (
        ('name = "aliyun-current"', 'name = "aliyun-2030"'),
        ("in_force_from = 2020-08-17", "in_force_from = 2030-01-01"),
        ("hours = 24", "hours = 72"),
    )
    copy_of("aliyun-current", tmp_path, *changes, to="aliyun-2030")
    books = load_folder(tmp_path)
    assert list(books)[-1] == "aliyun-2030"
    assert books["aliyun-2030"].window_hours == 72
    assert books["aliyun-2030"].in_force_from == date(2030, 1, 1)


COMMON = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("aliyun-2018", set()),
        ("jdcloud-2019", {12}),
        ("jdcloud-2020", set()),
        ("aliyun-current", {4}),
    ],
)
def test_each_book_notes_the_decisions_that_concern_it(name, own):
    numbers = {note.decision for note in load_books()[name].notes if note.decision}
    assert numbers == COMMON | own


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("aliyun-2018", {"window_starts_at", "resends_manual", "resend_minutes"}),
        ("jdcloud-2019", {"in_force_from", "window_starts_at", "tries_in_row", "resubmission",
                          "certificates", "provinces", "future", "who", "resends_manual",
                          "resend_minutes"}),
        ("jdcloud-2020", {"window_starts_at", "counted_failure", "tries", "on_tries_used_up",
                          "on_expiry", "resubmission"}),
        ("aliyun-current", {"in_force_from", "window_starts_at", "dispatch_minutes",
                            "answer_lag_minutes", "on_tries_used_up", "on_expiry", "portal",
                            "resend_minutes"}),
    ],
)  # fmt: skip
def test_what_the_source_does_not_say_is_noted_as_a_reading(name, about):
    readings = {note.about for note in load_books()[name].notes if note.decision is None}
    assert readings == about


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_book_is_there_in_both_languages(name):
    book = load_books()[name]
    words = [book.title, book.resubmission, book.mobile_unreachable, book.sent_to]
    words += [note.text for note in book.notes] + list(book.no_text_help)
    for both in words:
        assert not re.search(r"[\u4e00-\u9fff]", both.en)
        assert re.search(r"[\u4e00-\u9fff]", both.zh)
