#!/usr/bin/env bash
# The part of the demo that has servers: usage: kaogong cluster -- tenants.sh PROGRAM, in a folder with the generated
# files of 2026-10. Three companies are made, loaded, computed by a worker, published, corrected and verified. Writes the
# number of its last chapter to the file `chapter`.
set -euo pipefail

program=${1:?usage: tenants.sh PROGRAM}
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
employees=${KAOGONG_DEMO_EMPLOYEES:-100000}
# shellcheck source=tenants/demo/show.sh
source "$here/show.sh"
worker=''
finish() {
  trap '' INT TERM HUP
  stop_running
  [[ -z $worker ]] || kill -TERM "$worker" 2>/dev/null || true
  [[ -z $worker ]] || wait "$worker" 2>/dev/null || true
}
trap finish EXIT

# What a run's command printed of one name.
field() { sed -n "s/^$1\t//p" printed; }

# publish TENANT SCHEME PERIOD: a run, computed by the worker, approved and published, as one line. Its number: $run.
publish() {
  local began
  began=$(now_us)
  export KAOGONG_TENANT=$1
  quietly run create --scheme "$2" --period "$3" --wait --quiet
  run=$(field run)
  local people
  people=$(field people)
  quietly run approve "$run"
  quietly run publish "$run"
  printf '     %-10s %-20s %-8s run %d %9s people  %s in %s\n' "$1" "$2" "$3" "$run" "$(grouped "$people")" \
    "$(field state)" "$(since "$began")"
}

# load TENANT SCHEME PERIOD EMPLOYEES [FOLDER]: a generated company's inputs of one period, as one line.
load() {
  local data=${5:-$1-$3}
  export KAOGONG_TENANT=$1
  [[ -d $data ]] || quietly generate --template "$2" --period "$3" --employees "$4" --seed 2026 --out "$data" --quiet
  local began
  began=$(now_us)
  quietly period open "$3"
  quietly input load "$data" --scheme "$2" --period "$3"
  printf '     %-10s %-20s %-8s %9s rows in %s\n' "$1" "$2" "$3" \
    "$(grouped "$(awk '{ rows += $2 } END { print rows }' <(grep -h ' lines;' printed remarked))")" "$(since "$began")"
  rm -rf -- "$data"
}

title "Three companies in one PostgreSQL 三家公司，各有其库"
say "Each tenant has a schema and a role of its own; what is not its own it cannot see."
say "每个租户有自己的模式和角色，看不到别人的数据。"
export KAOGONG_POSTGRES_OWNER_CONNINFO=$KAOGONG_POSTGRES_CONNINFO
kaogong migrate
export KAOGONG_POSTGRES_CONNINFO="$KAOGONG_POSTGRES_CONNINFO user=kaogong_app"
kaogong tenant create trade --name '海达外贸 Haida Trading'
quietly tenant create logistics --name '顺行物流 Shunxing Logistics'
quietly tenant create canteen --name '百味餐饮 Baiwei Canteens'
kaogong tenant list
KAOGONG_TENANT=trade kaogong scheme publish --template trade-monthly
KAOGONG_TENANT=logistics quietly scheme publish --template logistics-half-year
KAOGONG_TENANT=canteen quietly scheme publish --template kitchen-monthly

title "Their people and figures 数据录入"
say "input load: CSV files into the database, with who and when; every later change is kept beside what it replaced."
say "录入的每一次修改都留痕，旧值不丢。"
load trade trade-monthly 2026-08 "$employees"
load trade trade-monthly 2026-09 "$employees"
load trade trade-monthly 2026-10 "$employees" 2026-10
load logistics logistics-half-year 2026-H2 $((employees / 5))
load canteen kitchen-monthly 2026-10 $((employees / 10))

title "Runs: frozen, computed, approved, published 计算与发布"
say "A worker computes what waits; any number of them, on any machines, share the work. One is started here."
say "计算由 worker 进程完成，可在任意多台机器上同时运行。"
"$program" worker 2>worker.log &
worker=$!
publish trade trade-monthly 2026-08
first=$run
publish trade trade-monthly 2026-09
publish trade trade-monthly 2026-10
last=$run
publish logistics logistics-half-year 2026-H2
publish canteen kitchen-monthly 2026-10
export KAOGONG_TENANT=trade
kaogong run leaders "$first" --output commission --count 3
employee=$(sed -n '1s/^[^\t]*\t\([^\t]*\).*/\1/p' printed)

title "A late correction 迟到的更正"
say "In November a bad debt of August becomes known, and $employee answers for it. At most a fifth of a month's wage may"
say "be withheld: what is left is carried on. So August is computed again, and every month that it reaches."
say "十一月才发现八月的一笔坏账：每月最多扣五分之一，余额结转，所以八月及受影响的各月全部重算。"
kaogong input patch population bad_debt_loss=80000.00 --employee "$employee" --scheme trade-monthly --period 2026-08 \
  --reason 'bad debt found in November'
say "A correction holds only those who differ; what was published before stays as it was. 更正只记差异，原结果不动。"
kaogong run correct --scheme trade-monthly --period 2026-08 --quiet
corrections=$(cut -f1 printed)
correction=${corrections##*$'\n'}
for run in $corrections; do
  quietly run approve "$run"
  quietly run publish "$run"
done

title "What differs, August and October 更正前后的差异"
kaogong run diff "$first" "${corrections%%$'\n'*}" --all --warn gross_pay=20
kaogong run diff "$last" "$correction"

title "Why? A stored figure, explained 存档的数字是怎么来的"
say "October's correction: what is due comes from September, which comes from August. 十月的应扣款来自上月结转。"
kaogong run explain "$correction" --employee "$employee" --value deductions_due --depth 1 --lang zh

title "Rebuilt from its inputs, bit for bit 逐位核对"
say "A run names all that it was computed from, so that it can be computed again at any time, and compared."
say "每次计算都记下全部依据，随时可以重算核对。"
kaogong run verify "$correction"
kaogong run list --limit 8
kaogong audit verify
echo "$chapter" >chapter
