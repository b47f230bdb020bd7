#!/usr/bin/env bash
# Ratings as NDJSON through the server, beside COPY alone: usage: upload.sh PROGRAM [LINES]. What is promised is at least half
# of COPY's speed, in memory that does not grow with the lines. On a durable PostgreSQL of its own.
#
# COPY alone is psql's \copy of the same rows, as CSV, into a table of their columns with the key that an entry has.
set -euo pipefail
export LC_ALL=C
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --durable -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=bench/runs/prepare.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/runs/prepare.sh"
lines=${2:-1000000} times=${3:-3}
owner=$KAOGONG_POSTGRES_CONNINFO
begin
quietly tenant create acme
quietly period open 2026-10 --tenant acme
# Ten ratings each, those of one employee together.
awk -v n="$lines" 'BEGIN {
  for (i = 0; i < n; ++i) printf "{\"employee\":\"E%07d\",\"source\":\"s%d\",\"points\":%d.%d}\n", int(i / 10), i % 10, i % 9, i % 10
}' >rows.ndjson
awk -v n="$lines" 'BEGIN {
  for (i = 0; i < n; ++i) printf "E%07d,s%d,%d.%d\n", int(i / 10), i % 10, i % 9, i % 10
}' >rows.csv
# A scheme with just these columns.
cat >ratings.yaml <<'SCHEME'
kaogong: 1
id: ratings
version: 1
labels: {zh: 评分, en: Ratings}
periods: [month]
inputs:
  wage: {type: money, min: 0}
tables:
  ratings:
    columns:
      source: {type: string}
      points: {type: number, decimals: 1, min: 0, max: 10}
    key: [source]
decisions:
  score: {type: score, expr: 'sum(ratings.points)'}
outputs: [score]
SCHEME
quietly scheme publish ratings.yaml --tenant acme
key=$("$program" key create --tenant acme --role tenant_admin --label bench 2>/dev/null | grep -o 'kg_[A-Za-z0-9_]*' | tail -1)
KAOGONG_SERVER_PORT=0 KAOGONG_POSTGRES_OWNER_CONNINFO=$owner "$program" serve >address 2>serve.txt &
server=$!
trap 'kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf -- "$work"' EXIT
until grep -q '^http' address; do
  kill -0 "$server" 2>/dev/null || { cat serve.txt >&2; exit 1; }
done
url=$(head -1 address)/v1/inputs/ratings/2026-10/sheets/ratings
copy_alone() {
  psql -qX "$owner" -c 'DROP TABLE IF EXISTS public.ratings_alone; CREATE TABLE public.ratings_alone (employee text COLLATE "C", source text COLLATE "C", points numeric(3, 1), PRIMARY KEY (employee, source))'
  seconds psql -qX "$owner" -c "\\copy public.ratings_alone FROM 'rows.csv' WITH (FORMAT csv)"
}
upload() {
  # Into an empty sheet each time.
  psql -qX "$owner" -c 'TRUNCATE kg_acme.entries'
  seconds curl -sS --fail-with-body -o answer.json -T rows.ndjson -X POST -H "Authorization: Bearer $key" \
    -H 'Content-Type: application/x-ndjson' "$url"
  grep -q "\"lines\":$lines,\"refused_lines\":0" answer.json || { cat answer.json >&2; exit 1; }
}
middle() { sort -n | sed -n "$(((times + 1) / 2))p"; }
alone=$(for ((i = 0; i < times; ++i)); do copy_alone; done | middle)
through=$(for ((i = 0; i < times; ++i)); do upload; done | middle)
memory=$(awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$server/status")
awk -v n="$lines" -v a="$alone" -v u="$through" -v m="$memory" 'BEGIN {
  printf "%d lines: %.3f s by COPY alone, %.3f s through the server: %.2f of its speed; server at most %d MB\n", n, a, u, a / u, m
}'
