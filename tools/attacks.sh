#!/usr/bin/env bash
# Attacks on the console, bounded: scripts in every text (in Chromium), sqlmap on forms and addresses.
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/attacks/requirements.txt || exit 1
CHROMIUM="$(tools/chromium.sh)" || exit 1
export CHROMIUM
tools/htmx.sh || exit 1
log="${TMPDIR:-/tmp}/attacks.log"
failed=0
.venv/bin/python -m pytest -m "" tests/attacks/in_chromium.py || failed=1
for database in sqlite postgresql; do
  .venv/bin/python -m tests.attacks.sqlmap --database "$database" 2>>"$log" || failed=1
done
exit $failed
