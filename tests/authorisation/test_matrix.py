"""Every route, asked by everyone: nothing is open that the matrix does not say is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask

from console.extensions import db
from console.web.access import is_public
from tests.authorisation.matrix import MATRIX, PEOPLE
from tests.support.people import People
from tests.web.pages.conftest import Stage

MINISTRY = "/miit/"  # another party's site, with tests of its own


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every method and rule of the console."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(MINISTRY)
    }


def path_of(rule: str, number: str) -> str:
    """A path that the rule matches, of the order where it is about one."""
    rule = rule.replace("<number>", number)
    rule = re.sub(r"<any\(\"?([\w-]+)[^)]*\):\w+>", r"\1", rule)
    rule = re.sub(r"<int(?:\([^)]*\))?:\w+>", "1", rule)
    return re.sub(r"<[^>]+>", "x", rule)


def asked(app: Flask, people: People, stage: Stage) -> dict[tuple[str, str], tuple[int, ...]]:
    """What each person is answered on each route, each time with the data as they were."""
    clients = {name: people.client(name) for name in PEOPLE}
    tokens = {name: client.token() for name, client in clients.items()}
    cookies = {name: client.get_cookie("session") for name, client in clients.items()}
    with app.app_context():
        file = Path(str(db.engine.url.database))
    kept = file.with_suffix(".kept")
    _copy(file, kept)
    found = {}
    for method, rule in sorted(routes(app)):
        statuses = []
        for name, client in clients.items():
            cookie = cookies[name]
            client.set_cookie("session", cookie.value if cookie else "")
            data = {"csrf_token": tokens[name]} if method == "POST" else None
            client.lint = False
            answer = client.open(path_of(rule, stage.number), method=method, data=data)
            statuses.append(answer.status_code)
            answer.close()
            if method == "POST":
                with app.app_context():
                    db.engine.dispose()
                _copy(kept, file)
        found[method, rule] = tuple(statuses)
    return found


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def test_every_route_is_in_the_matrix_and_no_other(app: Flask) -> None:
    assert routes(app) - set(MATRIX) == set(), "say in the matrix who may do what there"
    assert set(MATRIX) - routes(app) == set()


def test_everyone_is_answered_as_the_matrix_says(
    app: Flask, people: People, in_review: Stage
) -> None:
    found = asked(app, people, in_review)
    wrong = {key: (found[key], MATRIX[key]) for key in found if found[key] != MATRIX.get(key)}
    assert wrong == {}


def test_what_the_matrix_lets_nobody_in_to_is_on_the_public_list(app: Flask) -> None:
    refused = {303, 401, 403}
    opened = {rule for (_method, rule), statuses in MATRIX.items() if statuses[0] not in refused}
    assert {rule for rule in opened if not is_public(rule)} == set()


def test_an_order_of_another_is_as_one_that_is_not_there() -> None:
    other = PEOPLE.index("other")
    shown = {
        key: statuses[other]
        for key, statuses in MATRIX.items()
        if key[1].startswith("/orders/<number>") and statuses[other] != 404
    }
    assert shown == {}


def test_the_desk_lets_reviewers_in_alone_and_the_management_administrators() -> None:
    applicant, reviewer = PEOPLE.index("owner"), PEOPLE.index("reviewer")
    administrator = PEOPLE.index("administrator")
    for (_method, rule), statuses in MATRIX.items():
        if rule.startswith("/review"):
            assert {statuses[applicant], statuses[administrator]} == {403}, rule
        if rule.startswith("/admin"):
            assert {statuses[applicant], statuses[reviewer]} == {403}, rule
