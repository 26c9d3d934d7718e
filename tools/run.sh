#!/usr/bin/env bash
# The console with demo data: web and worker together. Ctrl-C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."
export PORT="${PORT:-5000}"

if ! [[ "$PORT" =~ ^[0-9]{1,5}$ ]] || ((10#$PORT < 1 || 10#$PORT > 65535)); then
  echo "PORT must be a number from 1 to 65535, not '$PORT'." >&2
  exit 1
fi
tools/venv.sh
export PATH="$PWD/.venv/bin:$PATH"
export BASE_URL="${BASE_URL:-http://localhost:$PORT}"

if ! python - "$PORT" <<'PYTHON'
import socket, sys

with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PYTHON
then
  echo "Port $PORT is taken: choose another with  make run PORT=5001" >&2
  exit 1
fi

mkdir -p -m 700 instance
flask --app wsgi db upgrade >instance/upgrade.log 2>&1 || {
  cat instance/upgrade.log >&2
  exit 1
}
made="instance/demo-made.$$"
(umask 077 && : >"$made")
trap 'rm -f "$made"' EXIT
echo "Preparing …"
flask --app wsgi demo --if-empty >"$made"
if [ -s "$made" ]; then
  mv "$made" instance/demo-accounts.txt
else
  rm -f "$made"
fi
trap - EXIT

cat <<TEXT

  The console runs at  $BASE_URL

$(sed 's/^/  /' instance/demo-accounts.txt 2>/dev/null || true)

  What to try first
  1. Sign in as applicant@example.cn and open the order that is being verified: whose turn it
     is, what exactly, and by when.
  2. Open the mock phone at $BASE_URL/miit/phone: the codes the ministry texted are there.
  3. Open the order's link to the portal and enter a code with the mobile number and the last six
     characters of the certificate; the checklist changes by itself.
  4. Sign in as reviewer@example.cn in another browser window: claim an order, approve or return it.
  5. Decide for the administration at $BASE_URL/miit/desk.

  Ctrl-C stops web and worker; the data stay in instance/.

TEXT
exec honcho -f Procfile start
