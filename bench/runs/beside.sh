#!/usr/bin/env bash
# One tenant's small runs alone, and beside another's large one: usage: beside.sh PROGRAM [LARGE [SMALL [TIMES]]]. What is
# promised is a ratio of at most two. On a durable PostgreSQL of its own.
set -euo pipefail
export LC_ALL=C
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --durable -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=bench/runs/prepare.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/prepare.sh"
large=${2:-500000} small=${3:-1000} times=${4:-10}
begin
for tenant in large small; do
  quietly tenant create "$tenant"
  quietly scheme publish --template kitchen-monthly --tenant "$tenant"
done
month large kitchen-monthly 2026-10 "$large"
month small kitchen-monthly 2026-10 "$small"
"$program" worker >worker.out 2>worker.txt &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null; wait "$worker" 2>/dev/null; rm -rf -- "$work"' EXIT
# small_runs: the seconds of each, sorted.
small_runs() {
  local i
  for ((i = 0; i < times; ++i)); do
    seconds quietly run create --scheme kitchen-monthly --period 2026-10 --tenant small --wait --quiet
  done | sort -n
}
middle() { sed -n "$(((times + 1) / 2))p"; }
quietly run create --scheme kitchen-monthly --period 2026-10 --tenant small --wait --quiet # everything is warm
alone=$(small_runs | middle)
(while [[ ! -e enough ]]; do
  "$program" run create --scheme kitchen-monthly --period 2026-10 --tenant large --wait --quiet >/dev/null 2>&1 || true
done) &
loader=$!
until "$program" run list --tenant large --state calculating | grep -q .; do :; done
beside=$(small_runs | middle)
touch enough
wait "$loader"
awk -v a="$alone" -v b="$beside" 'BEGIN {printf "small runs: %.3f s alone, %.3f s beside a large one: %.2f times\n", a, b, b / a}'
