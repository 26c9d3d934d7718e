#!/usr/bin/env bash
# Format, lint, types and the direction of imports; every one is run, any one may fail.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=0
for check in "ruff format --check ." "ruff check ." "mypy" "lint-imports"; do
  echo "== $check"
  $check || failed=1
done
exit $failed
