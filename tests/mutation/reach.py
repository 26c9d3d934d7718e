"""Which tests are asked about a mutant, and which mutants are tried once more.

By itself mutmut asks the tests during which a function ran. What runs at import, before any test,
it counts to the first one, and so what runs when the app is made that many tests share; and it
never asks again about what lived once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from mutmut import __main__ as program
from mutmut.mutation.data import SourceFileMutationData
from mutmut.runners.harness import PytestRunner
from mutmut.state import state

from tests.mutation.groups import Group

ALIVE = {0, 33}  # survived; reached by no test
MANY = 50  # tests
_execute = PytestRunner.execute_pytest
_run_tests = PytestRunner.run_tests
_collect = program.collect_source_file_mutation_data


class Reach:
    """Counts what runs at import, or while a shared app is made, to every test."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Before the first test: what ran so far, ran for all."""
        everyone = {item.nodeid for item in session.items}
        _ran_for(everyone)
        if kept_app := sys.modules.get("tests.support.kept_app"):
            make = kept_app.KeptApp.__init__

            def watched(*arguments: Any) -> None:
                before = set(state()._stats)
                state()._stats.clear()
                make(*arguments)
                _ran_for(everyone)
                state()._stats |= before

            kept_app.KeptApp.__init__ = watched


def _ran_for(tests: set[str]) -> None:
    for function in state()._stats:
        state().tests_by_mangled_function_name[function] |= tests
    state()._stats.clear()


def _watched(runner: PytestRunner, params: list[str], **options: Any) -> int:
    if any(type(one).__name__ == "StatsCollector" for one in options.get("plugins", ())):
        options["plugins"] = [*options["plugins"], Reach()]
    return _execute(runner, params, **options)


def _by_file(runner: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """One file after the other: those first that name the module, then those that take least.

    Most mutants die in the first. With no test named, all are asked.
    """
    if not tests:
        return _run_tests(runner, mutant_name=mutant_name, tests=tests)
    module = (mutant_name or "").rpartition(".")[0].rpartition(".")[2]
    takes = state().duration_by_test
    files: dict[str, list[str]] = {}
    for name in sorted(tests, key=lambda name: takes[name]):
        files.setdefault(name.partition("::")[0], []).append(name)
    ranks = {
        file: (module not in Path(file).read_text(encoding="utf-8"), sum(takes[n] for n in names))
        for file, names in files.items()
    }
    # A file that cannot even be loaded tells of the mutant as well as a failing test.
    return int(
        any(
            _run_tests(
                runner,
                mutant_name=mutant_name,
                # To look many up by name takes longer than to run them.
                tests=files[file] if len(files[file]) <= MANY else [file],
            )
            for file in sorted(files, key=lambda file: ranks[file])
        )
    )


def install(only: tuple[str, ...]) -> None:
    """Have mutmut count so, and try the mutants of these modules alone; of all where none is named.

    The others stay mutated: told to mutate less, mutmut would lay the plain modules over them, and
    find no difference the next time.
    """
    PytestRunner.execute_pytest = _watched  # type: ignore[method-assign]
    PytestRunner.run_tests = _by_file  # type: ignore[method-assign]
    program.collect_source_file_mutation_data = lambda **names: narrowed(only, **names)


def narrowed(only: tuple[str, ...], **names: Any) -> tuple[list[Any], dict[str, Any]]:
    """The mutants of these modules; with SHARE=10 each tenth of them, always the same ones."""
    found, by_path = _collect(**names)
    share = int(os.environ.get("SHARE", "1"))
    chosen = [one for one in found if crc32(one[1].encode()) % share == 0]
    return [one for one in chosen if not only or str(one[0].path) in only], by_path


def forget_the_living(group: Group) -> None:
    """Where tests have changed since the last run, or which: whatever lives is tried again."""
    paths = [Path(name) for name in group.tests]
    files = {one for path in paths for one in (path.rglob("*.py") if path.is_dir() else (path,))}
    asked = repr((group.tests, group.options)).encode()
    now = sha256(asked + b"".join(one.read_bytes() for one in sorted(files))).hexdigest()
    kept = Path("mutants", "tests.sha256")
    if kept.exists() and kept.read_text() == now:
        return
    Path("mutants", "mutmut-stats.json").unlink(missing_ok=True)
    for meta in Path("mutants").rglob("*.meta"):
        data = SourceFileMutationData(path=meta.relative_to("mutants").with_suffix(""))
        data.load()
        codes = data.exit_code_by_key
        codes.update({name: None for name, code in codes.items() if code in ALIVE})
        data.save()
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(now)
