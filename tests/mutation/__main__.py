"""Run mutmut over one group of modules and print what came of it.

    python -m tests.mutation rules [console/rules/lifecycle.py …]

Works in the folder it is started in, and fills it: `tools/mutation.sh` gives it a copy. Ends with
1 where less than nine in ten mutants are killed. A mutant no test reaches counts as alive.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from mutmut import configuration
from mutmut.__main__ import _run, get_diff_for_mutant
from mutmut.stats import status_by_exit_code

from tests.mutation import mutants, reach
from tests.mutation.groups import GROUPS, Group

ENOUGH = 90.0
DEAD = {"killed", "timeout", "segfault"}
PRELOADED = Path("preloaded.txt")
EVERYWHERE = (
    *("-p", "no:cacheprovider", "-p", "tests.mutation.unshrunk"),
    "--hypothesis-profile=unshrunk",
)


def configure(group: Group) -> None:
    """Tell mutmut what to change and whom to ask."""
    PRELOADED.write_text("\n".join(group.loaded), encoding="utf-8")
    configuration._config = replace(
        configuration._load_config(),
        only_mutate=list(group.modules),
        pytest_add_cli_args_test_selection=list(group.tests),
        pytest_add_cli_args=[*EVERYWHERE, *group.options],
        process_isolation=configuration.ProcessIsolation.FORKSERVER,
        forkserver_warmup=configuration.ForkServerWarmup.IMPORT,
        preload_modules_file=str(PRELOADED.absolute()),
    )


def report(only: tuple[str, ...]) -> int:
    """Each survivor's change, one line for each module, and the figure."""
    found, _ = reach.narrowed(only, mutant_names=())
    counts: dict[str, Counter[str]] = {}
    for data, name, code in found:
        status = status_by_exit_code[code]
        counts.setdefault(str(data.path), Counter())[status] += 1
        if status not in DEAD:
            print(f"\n{name}: {status}\n{get_diff_for_mutant(name, path=data.path)}")
    for path, counted in sorted(counts.items()):
        print(f"{path}: {dict(counted)}")
    total = sum((Counter(one) for one in counts.values()), Counter[str]())
    killed = 100 * sum(total[status] for status in DEAD) / max(1, total.total())
    print(f"mutation: {total.total()} mutants, {dict(total)}: {killed:.1f} % killed")
    return int(killed < ENOUGH)


def main(name: str, *modules: str) -> int:
    """Mutate, try, and report; the exit status."""
    # `tests` is loaded from here already, and stands in the mutated copy once more.
    os.environ["PY_IGNORE_IMPORTMISMATCH"] = "1"
    # Mutated modules are long, and loaded anew for each mutant: compile them once.
    sys.dont_write_bytecode = False
    mutants.install()
    reach.install(modules)
    configure(GROUPS[name])
    reach.forget_the_living(GROUPS[name])
    _run((), max_children=2)
    return report(modules)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
