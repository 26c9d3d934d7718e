#!/usr/bin/env bash
# Print the path of a command; install its Debian packages where it is missing and that is allowed.
#   tools/package.sh WHAT-IT-IS-FOR COMMAND PACKAGE…
set -euo pipefail
purpose="$1" name="$2"
shift 2
if ! command -v "$name" >/dev/null; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  if ! command -v apt-get >/dev/null || { [ -n "$sudo" ] && ! $sudo true 2>/dev/null; }; then
    echo "$name is needed for $purpose: install $* and run this again." >&2
    exit 1
  fi
  echo "Installing $* …" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >&2
fi
command -v "$name"
