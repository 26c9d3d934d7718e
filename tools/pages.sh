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

if ! command -v java >/dev/null; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if ! command -v apt-get >/dev/null || { [ -n "$sudo" ] && ! $sudo true 2>/dev/null; }; then
    echo "Java is needed for the W3C checker: install the package default-jre-headless." >&2
    exit 1
  fi
  echo "Installing Java …" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    default-jre-headless >&2
fi

lighthouse=12.8.2 # the newest that runs on Node 18
if [ "$(cat .test-assets/lighthouse/.fetched 2>/dev/null)" != "$lighthouse" ]; then
  echo "Fetching Lighthouse $lighthouse …" >&2
  mkdir -p .test-assets/lighthouse
  npm install --prefix .test-assets/lighthouse --silent --no-audit --no-fund --ignore-scripts \
    --no-save "lighthouse@$lighthouse" >&2
  echo "$lighthouse" >.test-assets/lighthouse/.fetched
fi
exec .venv/bin/python -m tests.pages.look_over "$@"
