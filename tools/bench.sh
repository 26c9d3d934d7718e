#!/usr/bin/env bash
# P1 to P13 side by side: a table, and bench.json. QUICK=1: in about two minutes. ONLY="p01 p08".
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt || exit 1
tools/venv.sh tests/bench/requirements.txt || exit 1
quick=""
case "${QUICK:-}" in "" | 0) ;; *) quick="--quick" ;; esac
# shellcheck disable=SC2086  # ONLY names several
exec .venv/bin/python -m tests.bench $quick ${ONLY:-}
