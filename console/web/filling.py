"""The steps that ask: `/orders/<number>/edit/entity` and `/edit/services/<n>`."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from console.errors import Changed
from console.rules.sections import Mode
from console.web.answers import sections
from console.web.desk import Desk
from console.web.forms.steps import EntityStep, ServiceStep, Step
from console.web.guards import applicant_required, current_actor
from console.web.kept import keeps_typed
from console.web.looking import answer, tell
from console.web.step_page import open_desk, page, revision_sent, to_order

blueprint = Blueprint("filling", __name__, url_prefix="/orders/<number>")


def _asking(desk: Desk, step: Step, status: int = 200, **values: object) -> ResponseReturnValue:
    """The page of a step that asks."""
    if desk.registered:
        step.compare(desk.registered)
    if isinstance(step, ServiceStep):
        service = desk.service(step.stored.position) or step.stored
        part = desk.service_part(service)
        tell(desk, step, part.url)
        return page(desk, "service", "services", status, step=step, part=part, **values)
    tell(desk, step, desk.path("entity"))
    return page(desk, "entity", "entity", status, step=step, **values)


def _open(desk: Desk, step: Step) -> ResponseReturnValue:
    if not desk.editable:
        return to_order(desk.number)
    step.attach(desk.findings if "check" in request.args else ())
    return _asking(desk, step)


def _save(desk: Desk, step: Step, then: str) -> ResponseReturnValue:
    """Save what will do and go on; else the page again with what was typed and what to enter."""
    step.attach(desk.check(step.applied(desk.filing)))
    if step.problems and desk.editable:
        return _asking(desk, step, 422, revision=revision_sent(desk))
    return _write(desk, step, then)


def _keep(desk: Desk, step: Step) -> ResponseReturnValue:
    """Save whatever a draft can hold, and leave the rest for later."""
    step.attach(step.unstorable())
    if step.problems and desk.editable:
        return _asking(desk, step, 422, revision=revision_sent(desk))
    answer = _write(desk, step, url_for("orders.index"))
    if not isinstance(answer, tuple):
        flash(_("Saved. Order %(number)s waits for you here.", number=desk.number), "success")
    return answer


def _write(desk: Desk, step: Step, then: str) -> ResponseReturnValue:
    try:
        step.save(current_actor(), desk.number, revision_sent(desk))
    except Changed:
        return _someone_was_first(desk.number, step, then)
    return redirect(then, 303)


def _someone_was_first(number: str, step: Step, then: str) -> ResponseReturnValue:
    """The page again, with what was typed, beside what is saved by now."""
    desk = Desk.open(number)
    if step.is_in(desk.filing):
        return redirect(then, 303)  # sent twice: it is saved already
    saved = _same_step(desk, step)
    differences = step.differences(saved) if saved else []
    return _asking(desk, step, 409, changed=True, differences=differences)


def _same_step(desk: Desk, step: Step) -> Step | None:
    if not isinstance(step, ServiceStep):
        return EntityStep(desk.filing)
    stored = desk.service(step.stored.position)
    return ServiceStep(desk.filing, stored) if stored and stored.kind is step.stored.kind else None


def _again(desk: Desk, step: Step) -> ResponseReturnValue:
    """The form as it was sent, because it came from a session that has ended; nothing is saved."""
    step.attach(())
    return _asking(desk, step, 400, revision=revision_sent(desk), session_ended=True)


def _entity_again(number: str) -> ResponseReturnValue:
    desk = open_desk(number, "entity")
    return _again(desk, _entity_step(desk, request.form))


def _service_again(number: str, position: int) -> ResponseReturnValue:
    desk = open_desk(number, "services")
    return _again(desk, _service_step(desk, position, request.form))


def _entity_step(desk: Desk, typed: object = None) -> EntityStep:
    step = EntityStep(desk.filing, typed)
    step.close(EntityStep(desk.filing), desk.open_points, typed)
    return step


def _service_step(desk: Desk, position: int, typed: object = None) -> ServiceStep:
    stored = desk.service(position)
    if stored is None:
        abort(404)
    step = ServiceStep(desk.filing, stored, typed)
    step.close(ServiceStep(desk.filing, stored), desk.open_points, typed)
    return step


def _not_looked(**_address: object) -> ResponseReturnValue:
    """The session ended: what was typed stays where it is, and saving it will tell."""
    return "", 204


def _looked(desk: Desk, step: Step, name: str) -> ResponseReturnValue:
    """One field for htmx, while the order can still be filled in."""
    path = request.path.removesuffix(f"/look/{name}")
    return answer(desk, step, path, name) if desk.editable else _not_looked()


def _as_filed(desk: Desk, then: str) -> ResponseReturnValue:
    """Go on from an entity that is only shown; what was sent all the same is refused."""
    if any(name.startswith("entity") for name in request.form):
        step = _entity_step(desk, request.form)
        step.save(current_actor(), desk.number, revision_sent(desk))
    return redirect(then, 303)


@blueprint.get("/edit/entity")
@applicant_required
def entity(number: str) -> ResponseReturnValue:
    """Ask who files, and who leads; or show it, where the order leaves it as it is filed."""
    desk = open_desk(number, "entity")
    if desk.editable and desk.sections.entity is not Mode.EDITED:
        return page(desk, "filed", "entity", sections=sections(desk)[:2])
    return _open(desk, _entity_step(desk))


@blueprint.post("/edit/entity")
@keeps_typed(_entity_again)
@applicant_required
def entity_sent(number: str) -> ResponseReturnValue:
    """Save and go on."""
    desk = open_desk(number, "entity")
    then = desk.path("services" if desk.has_step("services") else "materials")
    if desk.sections.entity is not Mode.EDITED:
        return _as_filed(desk, then)
    return _save(desk, _entity_step(desk, request.form), then)


@blueprint.post("/edit/entity/later")
@keeps_typed(_entity_again)
@applicant_required
def entity_later(number: str) -> ResponseReturnValue:
    """Save and leave."""
    desk = open_desk(number, "entity")
    if desk.sections.entity is not Mode.EDITED:
        return _as_filed(desk, url_for("orders.index"))
    return _keep(desk, _entity_step(desk, request.form))


@blueprint.get("/edit/services/<int:position>")
@applicant_required
def service(number: str, position: int) -> ResponseReturnValue:
    """Ask about one website or app, and who leads it."""
    desk = open_desk(number, "services")
    return _open(desk, _service_step(desk, position))


@blueprint.post("/edit/services/<int:position>")
@keeps_typed(_service_again)
@applicant_required
def service_sent(number: str, position: int) -> ResponseReturnValue:
    """Save and go on."""
    desk = open_desk(number, "services")
    return _save(desk, _service_step(desk, position, request.form), desk.path("services"))


@blueprint.post("/edit/services/<int:position>/later")
@keeps_typed(_service_again)
@applicant_required
def service_later(number: str, position: int) -> ResponseReturnValue:
    """Save and leave."""
    desk = open_desk(number, "services")
    return _keep(desk, _service_step(desk, position, request.form))


@blueprint.post("/edit/entity/look/<name>")
@keeps_typed(_not_looked)
@applicant_required
def entity_looked(number: str, name: str) -> ResponseReturnValue:
    """Say what is known of one answer; nothing is saved."""
    desk = open_desk(number, "entity")
    if desk.sections.entity is not Mode.EDITED:
        abort(404)
    return _looked(desk, _entity_step(desk, request.form), name)


@blueprint.post("/edit/services/<int:position>/look/<name>")
@keeps_typed(_not_looked)
@applicant_required
def service_looked(number: str, position: int, name: str) -> ResponseReturnValue:
    """Say what is known of one answer; nothing is saved."""
    desk = open_desk(number, "services")
    return _looked(desk, _service_step(desk, position, request.form), name)
