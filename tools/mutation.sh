#!/usr/bin/env bash
# Mutation testing of the rules and the guards, in a copy: no mutant ever stands in this folder.
#   ONLY=console/rules/lifecycle.py   one module instead of all
#   SHARE=10                          each tenth mutant instead of all
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/mutation/requirements.txt || exit 1
python="$PWD/.venv/bin/python"
failed=0
for group in rules guards; do
  if [ -n "${ONLY:-}" ]; then
    case "$ONLY" in
      console/rules/*) [ "$group" = rules ] || continue ;;
      *) [ "$group" = guards ] || continue ;;
    esac
  fi
  # What was tried before is kept there, and tried again only where it has changed.
  copy="${TMPDIR:-/tmp}/console-mutation/$group"
  # A test that is gone must not be asked any more.
  rm -rf "$copy/tests" "$copy/mutants/tests"
  mkdir -p "$copy"
  # Only what differs is copied: a file that looks new is mutated anew.
  git ls-files -z | while IFS= read -r -d '' file; do
    cmp -s "$file" "$copy/$file" && continue
    mkdir -p "$copy/$(dirname "$file")" && cp "$file" "$copy/$file"
  done
  (cd "$copy" && nice -n 15 "$python" -m tests.mutation "$group" ${ONLY:+"$ONLY"} | tr '\r' '\n' |
    grep -vE '^.{0,2}[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]'; exit "${PIPESTATUS[0]}") || failed=1
done
exit $failed
