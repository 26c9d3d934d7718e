"""What mutmut may change: decorated functions too, no words that people read, and no locks.

By itself mutmut leaves every decorated function alone. Here that would be each service verb and
each guarded view, the very places where a missing line lets somebody in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import libcst as cst
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.workers import isolation

# What wraps a function without changing when its body runs, or keeping what it gave.
TRANSPARENT = {"verb", "property", "wraps"}
# Whose literals are for people or for the log: no rule is in them.
WORDS = {
    "T",
    "_",
    "_l",
    "gettext",
    "ngettext",
    "lazy_gettext",
    "exception",
    "warning",
    "info",
    "debug",
}
# How rows are locked, and what is read anew or later. The mutants are tried on SQLite, which knows
# no row locks, and where a verb begins by letting go of all that was read: what is changed here is
# the same program there, but for its speed. Lost races are tried on PostgreSQL (both_databases).
READING = {"with_for_update", "execution_options", "options", "defer"}
READ_AS = {"with_for_update", "populate_existing"}

_said: set[cst.Arg] = set()  # what texts are called with
_reading: set[cst.Arg] = set()  # what says how rows are read
_skip = MutationVisitor._skip_node_and_children
_arrange = file_mutation.function_trampoline_arrangement


def name_of(expression: cst.BaseExpression) -> str:
    """The last name of a dotted name or of what is called: `a.b.c(…)` is "c"."""
    while isinstance(expression, cst.Call):
        expression = expression.func
    if isinstance(expression, cst.Attribute):
        return expression.attr.value
    return expression.value if isinstance(expression, cst.Name) else ""


def _transparent(function: cst.FunctionDef) -> bool:
    return all(name_of(one.decorator) in TRANSPARENT for one in function.decorators)


def _only_reading(argument: cst.Arg) -> bool:
    named = argument.keyword is not None and argument.keyword.value in READ_AS
    return named or argument in _reading


def skip(visitor: MutationVisitor, node: cst.CSTNode) -> bool:
    """Whether a node and all below it stay as they are."""
    if isinstance(node, cst.FunctionDef) and node.decorators and _transparent(node):
        return _skip(visitor, node.with_changes(decorators=()))
    if isinstance(node, cst.Arg) and node.keyword is None and node in _said:
        return True
    if isinstance(node, cst.Arg) and _only_reading(node):
        return True
    if isinstance(node, cst.Call) and name_of(node) in WORDS:
        _said.update(node.args)
    elif isinstance(node, cst.Call) and name_of(node) in READING:
        _reading.update(node.args)
    return _skip(visitor, node)


def remove_arguments(node: cst.Call) -> Iterable[cst.CSTNode]:
    """As mutmut does it, but not from a text, that is another text, nor from how rows are read."""
    if name_of(node) in WORDS | READING:
        return ()
    kept = {arg for arg in node.args if _only_reading(arg)}
    return (one for one in mutators.operator_arg_removal(node) if kept <= set(one.args))


def install() -> None:
    """Let mutmut work so in this process."""
    MutationVisitor._skip_node_and_children = skip  # type: ignore[method-assign]
    file_mutation.function_trampoline_arrangement = arrange
    operators: list[Any] = mutators.mutation_operators  # type: ignore[assignment]
    place = operators.index((cst.Call, mutators.operator_arg_removal))
    operators[place] = (cst.Call, remove_arguments)
    # What a mutant may take is a matter of its own time; on a busy machine the clock on the wall
    # would call living mutants dead.
    wait = isolation.register_timeout
    isolation.register_timeout = lambda pid, timeout_s: wait(pid, 20 * timeout_s)


def arrange(
    function: cst.FunctionDef, mutants: Iterable[Any], class_name: str | None
) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any], Sequence[str]]:
    """As mutmut arranges it, the decorators kept on what is called and off the copies."""
    if not function.decorators or not _transparent(function):
        return _arrange(function, mutants, class_name)
    bare = function.with_changes(decorators=())
    before, nodes, after, names = _arrange(bare, mutants, class_name)
    called = nodes[0].with_changes(decorators=(*function.decorators, *nodes[0].decorators))
    return before, [called, *nodes[1:]], after, names
