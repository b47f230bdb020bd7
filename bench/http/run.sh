#!/usr/bin/env bash
# The server beside nginx and Fastify, all in one run: usage: run.sh PROGRAM [REPETITIONS] [SECONDS]
# Brings a PostgreSQL and a Redis of its own. Needs wrk, nginx, python3 and openssl; Fastify if node and npm are there.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
program=$(readlink -f -- "$1")
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$program" cluster -- "${BASH_SOURCE[0]}" "$program" "${@:2}"
fi
for tool in wrk nginx python3 openssl; do
  command -v "$tool" >/dev/null || { echo "run.sh: $tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work"

# One tenant with a published month.
owner=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_OWNER_CONNINFO=$owner KAOGONG_POSTGRES_CONNINFO="$owner user=kaogong_app" KAOGONG_TENANT=bench
{
  "$program" migrate
  "$program" tenant create bench --name Bench --requests-per-second 1000000000
  "$program" key create --role hr >key.txt
  "$program" scheme publish --template kitchen-monthly
  "$program" generate --template kitchen-monthly --period 2026-07 --employees 1000 --seed 7 --out data --quiet
  "$program" period open 2026-07
  "$program" input load data --scheme kitchen-monthly --period 2026-07
  "$program" run create --scheme kitchen-monthly --period 2026-07
  "$program" worker --until-idle
  "$program" run approve 1
  "$program" run publish 1
} >made.txt 2>&1 || { cat made.txt >&2; exit 1; }
grep -o 'kg_[a-z]*_[0-9A-Za-z_]*' key.txt | awk '{print length, $0}' | sort -rn | head -1 | cut -d' ' -f2 >key
sed 1d data/population.csv | cut -d, -f1 >employees
head -1 employees >employee

# Fastify, where it can be had.
if command -v node >/dev/null && command -v npm >/dev/null; then
  cp "$here/fastify.js" .
  npm install --silent --no-fund --no-audit fastify@4 ioredis@5 pg@8 >npm.txt 2>&1 || cat npm.txt >&2
fi
python3 "$here/bench.py" "$program" "${2:-5}" "${3:-3}"
