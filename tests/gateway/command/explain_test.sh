#!/usr/bin/env bash
# Runs `kaogong explain`: exit statuses, both languages, JSON. usage: explain_test.sh PROGRAM CASES
set -uo pipefail
export LC_ALL=C.UTF-8
program=$(readlink -f -- "$1")
cases=$(readlink -f -- "$2")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $*"
  sed 's/^/    /' out.txt err.txt | head -n 20
  failures=$((failures + 1))
}
# explain STATUS DATA ARGUMENT...: of trade-monthly.
explain() {
  local wanted=$1 data=$2 status=0
  shift 2
  "$program" explain --template trade-monthly --period 2026-10 --data "$data" "$@" >out.txt 2>err.txt || status=$?
  ((status == wanted)) || fail "status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" err.txt || fail "standard error does not say: $1"; }
prints() { grep -qF -- "$1" out.txt || fail "standard output does not say: $1"; }

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

((failures == 0)) && echo 'all passed'
exit $((failures > 0))
