"""The ministry on the command line."""

from __future__ import annotations

import json

import pytest
from miit_kit import LEADER, LEADER_SIX, OWNER, first_filing

from console.miit.mock.store import Fault


@pytest.fixture
def run(world):
    runner = world.app.test_cli_runner()
    return lambda *words: runner.invoke(args=["miit", *words])


def test_the_inbox_is_one_json_value_newest_first(world, run):
    world.handed_over()
    world.clock.pass_(minutes=1)
    world.resend(LEADER.mobile, LEADER_SIX)
    result = run("inbox", "--json")
    rows = json.loads(result.stdout)
    assert [row["mobile"] for row in rows] == [LEADER.mobile, OWNER.mobile, LEADER.mobile]
    assert set(rows[0]) == {"mobile", "sender", "sent_at", "code", "text"}
    assert rows[0]["code"] == world.code(LEADER.mobile)
    assert rows[0]["code"] in rows[0]["text"]
    assert rows[0]["sent_at"] == "2026-11-21T02:01:00Z"
    assert [
        row["mobile"] for row in json.loads(run("inbox", "--mobile", OWNER.mobile, "--json").stdout)
    ] == [OWNER.mobile]


def test_an_empty_inbox_is_an_empty_list(run):
    assert run("inbox", "--json").stdout == "[]\n"


def test_a_long_inbox_comes_whole(world, run):
    for n in range(25):
        world.handed_over(first_filing(f"91330100MA27XF{n:04d}", f"a{n}.cn"), f"O{n}/1")
    assert len(json.loads(run("inbox", "--json").stdout)) == 50


def test_an_order_is_accepted_or_returned(world, run):
    world.handed_over(first_filing(owner=LEADER))
    world.verify(LEADER.mobile, LEADER_SIX)
    assert run("decide", "A", "return", "--reason", "phone", "--reason", "other").exit_code == 0
    assert world.events()[-1].data["reasons"] == ["phone", "other"]


@pytest.mark.parametrize(
    "words",
    [
        ("decide", "A", "accept"),
        ("decide", "A", "return"),
        ("decide", "A", "return", "--reason", "nonsense"),
        ("decide", "A", "perhaps"),
        ("decide", "nothing", "accept"),
        ("fault", "nonsense", "on"),
        ("fault", "down", "perhaps"),
    ],
)
def test_a_refusal_is_one_line_on_stderr_and_status_two(world, run, words):
    world.handed_over()
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", list(Fault))
def test_each_fault_is_switched_on_and_off(world, run, name):
    path, on = "/miit/desk", f'data-fault="{name}" data-on="yes"'
    client = world.app.test_client()
    assert run("fault", name, "on").exit_code == 0
    assert on in client.get(path).text
    assert run("fault", name, "off").exit_code == 0
    assert on not in client.get(path).text
