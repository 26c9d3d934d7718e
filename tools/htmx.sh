#!/usr/bin/env bash
# Fetch the scripts that browser tests answer the CDN's addresses with into .test-assets;
# or another package: tools/htmx.sh NAME VERSION INTEGRITY.
set -euo pipefail
cd "$(dirname "$0")/.."

fetch() { # package version integrity
  local name="$1" version="$2" integrity="$3" folder=".test-assets/$1" archive found
  if [ "$(cat "$folder/.fetched" 2>/dev/null)" = "$integrity" ]; then
    return 0
  fi
  if ! command -v npm >/dev/null; then
    echo "npm is needed to fetch $name $version for the browser tests." >&2
    exit 1
  fi
  mkdir -p .test-assets
  archive=".test-assets/$(cd .test-assets && npm pack --silent "$name@$version" 2>/dev/null)" || {
    echo "Cannot fetch $name $version with npm: check the network." >&2
    exit 1
  }
  found="sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)"
  if [ "$found" != "$integrity" ]; then
    echo "$name $version is not what was expected: $found" >&2
    exit 1
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  tar -xzf "$archive" -C "$folder" --strip-components=1
  rm -f "$archive"
  echo "$integrity" >"$folder/.fetched"
}

if [ $# -gt 0 ]; then
  fetch "$@"
  exit 0
fi
fetch htmx.org 4.0.1 \
  "sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg=="
fetch axe-core 4.11.0 \
  "sha512-ilYanEU8vxxBexpJd8cWM4ElSQq4QctCLKih0TSfjIfCQTeyH/6zVrmIJfLPrKTKJRbiG+cfnZbQIjAlJmF1jQ=="
