#!/usr/bin/env bash
# Every page looked over: axe-core, the W3C checker, Lighthouse, widths, keyboard, motion, print.
#   tools/pages.sh [--only PATTERN] [--language en] [--part pages|lighthouse]
set -euo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt
CHROMIUM="$(tools/chromium.sh)"
export CHROMIUM
tools/htmx.sh
tools/htmx.sh vnu-jar 26.9.27 \
  "sha512-TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="

tools/package.sh "the W3C checker" java default-jre-headless >/dev/null

lighthouse=12.8.2 # the newest that runs on Node 18
if [ "$(cat .test-assets/lighthouse/.fetched 2>/dev/null)" != "$lighthouse" ]; then
  echo "Fetching Lighthouse $lighthouse …" >&2
  mkdir -p .test-assets/lighthouse
  npm install --prefix .test-assets/lighthouse --silent --no-audit --no-fund --ignore-scripts \
    --no-save "lighthouse@$lighthouse" >&2
  echo "$lighthouse" >.test-assets/lighthouse/.fetched
fi
exec .venv/bin/python -m tests.pages.look_over "$@"
