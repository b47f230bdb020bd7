#!/usr/bin/env bash
# Twelve published months of trade-monthly, then the year again with the differences: usage: year_end.sh PROGRAM
# [EMPLOYEES]. On a durable PostgreSQL of its own.
set -euo pipefail
export LC_ALL=C
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --durable -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=bench/runs/prepare.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/prepare.sh"
employees=${2:-100000}
begin
quietly tenant create trade
export KAOGONG_TENANT=trade
quietly scheme publish --template trade-monthly
"$program" worker >worker.out 2>worker.txt &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null; wait "$worker" 2>/dev/null; rm -rf -- "$work"' EXIT
for m in 01 02 03 04 05 06 07 08 09 10 11 12; do
  load=$(seconds month trade trade-monthly 2026-$m "$employees")
  make=$(seconds quietly run create --scheme trade-monthly --period 2026-$m --wait --quiet)
  id=$((10#$m))
  quietly run approve "$id"
  publish=$(seconds quietly run publish "$id")
  echo "2026-$m: entered $load s, frozen and computed $make s, published $publish s"
done
first=$(sed -n '2{s/,.*//p;q}' data/population.csv)
quietly input patch population bad_debt_loss=100.00 --employee "$first" --scheme trade-monthly --period 2026-12
year=$(seconds quietly run year-end --scheme trade-monthly --period 2026 --wait --quiet)
grep -E '^(rows|people|result_hash)' out.txt
echo "year of 12 x $employees: $year s, differences included"
check=$(seconds quietly run verify 13)
echo "verified bit for bit in $check s"
