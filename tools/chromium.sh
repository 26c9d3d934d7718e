#!/usr/bin/env bash
# Print the path of a Chromium; install Debian's with a Chinese font where it may.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" && exit 0
done
exec "$(dirname "$0")/package.sh" "the browser tests" chromium chromium fonts-noto-cjk
