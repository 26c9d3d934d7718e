"""The long run of the machine, and its planted faults.

    python -m tests.model --runs 600 --steps 40 --processes 2

Prints one line for each figure, and ends with 1 where the product differs from the model or a
planted fault stays unfound.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.model.planted import PLANTS
from tests.model.runs import part, with_fault


def main() -> int:
    """All of it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=600)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--plants", default="all", help="their names, all, or none")
    chosen = parser.parse_args()
    names = {"all": list(PLANTS), "none": []}.get(chosen.plants, chosen.plants.split(","))
    failed = False
    with ProcessPoolExecutor(chosen.processes, mp_context=get_context("spawn")) as pool:
        began, seen = time.monotonic(), Counter[str]()
        share = -(-chosen.runs // chosen.processes)
        seeds = range(chosen.seed, chosen.seed + chosen.processes)
        for found in [pool.submit(part, share, chosen.steps, n) for n in seeds if share]:
            seen.update(found.result())
        for name, count in seen.most_common():
            print(f"model: {count:6} {name}")
        if seen:
            print(f"model: clean, in {time.monotonic() - began:.0f} s", flush=True)
        work = {name: pool.submit(with_fault, name, 150, chosen.steps) for name in names}
        for name, future in work.items():
            found_ = future.result()
            failed = failed or not found_
            print(f"planted {name}: {'found, ' + found_ if found_ else 'NOT FOUND'}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
