#!/usr/bin/env bash
# The long runs, bounded: KILLS on each database, ROUNDS of guesses; each with its planted fault.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt || exit 1
run() { .venv/bin/python -m "tests.reliability.$1" "${@:2}" 2>>"${TMPDIR:-/tmp}/reliability.log" || failed=1; }
failed=0
run rounds --rounds "${ROUNDS:-100}" --requests "${REQUESTS:-300}"
run rounds --requests 40 --plant
run kill_loop --kills "${KILLS:-60}" --database sqlite
run kill_loop --kills "${KILLS:-60}" --database postgresql
run kill_loop --kills 8 --plant
exit $failed
