#!/usr/bin/env bash
# All tests, on SQLite and PostgreSQL and in the browser, and all checks.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt || exit 1
CHROMIUM="$(tools/chromium.sh shell)" || exit 1
export CHROMIUM
tools/htmx.sh || exit 1
tools/package.sh "the tests of shared limits" redis-server redis-server >/dev/null || exit 1
tools/package.sh "the test that commits reach the disk" strace strace >/dev/null || exit 1

failed=0
# Beside the tests, which wait now and then; told in one piece when both are through.
checked="$(mktemp)"
trap 'rm -f "$checked"' EXIT
tools/lint.sh >"$checked" 2>&1 &
checks=$!
echo "== pytest"
# -m "" takes the browser and PostgreSQL parts in, which a plain `pytest` leaves out.
.venv/bin/python -m pytest -m "" -n "${TEST_PROCESSES:-auto}" --dist worksteal "$@" || failed=1
wait "$checks" || failed=1
cat "$checked"
exit $failed
