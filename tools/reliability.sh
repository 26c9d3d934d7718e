#!/usr/bin/env bash
# The long runs, each bounded, each with its planted fault; prints a figure a line. About three
# quarters of an hour on two quiet cores. MINUTES bounds each kill loop; KILLS=10 is a quick look.
#   tools/reliability.sh [NAME …]     only these programs
set -uo pipefail
cd "$(dirname "$0")/.."
tools/venv.sh tests/requirements.txt || exit 1
log="${TMPDIR:-/tmp}/reliability.log"
wanted=" $* "
failed=0
run() {
  case "$wanted" in "  " | *" $1 "*) ;; *) return ;; esac
  .venv/bin/python -m "tests.reliability.$1" "${@:2}" 2>>"$log" || failed=1
}
for database in sqlite postgresql; do
  run rounds --rounds "${ROUNDS:-100}" --decisions "${DECISIONS:-50}" --database "$database"
  run kill_loop --kills "${KILLS:-300}" --minutes "${MINUTES:-20}" --database "$database"
  run lost_answers --seconds "${SECONDS_EACH:-60}" --database "$database"
  run clock_moves --database "$database"
  run outage --seconds "${SECONDS_EACH:-60}" --database "$database"
  run writers --database "$database"
done
run timing --requests "${REQUESTS:-300}"
run soak --requests "${SOAK:-10000}"
run rounds --rounds 3 --decisions 3 --plant
run timing --requests 40 --plant
run kill_loop --kills 8 --plant
run lost_answers --seconds 20 --plant
run clock_moves --orders 4 --plant
run outage --orders 20 --seconds 5 --plant
run writers --seconds 8 --plant
run soak --requests 600 --plant
exit $failed
