"""A book's facts in words, and what it adds to the portal's answers: cells of its frame again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.rules import book_words as words
from console.rules.portal_advice import MESSAGES, advice
from console.rules.rulebook import load_books
from console.rules.text import Text

A2018, J2019, J2020, NOW = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
NAMES = (A2018, J2019, J2020, NOW)
FIXED = (
    ("China Telecom", "106598051001"),
    ("China Unicom", "10655113"),
    ("China Mobile", "106575000130"),
    ("Virtual operators", "no fixed number"),
)
SHORT = (("Every carrier", "12381 or 106**********12381"),)
MANY = "Resident ID card, Passport, Mainland Travel Permit for Hong Kong and Macao Residents"
RETURNED = "The order is returned at once."

SAID: dict[str, tuple[str, ...]] = {
    "window": tuple(
        f"{hours} hours from when the order's first code is sent" for hours in (24, 48, 24, 24)
    ),
    "dispatch": (
        "about 5 minutes after the order is forwarded",
        "about 5 minutes after the order is forwarded",
        "5 to 10 minutes after the order is forwarded",
        "5 to 10 minutes after the order has reached the ministry's system",
    ),
    "synchronisation": (*("no delay named",) * 3, "30 to 60 minutes"),
    "answer_lag": (
        *("no delay named",) * 3,
        "up to the next synchronisation: 30 to 60 minutes",
    ),
    "code": ("6 digits", "6 digits, never one used before", "6 digits", "6 digits"),
    "counted": (
        *("a wrong certificate number only",) * 2,
        *("any entry that fails",) * 2,
    ),
    "tries": ("5 in a row",) * 4,
    "resends": (*("as often as needed",) * 2, *("2 at most",) * 2),
    "automatic_resend": (
        "never",
        "at 00:00 on the day after the code was sent, China time",
        "never",
        "never",
    ),
    "resend_arrival": (*("about 5 minutes",) * 2, *("5 to 10 minutes",) * 2),
    "certificates": ("Resident ID card", "whichever the leader filed with", MANY, MANY),
}


@pytest.mark.parametrize(
    ("fact", "name", "said"),
    [
        pytest.param(fact, name, said, id=f"{fact}-{name}")
        for fact, row in SAID.items()
        for name, said in zip(NAMES, row, strict=True)
    ],
)
def test_each_fact_is_said_as_its_cell_of_the_frame(fact: str, name: str, said: str) -> None:
    assert str(getattr(words, fact)(load_books()[name])) == said


@pytest.mark.parametrize(
    ("name", "said"), [(A2018, FIXED), (J2019, FIXED), (J2020, SHORT), (NOW, SHORT)]
)
def test_who_texts_is_said_by_carrier_or_once_for_all(name: str, said: object) -> None:
    found = tuple((str(who), str(number)) for who, number in words.senders(load_books()[name]))
    assert found == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (J2020, [RETURNED]),
        (NOW, [RETURNED, "It is cancelled by itself 24 hours later unless it is submitted again."]),
    ],
)
def test_what_follows_the_last_try_is_said_in_order(name: str, said: list[str]) -> None:
    assert [str(one) for one in words.after_tries(load_books()[name])] == said


@pytest.mark.parametrize(
    ("captcha", "with_code", "said"),
    [
        (False, True, "code from the text, mobile number, last six characters of the certificate"),
        (
            True,
            False,
            "mobile number, last six characters of the certificate, picture check",
        ),
    ],
)
def test_what_a_person_enters_is_listed_in_the_order_of_the_form(
    captcha: bool, with_code: bool, said: str
) -> None:
    assert str(words.entries(captcha, with_code)) == said


def lines(name: str, message: str) -> list[str]:
    return [str(line) for line in advice(load_books()[name], MESSAGES[message])]


def test_every_answer_of_the_portal_has_advice_under_every_book() -> None:
    assert {(one.entry, one.answer.value) for one in MESSAGES.values()} == {
        *(("verify", one) for one in ("verified", "verified-others-waiting", "failed")),
        *(("resend", one) for one in ("resent", "nothing-pending", "resend-limit")),
        ("verify", "no-record"),
        ("resend", "no-record"),
    }
    for name in NAMES:
        for key, message in MESSAGES.items():
            assert message.key == key
            assert all(lines(name, key))
            assert lines(name, key)


LAG = "waiting for another 30 to 60 minutes"
WINDOW = "24 hours from when"
SIX = f"certificate: {MANY}."
WAY = "takes 30 to 60 minutes to reach"


@pytest.mark.parametrize(
    ("name", "message", "expected"),
    [
        (NOW, "verify-verified", [LAG]),
        (J2020, "verify-verified", ["as soon as the ministry has told it"]),
        (NOW, "verify-verified-others-waiting", [WINDOW, LAG]),
        (J2019, "verify-verified-others-waiting", ["Everyone has 48 hours"]),
        (
            NOW,
            "verify-failed",
            ["any entry that fails. Tries before the order fails: 5 in a row", WINDOW, RETURNED,
             "24 hours later", "Start again"],
        ),
        (
            A2018,
            "verify-failed",
            ["a wrong certificate number only", WINDOW, RETURNED, "back to verification"],
        ),
        (NOW, "verify-no-record", ["any entry that fails", SIX, WAY]),
        (J2020, "verify-no-record", ["any entry that fails", SIX]),
        (NOW, "resend-no-record", [SIX, WAY]),
        (J2019, "resend-no-record", ["whichever the leader filed with"]),
        (NOW, "resend-nothing-pending", ["wait 30 to 60 minutes"]),
        (J2020, "resend-nothing-pending", ["names no delay"]),
        (NOW, "resend-resend-limit", ["2 at most. Another one sends nothing", WINDOW]),
        (A2018, "resend-resend-limit", ["sets no limit"]),
        (J2020, "resend-resent", ["after 5 to 10 minutes", "2 at most", "again"]),
        (A2018, "resend-resent", ["after about 5 minutes", "as often as needed"]),
        (
            NOW,
            "resend-resent",
            ["after 5 to 10 minutes", "2 at most", "late", "blocked", "suspended"],
        ),
    ],
)  # fmt: skip
def test_an_answer_is_followed_by_what_holds_under_the_book(
    name: str, message: str, expected: list[str]
) -> None:
    found = lines(name, message)
    assert len(found) == len(expected)
    for line, part in zip(found, expected, strict=True):
        assert part in line


def test_the_two_numbers_of_a_sender_are_two_in_every_language() -> None:
    found = words.sender("12381 or 106**********12381")
    assert isinstance(found, Text)
    assert set(found.values.values()) == {"12381", "106**********12381"}
    assert words.sender("10655113") == "10655113"


def test_a_book_that_counts_tries_in_all_says_so() -> None:
    assert str(words.tries(replace(load_books()[NOW], tries_in_row=False))) == "5 in all"
