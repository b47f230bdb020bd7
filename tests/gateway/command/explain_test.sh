#!/usr/bin/env bash
# Runs `kaogong explain`: exit statuses, both languages, JSON. usage: explain_test.sh PROGRAM CASES
set -uo pipefail
export LC_ALL=C.UTF-8
cases=$(readlink -f -- "$2")
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/expect.sh"

# explain STATUS DATA ARGUMENT...: of trade-monthly.
explain() {
  local wanted=$1 data=$2
  shift 2
  expect "$wanted" explain --template trade-monthly --period 2026-10 --data "$data" "$@"
}

data=$cases/trade-monthly
explain 0 "$data" --employee E000009 --value commission
prints 'Commission commission = 825.58  money, half-up to 2 decimals, unrounded 825.5815104'
explain 0 "$data" --employee E000009 --value 月度业务提成 --lang zh
prints '月度业务提成 commission = 825.58'
prints '适用'
explain 0 "$data" --employee E000009 --all --format json
prints '"refused": false'
explain 0 "$data" --employee E000009 --value commission --depth 0
prints '(not opened)'
explain 1 "$data" --employee E000009 --value comission
says 'did you mean "commission"?'
explain 1 "$data" --employee E00009
says 'did you mean "E000009"?'
explain 1 nowhere --employee E000009

# What score writes is what is explained.
"$program" score --template trade-monthly --period 2026-10 --data "$data" --out result --quiet
column=$(head -n 1 result/results.csv | tr ',' '\n' | grep -nx gross_pay | cut -d: -f1)
pay=$(grep '^E000002,' result/results.csv | cut -d, -f"$column")
explain 0 "$data" --employee E000002 --value gross_pay
prints "gross_pay = $pay "

# A refused employee: the reasons, in place of figures.
mkdir faulty
cp -- "$data"/*.csv faulty
chmod -R u+w faulty
sed -i '3s/,salesperson,/,boss,/' faulty/population.csv
sed -i '/^E000004,loyalty,self,/d' faulty/ratings.csv
explain 2 faulty --employee E000001 --value score
prints "population.csv line 3, position = boss"
explain 2 faulty --employee E000004 --lang zh --value score
prints '缺少1项:loyalty/self'
explain 2 faulty --employee E000004 --format json
prints '"refused": true'

finish
