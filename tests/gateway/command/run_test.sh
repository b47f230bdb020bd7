#!/usr/bin/env bash
# A tenant's months, from inputs to a correction, as an operator does them: usage: run_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --template-cache "$2" -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=tests/gateway/command/expect.sh
source "$here/expect.sh"

expect 0 migrate
owner=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_OWNER_CONNINFO=$owner
export KAOGONG_POSTGRES_CONNINFO="$owner user=kaogong_app"
expect 0 tenant create acme --name 'Acme Canteen'
export KAOGONG_TENANT=acme
expect 0 scheme publish --template kitchen-monthly

# Three months of a generated canteen.
months=(2026-07 2026-08 2026-09)
for month in "${months[@]}"; do
  expect 0 generate --template kitchen-monthly --period "$month" --employees 500 --seed 7 --out "$month" --quiet
  expect 0 period open "$month"
  expect 0 input load "$month" --scheme kitchen-monthly --period "$month"
done

# Nobody works yet: it waits.
expect 0 run create --scheme kitchen-monthly --period 2026-07 --key july
prints $'state\tcalculating'
expect 0 run create --scheme kitchen-monthly --period 2026-07 --key july
prints $'run\t1'
expect 1 run approve 1
says 'is calculating'
expect 0 worker --until-idle
expect 0 run wait 1
prints $'state\tcalculated'
expect 0 run verify 1
prints 'bit for bit'

# The same as over the data folder.
expect 0 score --template kitchen-monthly --period 2026-07 --data 2026-07 --out scored --quiet
expect 0 run export 1
sort out.txt >stored.csv
sort scored/results.csv | diff - stored.csv >/dev/null || fail 'the run is not what kaogong score gives'
expect 0 run approve 1
expect 0 run publish 1
prints $'state\tpublished'
expect 1 run cancel 1 --why late
says 'is published'

# A worker that stays; SIGTERM ends it.
printf 'log: {level: info}\n' >worker.yaml
"$program" worker --config worker.yaml --metrics-file metrics.txt 2>worker.txt &
worker=$!
for month in 2026-08 2026-09; do
  expect 0 run create --scheme kitchen-monthly --period "$month" --wait
  expect 0 run list --state calculated --limit 1
  run=$(cut -f1 out.txt)
  expect 0 run approve "$run"
  expect 0 run publish "$run"
done
expect 0 run diff 1 2 --warn pay=10
prints 'before, 500 after'
expect 1 run diff 1 2 --warn nothing=10
expect 0 run leaders 2 --output pay --count 3
prints $'1\t'
expect 0 run distribution 2 --output pay
prints $'rows\t500'

# One wage of July was wrong.
employee=$(sed -n '2s/,.*//p' 2026-07/population.csv)
expect 0 run result 1 --employee "$employee"
prints $'pay\t'
expect 0 run what-if 1 --input "$employee:base_wage=1.00" --all
prints "$employee,changed,pay,"
head -n 1 out.txt | grep -qx 'employee,change,output,before,after,delta,warning' || fail 'the header is not as it should be'
expect 0 input patch population base_wage=1.00 --employee "$employee" --scheme kitchen-monthly --period 2026-07
expect 0 run correct --scheme kitchen-monthly --period 2026-07
prints $'4\tkitchen-monthly\t2026-07\t1'
expect 0 run result 4 --employee "$employee"
expect 0 run explain 4 --employee "$employee" --value pay --lang en
prints 'base_wage'
expect 1 run explain 4 --employee nobody --value pay
says 'not in the population'
expect 0 run rejects 1
[[ $(<out.txt) == file,line,employee,column,value,error ]] || fail 'nobody was refused'
expect 0 run year-end --scheme kitchen-monthly --period 2026 --wait
prints $'kind\tyear_end'
expect 0 run verify 5
# It takes over what may change while it runs, and says what may not.
printf 'log: {level: debug}\nworker: {poll_ms: 99}\n' >worker.yaml
kill -HUP "$worker"
grep -q -m1 '"event":"settings_reloaded"' < <(timeout 60 tail -n +1 -f --pid="$worker" worker.txt) || fail 'nothing is reloaded'
grep -q '"event":"setting_needs_restart".*worker.poll_ms' worker.txt || fail 'it is not said what takes a restart'
kill -TERM "$worker"
wait "$worker" || fail 'the worker did not end well'
for metric in 'kaogong_postgres_connections{state="in_use"} ' 'kaogong_worker_chunks_total{outcome="written"} [1-9]'; do
  grep -q "^$metric" metrics.txt || fail "the metrics have no $metric"
done
grep -q 'runs calculated' worker.txt || fail 'the worker says nothing of what it did'
expect 0 audit verify
expect 1 run show 99
says 'there is no run 99'
finish
