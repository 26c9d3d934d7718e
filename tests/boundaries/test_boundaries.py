"""What the layers' contracts cannot say: who reads time and settings, who assigns a state."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.boundaries.sources import ROOT, calls, dotted, imported, name_of, python_files, tree_of

READS_TIME = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "func.now",
    "func.current_timestamp",
)
SLEEPS = {
    "console/transactions.py",  # between two tries of a write
    "console/miit/mock/pages.py",  # so that the time an answer takes tells nothing
}


def _is(call: str, names: tuple[str, ...]) -> bool:
    return any(call == name or call.endswith(f".{name}") for name in names)


def test_only_the_clock_reads_the_time() -> None:
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in python_files()
        if name_of(path) != "console/clock.py"
        for line, call in calls(path)
        if _is(call, READS_TIME)
    ]
    assert found == []


def test_nothing_sleeps_but_where_the_reason_is_known() -> None:
    found = {
        name_of(path) for path in python_files() for _, call in calls(path) if call == "time.sleep"
    }
    assert found <= SLEEPS


def _assigned(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = []
        for target in node.targets:
            targets += target.elts if isinstance(target, ast.Tuple) else [target]
        return targets
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return [node.target]
    return []


def _writes_state(node: ast.AST) -> bool:
    """An assignment to `.state`, or `state=` or "state": in what an update sets."""
    for target in _assigned(node):
        if isinstance(target, ast.Attribute) and target.attr == "state":
            return True
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr not in ("values", "update"):
        return False
    keys = [keyword.arg for keyword in node.keywords]
    for argument in node.args:
        if isinstance(argument, ast.Dict):
            keys += [k.value for k in argument.keys if isinstance(k, ast.Constant)]  # type: ignore[misc]
    return "state" in keys


def test_only_move_assigns_the_state_of_an_order() -> None:
    found = {
        name_of(path)
        for path in python_files("console")
        # The ministry keeps orders of its own, in its own states.
        if not name_of(path).startswith("console/miit/mock/")
        for node in ast.walk(tree_of(path))
        if _writes_state(node)
    }
    assert found == {"console/services/moves.py"}


def test_only_the_settings_read_the_environment() -> None:
    reading = ("os.environ", "os.getenv", "environ.get", "getenv")
    found = {
        name_of(path)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and dotted(node) in reading
    }
    # wsgi.py hands the environment to the settings and looks at nothing in it.
    assert found <= {"config.py", "wsgi.py"}
    wsgi = ast.unparse(tree_of(ROOT / "wsgi.py"))
    assert wsgi.count("os.environ") == 1
    assert "settings_or_exit(os.environ)" in wsgi


def test_pages_never_touch_the_database() -> None:
    found = [
        f"{name_of(path)}: {module} {name}"
        for path in python_files("console/web")
        for module, name in imported(path)
        if (module, name) == ("console.extensions", "db")
        # Which errors a page answers with "try again" is told by their class alone.
        or (module.partition(".")[0] == "sqlalchemy" and module != "sqlalchemy.exc")
        or module == "console.transactions"
    ]
    assert found == []


def test_verbs_and_nouns_know_no_request() -> None:
    layers = ("services", "queries", "models", "rules", "outside")
    found = [
        f"{name_of(path)}: {name}"
        for path in python_files(*(f"console/{layer}" for layer in layers))
        for module, name in imported(path)
        if module == "flask" and name in {"request", "session", "g", "abort", "redirect", "flash"}
    ]
    assert found == []


def test_imports_follow_the_direction_of_the_layers() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
