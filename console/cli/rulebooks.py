"""`flask rulebooks …`: what the books say. Needs no application and no database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, NoReturn

import click

from console import clock
from console.errors import Refusal
from console.rules.filing import FilingType, ServiceKind
from console.rules.provinces import province as province_of
from console.rules.rulebook import families, in_force
from console.rules.verifiers import CHANGES, OrderFacts, ServiceFacts
from console.rules.who import as_json, list_json, who_json


@click.group("rulebooks")
def group() -> None:
    """The rulebooks: which there are, what they say, who must verify."""


def _refuse(refusal: Refusal) -> NoReturn:
    click.echo(" ".join(str(refusal.text).split()), err=True)
    raise SystemExit(2)


def _refusals_as_one_line(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            _refuse(refusal)

    return run


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


_as_json = click.option("--json", "json_wanted", is_flag=True, help="One JSON value on stdout.")


@group.command("list")
@_as_json
def list_books(json_wanted: bool) -> None:
    """Every rulebook, oldest first."""
    rows = list_json()
    if json_wanted:
        _print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:<16} from {row['in_force_from']}  {row['title']['en']}")


@group.command("show")
@click.argument("name")
@_as_json
@_refusals_as_one_line
def show(name: str, json_wanted: bool) -> None:
    """All that the rulebook NAME says; a family means its book of today."""
    book = in_force(name, clock.china_day(clock.now()))
    # Only a family whose first day is still to come has no book today: then its first one.
    plain = as_json(book if book is not None else families()[name][0])
    if json_wanted:
        _print_json(plain)
        return
    for key, value in plain.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        click.echo(f"{key}: {text}")


def _facts(
    order: str,
    province: str,
    day: date,
    services: tuple[str, ...],
    changes: tuple[str, ...],
    same_mobile: bool,
) -> OrderFacts:
    """Every leader is another person unless all share the entity leader's mobile number."""
    return OrderFacts(
        type=FilingType(order),
        province=province_of(province).code,
        day=day,
        services=tuple(
            ServiceFacts(
                position,
                ServiceKind(kind),
                "entity-leader" if same_mobile else f"website-leader-{position}",
            )
            for position, kind in enumerate(services or (ServiceKind.WEBSITE,), 1)
        ),
        entity_leader="entity-leader",
        changes=frozenset(changes),
    )


@group.command("who")
@click.option("--rulebook", required=True, help="A book's name, or a family.")
@click.option("--order", required=True, type=click.Choice([str(kind) for kind in FilingType]))
@click.option("--province", required=True, help="ISO 3166-2:CN without the country, as in ZJ.")
@click.option("--service", "services", multiple=True, type=click.Choice([*map(str, ServiceKind)]))
@click.option("--changes", multiple=True, type=click.Choice(CHANGES))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day in China; today.")
@click.option("--same-mobile", is_flag=True, help="All leaders share one mobile number.")
@_as_json
@_refusals_as_one_line
def who(
    rulebook: str,
    order: str,
    province: str,
    services: tuple[str, ...],
    changes: tuple[str, ...],
    day: datetime | None,
    same_mobile: bool,
    json_wanted: bool,
) -> None:
    """Who must verify an order that the ministry receives on a day."""
    on = day.date() if day else clock.china_day(clock.now())
    book = in_force(rulebook, on)
    answer = who_json(book, _facts(order, province, on, services, changes, same_mobile))
    if json_wanted:
        _print_json(answer)
        return
    _print_answer(answer)


def _print_answer(answer: dict[str, Any]) -> None:
    click.echo(f"Rulebook: {answer['rulebook'] or 'none in force'}")
    if answer["verification"]:
        for verifier in answer["verifiers"]:
            click.echo(f"Must verify: {' and '.join(verifier['roles'])}")
        click.echo(f"Within: {answer['window_hours']} hours, at {answer['portal_url']}")
        resends = "no limit said" if answer["resends"] is None else answer["resends"]
        click.echo(f"Tries: {answer['tries']}; resends: {resends}")
    for note in answer["notes"]:
        click.echo(f"- {note}")
