"""Templates: what is imported is used, and every fragment is included by something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.boundaries.sources import ROOT

TEMPLATES = ROOT / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))


def _name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def _tree(path: Path) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    return environment.parse(path.read_text(encoding="utf-8"))


def _included(tree: nodes.Template) -> list[nodes.Template]:
    """The fragments that share its names."""
    named = [one.template for one in tree.find_all(nodes.Include)]
    return [_tree(TEMPLATES / one.value) for one in named if isinstance(one, nodes.Const)]


def _loaded(tree: nodes.Template) -> set[str]:
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_name_a_template_imports_is_used(path: Path) -> None:
    tree = _tree(path)
    used = {name for one in (tree, *_included(tree)) for name in _loaded(one)}
    unused = set()
    for node in tree.find_all(nodes.FromImport):
        names = {name if isinstance(name, str) else name[1] for name in node.names}
        unused |= names - used
    unused |= {node.target for node in tree.find_all(nodes.Import)} - used
    assert unused == set()


def _mentioned() -> str:
    places = [*FILES, *sorted((ROOT / "console").rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in places)


def test_every_fragment_is_used_somewhere() -> None:
    text = _mentioned()
    unused = [_name(p) for p in FILES if p.name.startswith("_") and _name(p) not in text]
    assert unused == []


def test_no_template_marks_its_text_as_safe_or_switches_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false")
    found = [_name(path) for path in FILES if unsafe.search(path.read_text(encoding="utf-8"))]
    assert found == []
