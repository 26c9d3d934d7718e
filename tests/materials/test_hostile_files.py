"""What is wrong with a file is said, within seconds, and nothing of it stays."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from console.outside import inspecting
from tests.materials import files
from tests.materials.conftest import Uploader, stored
from tests.support.costs import cost
from tests.web.filling.desk import problems, words

SECONDS = 5
CHILD_MEGABYTES = 450

HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "an SVG": (lambda: files.SVG, "a.svg", "SVG drawing"),
    "an SVG that says PNG": (lambda: files.SVG, "a.png", "SVG drawing"),
    "HTML that says PNG": (lambda: files.HTML, "a.png", "web page"),
    "a zip bomb": (files.zip_bomb, "a.pdf", "archive"),
    "a PNG that unpacks to 200 MiB": (files.png_bomb, "a.png", "unpacks to far more"),
    "a PDF that unpacks to 200 MiB": (lambda: files.pdf(bomb=True), "a.pdf", "unpacks to far more"),
    "a PDF packed twice": (lambda: files.pdf(twice=True), "a.pdf", "unpacks to far more"),
    "60,000 pixels a side": (files.enormous, "a.png", "too many pixels"),
    "a PDF with such a picture": (lambda: files.pdf(sides=60_000), "a.pdf", "too many pixels"),
    "a JPEG and a zip": (lambda: files.picture() + files.archive(), "a.jpg", "two things at once"),
    "a JPEG and a web page": (lambda: files.picture() + files.HTML, "a.jpg", "two things at once"),
    "a script in a comment": (
        lambda: files.picture(comment=files.HTML),
        "a.jpg",
        "two things at once",
    ),
    "a PNG and a PDF": (lambda: files.picture("PNG") + files.pdf(), "a.png", "two things at once"),
    "a PDF and a zip": (lambda: files.pdf() + files.archive(), "a.pdf", "two things at once"),
    "a PDF with a password": (lambda: files.pdf(password="x"), "a.pdf", "protected"),
    "a PDF with a script": (lambda: files.pdf(script=True), "a.pdf", "holds a program"),
    "a PDF that starts a program": (lambda: files.pdf(launch=True), "a.pdf", "starts something"),
    "a PDF that carries a file": (lambda: files.pdf(attachment=True), "a.pdf", "carries other"),
    "a PDF of 51 pages": (lambda: files.pdf(51), "a.pdf", "more than 50 pages"),
    "half a JPEG": (lambda: files.picture()[:4000], "a.jpg", "damaged"),
    "half a PDF": (lambda: files.pdf()[:200], "a.pdf", "damaged"),
    "a JPEG's first bytes alone": (lambda: b"\xff\xd8\xff" + bytes(5000), "a.jpg", "damaged"),
    "nothing": (lambda: b"", "a.jpg", "empty"),
    "11 MB": (lambda: files.picture() + bytes(11 << 20), "a.jpg", "larger than 10 MB"),
    "a name of 300 characters": (files.picture, "a" * 296 + ".jpg", "name is too long"),
    "a name that is a path": (files.picture, "../../etc/passwd.jpg", "holds a path"),
    "a name with a hidden turn": (files.picture, "a\u202egpj.exe", "nobody can see"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_48_it_is_refused_with_what_is_wrong(
    owner: Uploader, folder: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "SECONDS", 60)  # a busy machine's; the cost is counted below
    make, name, said = HOSTILE[what]
    content, before = make(), owner.order().revision
    answer, spent = cost(lambda: owner.upload(("file-entity-certificate", content, name)))
    assert spent < SECONDS
    assert answer.status_code == 422
    assert list(problems(answer)) == ["materials-entity-certificate"]
    assert said in words(answer)
    assert stored(folder) == []
    assert owner.materials() == []
    assert owner.order().revision == before


@pytest.fixture
def megabytes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What each process that is started took at most, in megabytes, as they end."""
    taken: list[float] = []

    def waitpid(pid: int, flags: int) -> tuple[int, int]:
        ended, status, used = os.wait4(pid, flags)
        if ended:
            taken.append(used.ru_maxrss / 1024)
        return ended, status

    monkeypatch.setattr(inspecting.subprocess.os, "waitpid", waitpid)
    return taken


def allowed() -> float:
    """Megabytes for one look. Linux counts what the one who started it had at that moment too."""
    return max(CHILD_MEGABYTES, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def test_48_looking_takes_no_more_memory_than_allowed(
    owner: Uploader, megabytes: list[float]
) -> None:
    for make in (files.enormous, files.png_bomb, files.zip_bomb, lambda: files.pdf(bomb=True)):
        owner.upload(("file-entity-certificate", make(), "a.png"))
    assert megabytes
    assert max(megabytes) <= allowed()


def test_the_largest_pictures_that_are_taken_fit_into_the_memory(
    owner: Uploader, megabytes: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "SECONDS", 60)  # this is about memory, on a busy machine too
    clear = files.flat("RGBA", (6000, 5000))
    answer = owner.upload(("file-entity-certificate", clear, "a.png"))
    assert answer.status_code == 303, words(answer)
    assert max(megabytes) <= allowed()


def test_what_takes_too_long_is_ended(owner: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "SECONDS", 0.01)
    monkeypatch.setattr(inspecting.resource, "prlimit", lambda *_: None)
    answer = owner.upload(("file-entity-certificate", files.picture(), "a.jpg"))
    assert answer.status_code == 422
    assert "too long to read" in words(answer)


def test_what_takes_too_much_memory_is_ended(
    owner: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "MEMORY", 80 * 1024 * 1024)
    answer = owner.upload(("file-entity-certificate", files.flat("RGB", (5000, 5000)), "a.png"))
    assert answer.status_code == 422
    assert "too much memory" in words(answer) or "damaged" in words(answer)


def test_more_than_64_megabytes_at_once_are_not_read(owner: Uploader) -> None:
    answer = owner.upload(("file-other", bytes(65 << 20), "a.jpg"))
    assert answer.status_code == 413
    assert "smaller files" in words(answer)
    assert owner.materials() == []


def test_the_good_ones_of_several_are_kept(owner: Uploader, folder: Path) -> None:
    answer = owner.upload(
        ("file-entity-certificate", files.picture(), "licence.jpg"),
        ("file-domain-certificate-1", files.SVG, "domain.svg"),
        ("file-authenticity-form", files.pdf(2), "form.pdf"),
    )
    assert answer.status_code == 422
    assert list(problems(answer)) == ["materials-domain-certificate-1"]
    assert "2 files uploaded." in words(answer)
    assert [m.kind for m in owner.materials()] == ["entity-certificate", "authenticity-form"]
    assert len(stored(folder)) == 2


def test_more_than_twelve_files_at_once_are_left_out_one_by_one(owner: Uploader) -> None:
    answer = owner.upload(*(("file-other", b"x", f"{n}.jpg") for n in range(14)))
    assert words(answer).count("upload fewer files at once") == 2


def test_a_file_for_a_paper_that_does_not_exist_is_refused_wherever_it_stands(
    owner: Uploader, folder: Path
) -> None:
    files = [("file-other", b"x", f"{n}.jpg") for n in range(12)]
    assert owner.upload(*files, ("file-nothing", b"x", "x.jpg")).status_code == 404
    assert stored(folder) == []
