#!/usr/bin/env bash
# The command pack, and packs of one's own given to the other commands. usage: pack_test.sh PROGRAM
set -uo pipefail
export LC_ALL=C.UTF-8
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/expect.sh"

cat >scheme.yaml <<'YAML'
kaogong: 1
id: test
periods: [month]
uses: [my.pay]
inputs: {wage: {type: money}}
decisions: {tax: {type: money, expr: my.pay.tax(wage)}}
outputs: [tax]
YAML
cat >pack.yaml <<'YAML'
kaogong_pack: 1
id: my.pay
version: 2
labels: {zh: 自有, en: My own}
jurisdiction: XX
tables:
  rates:
    columns: {rate: {type: rate}}
    editions: [{effective_from: 2026-01-01, source: a decree, rows: [[0.1]]}]
functions:
  tax: {labels: {zh: 税, en: Tax}, parameters: {x: {type: money}}, result: {type: money, expr: x * rates.rate}}
YAML
mkdir -p data
printf 'employee,wage\nE1,1000.00\n' >data/population.csv

expect 0 pack list --pack pack.yaml
prints 'cn.iit.cumulative(income: money'
prints 'my.pay       version 2'
prints 'sha256:'
expect 0 pack show cn.social
prints 'id: cn.social'
expect 1 pack show cn.nothing
expect 0 pack check pack.yaml cn.iit
prints '0 errors, 0 warnings, 0 notes'
expect 0 pack schema
prints '"$ref": "#/$defs/pack"'

expect 0 score --scheme scheme.yaml --pack pack.yaml --period 2026-04 --data data --out out --quiet
[[ $(cat out/results.csv) == $'employee,tax\nE1,100.00' ]] || fail "results.csv is not as expected"
expect 0 explain --scheme scheme.yaml --pack pack.yaml --period 2026-04 --data data --employee E1 --quiet
prints 'in force from 2026-01-01, my.pay line 9'
expect 0 scheme check scheme.yaml --pack pack.yaml
expect 0 scheme diff scheme.yaml scheme.yaml --pack pack.yaml

expect 1 score --scheme scheme.yaml --period 2026-04 --data data --out out --quiet
says 'there is no pack "my.pay"'
expect 1 score --scheme scheme.yaml --pack pack.yaml --period 2025-12 --data data --out out --quiet
says "has no rows of 'rates' in force on 2025-12-31"
sed 's/rates.rate/rates.rat/' pack.yaml >wrong.yaml
expect 1 pack check wrong.yaml
prints "wrong.yaml:11:"
expect 1 score --scheme scheme.yaml --pack wrong.yaml --period 2026-04 --data data --out out --quiet
says 'unknown-name'
expect 1 score --scheme scheme.yaml --pack nowhere.yaml --period 2026-04 --data data --out out --quiet
says 'the pack nowhere.yaml cannot be read'
finish
