#!/usr/bin/env bash
# Bring .venv up to date with a list of requirements; nothing is installed when the list is as it was.
#   tools/venv.sh [requirements.txt]
set -euo pipefail
cd "$(dirname "$0")/.."
list="${1:-requirements.txt}"

python=""
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null &&
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$name"
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or later is needed; found: $(python3 --version 2>&1 || echo none)." >&2
  exit 1
fi

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
    echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi

wanted="$(cat requirements.txt "$list" | cksum)"
stamp=".venv/.installed-$(echo "$list" | tr '/' '-')"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  exit 0
fi
echo "Installing what $list names into .venv …"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! .venv/bin/python -m pip install --disable-pip-version-check --no-input -q -r "$list" \
  >"$log" 2>&1; then
  if grep -qiE 'NewConnectionError|Temporary failure|Could not fetch|timed out|ProxyError|from versions: none' "$log"; then
    echo "Cannot get the packages from the package index: check the network, then run this again." >&2
  else
    tail -n 20 "$log" >&2
    echo "Installing $list failed; the reason is above." >&2
  fi
  exit 1
fi
echo "$wanted" >"$stamp"
