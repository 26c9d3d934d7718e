#!/usr/bin/env bash
# Print the path of a Redis server for the tests of shared limits; install Debian's where it may.
set -euo pipefail
if ! command -v redis-server >/dev/null; then
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    sudo="sudo -n"
    if ! $sudo true 2>/dev/null; then
      echo "Redis is needed for the tests of shared limits: install the package redis-server." >&2
      exit 1
    fi
  fi
  if ! command -v apt-get >/dev/null; then
    echo "Redis is needed for the tests of shared limits; install it and run this again." >&2
    exit 1
  fi
  echo "Installing Redis …" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
    redis-server >&2
fi
command -v redis-server
