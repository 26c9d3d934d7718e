"""The step that asks for papers, and the one door through which files come out again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from time import monotonic

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from console.errors import Changed, NotFound, Refusal, Throttled
from console.models import Material
from console.outside.inspecting import PAGE, THUMBNAIL, picture_of_page
from console.queries.materials import material_of
from console.rules.bilingual import Bilingual
from console.rules.materials import KINDS, LARGEST, Slot, served_name
from console.rules.text import T, Text
from console.services import materials as verbs
from console.web.access import reviewer
from console.web.desk import Desk
from console.web.filters import say
from console.web.guards import (
    applicant_required,
    current_actor,
    order_for_applicant_or_404,
    order_for_reviewer_or_404,
    reviewer_required,
)
from console.web.materials_view import own_material_view
from console.web.step_page import page, to_order
from console.web.throttle import UPLOADS_PER_ACCOUNT, count

blueprint = Blueprint("materials", __name__)

MOST_AT_ONCE = 12  # files in one request
SECONDS_AT_ONCE = 20  # after which the files not looked at yet are left out
LONGEST_SHOWN = 60  # characters of a refused file's name
# Whatever a file is, a browser that opens it runs nothing of it and asks nobody anything.
SANDBOX = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Problem:
    """A file that was not taken, and why; `key` is the paper it was meant for."""

    key: str
    file: str
    title: Bilingual
    why: Text | Bilingual


@blueprint.get("/orders/<number>/edit/materials")
@applicant_required
def step(number: str) -> ResponseReturnValue:
    """List what is needed and why, and what is there."""
    desk = Desk.open(number)
    return _page(desk) if desk.editable else to_order(number)


@blueprint.post("/orders/<number>/edit/materials")
@applicant_required
def sent(number: str) -> ResponseReturnValue:
    """Go on: each file was kept when it was uploaded."""
    return redirect(Desk.open(number).path("check"), 303)


@blueprint.post("/orders/<number>/edit/materials/add")
@applicant_required
def added(number: str) -> ResponseReturnValue:
    """Keep what was chosen, as far as it will do; the page again with what will not."""
    desk = Desk.open(number)
    chosen = list(_chosen())
    if not chosen:
        return _page(desk, 422, refusal=T("Choose at least one file first."))
    problems, kept, started = [], 0, monotonic()
    for at, (slot, file) in enumerate(chosen):
        try:
            if at >= MOST_AT_ONCE or monotonic() - started > SECONDS_AT_ONCE:
                raise Refusal(T("It was left out: upload fewer files at once."))
            count(UPLOADS_PER_ACCOUNT, str(current_actor().id))
            verbs.add(current_actor(), number, slot, file.filename or "", _content(file))
            kept += 1
        except (Changed, NotFound, Throttled):
            raise
        except Refusal as refusal:
            problems.append(_problem(slot, file, refusal))
    return _answer(number, problems, kept)


@blueprint.post("/orders/<number>/edit/materials/<int:material_id>/replace")
@applicant_required
def replaced(number: str, material_id: int) -> ResponseReturnValue:
    """Put another file in a file's place."""
    old = _own(number, material_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(Desk.open(number), 422, refusal=T("Choose at least one file first."))
    try:
        count(UPLOADS_PER_ACCOUNT, str(current_actor().id))
        verbs.replace(current_actor(), number, material_id, file.filename, _content(file))
    except (Changed, NotFound, Throttled):
        raise
    except Refusal as refusal:
        return _answer(number, [_problem(old.slot, file, refusal)], 0)
    return _answer(number, [], 1)


@blueprint.post("/orders/<number>/edit/materials/<int:material_id>/remove")
@applicant_required
def removed(number: str, material_id: int) -> ResponseReturnValue:
    """Take a file away."""
    title = KINDS[_own(number, material_id).kind].title
    verbs.remove(current_actor(), number, material_id)
    flash(say(T("Removed: %(what)s.", what=title)), "success")
    return redirect(Desk.open(number).path("materials"), 303)


@blueprint.get("/orders/<number>/materials/<int:material_id>")
@applicant_required
def own_file(number: str, material_id: int) -> ResponseReturnValue:
    """The owner's file, in every state of the order."""
    return _served(_own(number, material_id))


@blueprint.get("/orders/<number>/materials/<int:material_id>/thumbnail")
@applicant_required
def own_thumbnail(number: str, material_id: int) -> ResponseReturnValue:
    """The owner's picture, or the first page of a PDF, small."""
    material = _own(number, material_id)
    if material.thumbnail is None:
        return _page_of(material, 1, THUMBNAIL)
    return _sent(base64.b64decode(material.thumbnail), "image/jpeg", "thumbnail.jpg")


@blueprint.get("/orders/<number>/materials/<int:material_id>/preview")
@applicant_required
def own_preview(number: str, material_id: int) -> ResponseReturnValue:
    """The pages of the owner's PDF, one below the other; a picture is looked at as it is."""
    material = _own(number, material_id)
    if not material.pages:
        return redirect(url_for("materials.own_file", number=number, material_id=material_id), 303)
    return render_template(
        "orders/preview.html", number=number, material=material, kind=KINDS[material.kind]
    )


@blueprint.get("/orders/<number>/materials/<int:material_id>/pages/<int:page>")
@applicant_required
def own_page(number: str, material_id: int, page: int) -> ResponseReturnValue:
    """A page of the owner's PDF as a picture, counted from 1."""
    return _page_of(_own(number, material_id), page)


@blueprint.get("/review/<number>/materials/<int:material_id>")
@reviewer_required
def reviewed_file(number: str, material_id: int) -> ResponseReturnValue:
    """A file that was handed in; the look is put on record before it is shown."""
    order = order_for_reviewer_or_404(number)
    material = _found(material_of(order, material_id, handed_in=True))
    verbs.looked_at(reviewer(), number, material_id)
    return _served(material)


@blueprint.get("/review/<number>/materials/<int:material_id>/pages/<int:page>")
@reviewer_required
def reviewed_page(number: str, material_id: int, page: int) -> ResponseReturnValue:
    """A page of a PDF that was handed in, as a picture; the look is put on record first."""
    order = order_for_reviewer_or_404(number)
    material = _found(material_of(order, material_id, handed_in=True))
    verbs.looked_at(reviewer(), number, material_id)
    return _page_of(material, page)


def _page_of(material: Material, number: int, side: int = PAGE) -> ResponseReturnValue:
    """404 where a file has no such page, or it cannot be drawn."""
    if not 1 <= number <= (material.pages or 0):
        abort(404)
    drawn = picture_of_page(verbs.content_of(material), number - 1, side)
    return _sent(drawn, "image/jpeg", f"page-{number}.jpg") if drawn else abort(404)


def _own(number: str, material_id: int) -> Material:
    return _found(material_of(order_for_applicant_or_404(number), material_id))


def _found(material: Material | None) -> Material:
    if material is None:
        raise NotFound(T("The order has no such file."))
    return material


def _served(material: Material) -> ResponseReturnValue:
    name = served_name(material.name, material.content_type)
    return _sent(verbs.content_of(material), material.content_type, name)


def _sent(data: bytes, content_type: str, name: str) -> ResponseReturnValue:
    """A picture may be looked at in the browser; everything else is saved."""
    saved = not content_type.startswith("image/")
    answer = send_file(BytesIO(data), content_type, saved, name, etag=False)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _chosen() -> Iterator[tuple[Slot, FileStorage]]:
    """What was chosen, by the paper it is for; fields without a file say nothing.

    Raises NotFound where there is no such paper.
    """
    for field, file in request.files.items(multi=True):
        code, _dash, position = field.removeprefix("file-").rpartition("-")
        if position.isascii() and position.isdigit() and len(position) < 4:
            slot: Slot = (code, int(position))
        else:
            slot = (field.removeprefix("file-"), None)
        if not file.filename:
            continue
        if slot[0] not in KINDS:
            raise NotFound(T("The order has no such file."))
        yield slot, file


def _content(file: FileStorage) -> bytes:
    """The file, and one byte more than is taken where it is larger."""
    return file.stream.read(LARGEST + 1)


def _problem(slot: Slot, file: FileStorage, refusal: Refusal) -> Problem:
    code, service = slot
    shown = "".join(c if c.isprintable() else "?" for c in file.filename or "")
    if len(shown) > LONGEST_SHOWN:
        shown = f"{shown[:LONGEST_SHOWN]}…"
    key = code if service is None else f"{code}-{service}"
    return Problem(key, shown, KINDS[code].title, refusal.text)


def _answer(number: str, problems: list[Problem], kept: int) -> ResponseReturnValue:
    desk = Desk.open(number)
    said = ngettext("%(num)d file uploaded.", "%(num)d files uploaded.", kept)
    if problems:
        return _page(desk, 422, problems=problems, said=said if kept else "")
    flash(said, "success")
    return redirect(desk.path("materials"), 303)


def _page(desk: Desk, status: int = 200, **values: object) -> ResponseReturnValue:
    shown = {"problems": (), "said": "", "refusal": None, **values}
    papers = own_material_view(desk.order, desk.filing)
    required = current_app.config["MATERIALS_REQUIRED"]
    return page(desk, "materials", "materials", status, papers=papers, required=required, **shown)
