"""The rulebooks commands: what they print, and how they refuse."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from console.cli.rulebooks import group

FIXED = {
    "telecom": "106598051001",
    "unicom": "10655113",
    "mobile": "106575000130",
    "virtual": None,
}
SHORT = dict.fromkeys(FIXED, "12381 or 106**********12381")


def run(*arguments):
    return CliRunner().invoke(group, arguments)


def who(*arguments):
    result = run("who", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def ask(book, order="first-filing", province="ZJ", *more):
    return who("--rulebook", book, "--order", order, "--province", province, *more)


def test_who_prints_exactly_the_agreed_object():
    answer = ask("aliyun-2018", "first-filing", "HI", "--on", "2018-01-01")
    assert answer.pop("notes")
    assert answer == {
        "rulebook": "aliyun-2018",
        "verification": True,
        "verifiers": [{"roles": ["entity-leader"]}, {"roles": ["website-leader"]}],
        "window_hours": 24,
        "tries": 5,
        "resends": None,
        "captcha": {"verify": False, "resend": True},
        "portal": "hncainfo.miitbeian.gov.cn",
        "portal_url": "http://hncainfo.miitbeian.gov.cn",
        "senders": FIXED,
    }


def test_the_same_mobile_makes_one_person_with_both_roles():
    answer = ask("jdcloud-2020", "first-filing", "BJ", "--same-mobile")
    assert answer["verifiers"] == [{"roles": ["entity-leader", "website-leader"]}]
    assert answer["senders"] == SHORT
    assert not any("Nobody has to verify" in note for note in answer["notes"])
    assert answer["portal_url"] == "https://beian.miit.gov.cn/#/Integrated/ComplaintA"


def test_with_several_services_every_leader_is_another_person():
    answer = ask("aliyun-current", "add-service", "BJ", *["--service", "website"] * 3)
    assert [v["roles"] for v in answer["verifiers"]] == [
        ["entity-leader"], ["website-leader"], ["website-leader"], ["website-leader"],
    ]  # fmt: skip
    same = ask("aliyun-current", "add-service", "BJ", *["--service", "website"] * 3,
               "--same-mobile")  # fmt: skip
    assert [v["roles"] for v in same["verifiers"]] == [["entity-leader", "website-leader"]]


@pytest.mark.parametrize(("province", "day"), [("BJ", "2019-01-01"), ("ZJ", "2018-09-09")])
def test_out_of_force_there_is_no_verification_and_no_portal(province, day):
    answer = ask("aliyun-2018", "first-filing", province, "--on", day)
    assert answer["verification"] is False
    assert answer["verifiers"] == []
    assert answer["portal"] is None
    assert answer["portal_url"] is None
    assert answer["notes"][0].startswith("Nobody has to verify")


def test_before_a_family_s_first_day_there_is_no_book():
    answer = ask("jdcloud", "first-filing", "ZJ", "--on", "2018-09-23")
    assert answer["rulebook"] is None
    assert answer["verification"] is False
    assert answer["senders"] == dict.fromkeys(FIXED)
    assert set(answer) == set(ask("jdcloud"))


def test_who_verifies_a_cancellation_later_is_told_although_nobody_does_now():
    answer = ask("jdcloud-2019", "cancel-service")
    assert answer["verifiers"] == []
    assert "for the time being" in answer["notes"][0]
    assert "Website leader" in answer["notes"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobook", "first-filing", "ZJ"), "no rulebook nobook"),
        (("aliyun", "first-filing", "XX"), "no province XX"),
        (("jdcloud-2020", "first-filing", "ZJ", "--service", "app"), "jdcloud-2020 knows no apps"),
        (("aliyun-2018", "cancel-access", "BJ", "--service", "app"), "aliyun-2018 knows no apps"),
        (("jdcloud-2019", "first-filing", "ZJ", "--service", "website", "--service", "app"),
         "jdcloud-2019 knows no apps"),
        (("aliyun-current", "change", "ZJ"), "changes nothing"),
        (("aliyun", "change", "ZJ", "--on", "2001-01-01"), "changes nothing"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_on_stderr_and_exit_status_2(arguments, words):
    book, order, province, *more = arguments
    result = run("who", "--rulebook", book, "--order", order, "--province", province, *more,
                 "--json")  # fmt: skip
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_list_gives_the_four_books_oldest_first():
    rows = json.loads(run("list", "--json").stdout)
    assert [(row["name"], row["in_force_from"], row["replaced_on"]) for row in rows] == [
        ("aliyun-2018", "2017-12-18", "2020-08-17"),
        ("jdcloud-2019", "2018-09-24", "2020-08-17"),
        ("aliyun-current", "2020-08-17", None),
        ("jdcloud-2020", "2020-08-17", None),
    ]
    assert [(row["family"], row["window_hours"], row["knows_apps"]) for row in rows] == [
        ("aliyun", 24, False),
        ("jdcloud", 48, False),
        ("aliyun", 24, True),
        ("jdcloud", 24, False),
    ]
    assert [row["provinces"] and len(row["provinces"]) for row in rows] == [22, 22, None, None]
    for row in rows:
        assert row["source"]["document"] == f"{row['name']}.md"
        assert set(row["title"]) == {"en", "zh"}


def test_show_gives_the_whole_book_with_its_notes_in_two_languages():
    book = json.loads(run("show", "jdcloud-2019", "--json").stdout)
    assert book["resend_automatic"] == "next-midnight"
    assert book["provinces"]["HN"]["portal"]["host"] == "hn.beian.miit.gov.cn"
    assert {note["decision"] for note in book["notes"]} >= {None, 12}
    assert all(note["text"]["zh"] for note in book["notes"])


def test_show_writes_lists_days_and_words_as_json_has_them():
    book = json.loads(run("show", "aliyun-current", "--json").stdout)
    assert book["mobile_correction"] == ["cancel-entity", "cancel-service"]
    assert book["dispatch_minutes"] == [5, 10]
    assert book["in_force_from"] == "2020-08-17"
    assert book["senders"] == SHORT
    assert book["provinces"] is None
    assert book["entry_verify"] == {"en": "Text Message Validation", "zh": "短信核验"}


def test_show_of_a_family_gives_its_book_of_today_and_of_an_unknown_one_refuses():
    assert json.loads(run("show", "aliyun", "--json").stdout)["name"] == "aliyun-current"
    refused = run("show", "nobook", "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_without_json_the_answers_are_text_for_people():
    assert "aliyun-2018" in run("list").stdout
    assert "window_hours: 48" in run("show", "jdcloud-2019").stdout
    text = run("who", "--rulebook", "aliyun", "--order", "first-filing", "--province", "BJ").stdout
    assert "Must verify: entity-leader" in text
    assert "Within: 24 hours" in text
