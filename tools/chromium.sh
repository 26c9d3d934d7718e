#!/usr/bin/env bash
# Print the path of a Chromium; install Debian's with a Chinese font where it may.
set -euo pipefail
find_it() {
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" && return 0
  done
  return 1
}
if ! find_it >/dev/null; then
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    sudo="sudo -n"
    if ! $sudo true 2>/dev/null; then
      echo "Chromium is needed for the browser tests: install the package chromium." >&2
      exit 1
    fi
  fi
  if ! command -v apt-get >/dev/null; then
    echo "Chromium is needed for the browser tests; install it and run this again." >&2
    exit 1
  fi
  echo "Installing Chromium …" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    chromium fonts-noto-cjk >&2
fi
find_it
