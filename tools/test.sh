#!/usr/bin/env bash
# All tests, on SQLite and PostgreSQL and in the browser, and all checks.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt || exit 1
CHROMIUM="$(tools/chromium.sh)" || exit 1
export CHROMIUM
tools/htmx.sh || exit 1
tools/redis.sh >/dev/null || exit 1

failed=0
tools/lint.sh || failed=1
echo "== pytest"
# -m "" takes the browser and PostgreSQL parts in, which a plain `pytest` leaves out.
.venv/bin/python -m pytest -m "" -n "${TEST_PROCESSES:-auto}" --dist loadgroup "$@" || failed=1
exit $failed
