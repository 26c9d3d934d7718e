"""What the operator does with accounts, and codes that are refused: all of it is on record."""

from __future__ import annotations

from collections.abc import Callable

from console.extensions import db
from console.models import Event
from tests.accounts.conftest import Post, actions
from tests.support.lint import LintingClient
from tests.support.people import People, sign_in

Enrol = Callable[[LintingClient], list[str]]


def test_a_refused_code_is_put_on_record_without_the_code(
    people: People, client: LintingClient, enrol: Enrol
) -> None:
    enrol(people.client("owner"))
    sign_in(client, people.owner.email)
    client.submit("/second-factor", {"code": "918273"})
    assert "second-factor-refused" in actions(people)
    with people.app.app_context():
        assert "918273" not in str(db.session.execute(db.text("SELECT * FROM events")).all())


def test_the_operator_lets_in_who_lost_app_and_codes_and_ends_their_sessions(
    people: People, client: LintingClient, enrol: Enrol, post: Post
) -> None:
    owner, email = people.client("owner"), people.owner.email
    enrol(owner)
    post.come()
    run = people.app.test_cli_runner().invoke
    result = run(args=["accounts", "second-factor-off", email])
    assert result.exit_code == 0, result.output
    assert owner.get("/account").status_code == 303  # signed out
    assert sign_in(client, email).headers["Location"] == "/"
    assert "second-factor-off" in actions(people)
    assert "second factor is off" in post.come()[0].subject
    for unknown in (email, "nobody@example.cn"):  # off already; no such account
        assert run(args=["accounts", "second-factor-off", unknown]).exit_code == 2


def test_an_account_that_the_operator_makes_is_on_record(people: People) -> None:
    made = people.app.test_cli_runner().invoke(
        args=["accounts", "create", "boss@example.cn", "--role=administrator", "--password-stdin"],
        input="a long one of many words\n",
    )
    assert made.exit_code == 0, made.output
    with people.app.app_context():
        event = db.session.scalars(db.select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.action, event.actor, event.data["role"]) == (
            "add-role",
            "operator",
            "administrator",
        )


def test_accounts_are_changed_by_our_own_commands_alone(people: People) -> None:
    assert not {"users", "roles"} & set(people.app.cli.commands)
