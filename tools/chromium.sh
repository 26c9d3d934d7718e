#!/usr/bin/env bash
# Print the path of a Chromium; install Debian's with a Chinese font where it may.
#   tools/chromium.sh [shell]     the headless shell, where there is one: half the work for tests
set -euo pipefail
shell=()
[ "${1:-}" != shell ] || shell=(chromium-headless-shell)
for name in ${shell[@]+"${shell[@]}"} chromium chromium-browser google-chrome; do
  command -v "$name" && exit 0
done
install() { "$(dirname "$0")/package.sh" "the browser tests" "$1" "$1" fonts-noto-cjk; }
# Not every system that has Chromium has the shell by itself.
{ [ ${#shell[@]} -gt 0 ] && install "${shell[0]}"; } || install chromium
