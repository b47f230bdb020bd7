#!/usr/bin/env bash
# Administers tenants as an operator does: usage: tenant_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --template-cache "$2" -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=tests/gateway/command/expect.sh
source "$here/expect.sh"

# Nothing is there yet, and that is said.
expect 1 tenant list
expect 0 migrate
prints 'control schema at version '
prints '; 0 tenants, '
# The application logs in as a role that owns nothing; the owner as who was given.
owner=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_OWNER_CONNINFO=$owner
export KAOGONG_POSTGRES_CONNINFO="$owner user=kaogong_app"

# A tenant is named, or nothing happens.
for command in 'input changes --scheme s --period 2026-09' 'people list --on 2026-09-01' 'period list' 'scheme versions' \
  'ledger balances l --period 2026-09' 'audit show' 'calendar list --from 2026-01-01 --to 2026-12-31'; do
  # shellcheck disable=SC2086
  expect 1 $command
  # shellcheck disable=SC2086
  expect 1 $command --tenant nobody
  says 'there is no tenant nobody'
done
expect 1 tenant create 'Not An Id'
says 'an id is a lower-case letter'
expect 0 tenant create acme --name 'Acme Trading' --people 3
expect 1 tenant create acme
says 'never used again'
expect 0 tenant create other
expect 0 tenant list
prints $'acme\tactive\tAcme Trading'
expect 0 tenant quota acme --runs-per-day 5
prints 'runs a day           5'
prints 'people at most       3'
expect 0 migrate --parallel 2
prints '2 tenants, 0 of them changed, 0 failed'
export KAOGONG_TENANT=acme

# Keys.
expect 0 key create --role hr --scope inputs:write --label import
key=$(cat out.txt)
[[ $key == kg_live_* ]] || fail "the key is '$key'"
printf '%s\n' "$key" | "$program" key verify >out.txt 2>err.txt || fail 'the key does not verify'
prints $'tenant\tacme'
prints 'inputs:write'
other=x
[[ $key != *x ]] || other=y
printf '%s\n' "${key%?}$other" | "$program" key verify >out.txt 2>err.txt && fail 'a wrong key verifies'
id=${key:0:20}
expect 1 key revoke "$id" --tenant other
expect 0 key revoke "$id"
printf '%s\n' "$key" | "$program" key verify >out.txt 2>err.txt && fail 'a revoked key verifies'
says 'was revoked'
expect 0 key create --operators --role operator
expect 1 key create --role nobody

# People and departments.
expect 0 department put SALES --name 销售 --from 2020-01-01
expect 1 department put SALES --name 销售 --parent SALES --from 2026-01-01
printf 'employee,name,hired_on,department,pay_group\nE1,张三,2026-01-10,SALES,a\nE2,李四,2026-01-10,,b\n' >people.csv
expect 0 people load people.csv --from 2026-02-01
prints '2 lines, 2 people added'
printf 'employee,name,hired_on,department\nE3,王五,2026-13-01,NOWHERE\n' >faulty.csv
expect 1 people load faulty.csv --from 2026-02-01 --lang zh
prints 'people.csv,2,E3,hired_on,2026-13-01,'
says 'nothing was stored'
expect 0 people change E1 --from 2026-06-01 step=5
expect 0 people show E1 --on 2026-06-01
prints $'SALES\t\t5\ta'
expect 0 people history E1
expect 0 people leave E2 --last-day 2026-08-31
expect 0 people list --on 2026-09-30 --department SALES
prints $'E1\t张三\tSALES'
expect 1 people list --on yesterday
says 'not a date'

# Calendar and periods.
printf 'day,kind,name\n2026-10-01,holiday,国庆\n2026-10-02,holiday,国庆\n2026-10-05,holiday,国庆\n' >days.csv
expect 0 calendar load days.csv
expect 0 calendar count 2026-09-30 1
prints 2026-10-06
expect 0 period open 2026-09 --window 5..10
prints $'2026-09\topen\t2026-10-06\t2026-10-12'
expect 1 period open 2026-09

# Schemes.
expect 0 scheme publish --template kitchen-monthly
prints $'kitchen-monthly\t1\tpublished'
expect 0 scheme versions
expect 0 scheme show kitchen-monthly
cp out.txt kitchen.yaml
sed -i 's/version: 1/version: 2/' kitchen.yaml
expect 0 scheme publish kitchen.yaml --ledger pay=paid:pay
prints $'kitchen-monthly\t2\tpublished'
expect 0 scheme list
prints $'kitchen-monthly\t2\tpublished'
expect 0 scheme assign kitchen-monthly --pay-group a --from 2026-09
expect 0 scheme people kitchen-monthly --period 2026-09
prints E1
expect 0 scheme people --employee E1 --period 2026-09
prints kitchen-monthly
expect 1 scheme show nothing
echo 'no scheme' >bad.yaml
expect 1 scheme publish bad.yaml
says 'nothing was published'

# Inputs.
expect 0 generate --template kitchen-monthly --period 2026-09 --employees 20 --out data --quiet
set=(--scheme kitchen-monthly --period 2026-09)
expect 0 input load data "${set[@]}"
says 'watermark 1'
expect 0 input check "${set[@]}"
expect 0 input export "${set[@]}" --out again
for sheet in population ratings; do
  diff <(sort "data/$sheet.csv") <(sort "again/$sheet.csv") >/dev/null || fail "$sheet is not as it was"
done
employee=$(sed -n '2s/,.*//p' data/population.csv)
expect 0 input patch population base_wage=-1 --employee "$employee" "${set[@]}" --reason 'a test'
expect 2 input check "${set[@]}"
prints "base_wage,-1"
expect 0 input changes "${set[@]}" --since 1
prints "$employee"
expect 0 input history population --employee "$employee" "${set[@]}"
prints 'a test'
expect 0 period state 2026-09 frozen
expect 1 input delete population --employee "$employee" "${set[@]}"
says 'needs a reason'
expect 0 input delete population --employee "$employee" "${set[@]}" --reason 'left'
expect 1 input show population --employee "$employee" "${set[@]}"
printf 'employee,base_wage\nX1,1\nX2\n' >data/population.csv
expect 1 input load data/population.csv --sheet population "${set[@]}" --reason late
prints 'population.csv,3,X2,'
expect 2 input load data/population.csv --sheet population "${set[@]}" --reason late --accept-rest
expect 1 input load data "${set[@]}" --tenant other
says 'there is no scheme kitchen-monthly'

# Ledgers.
expect 0 ledger post retained --employee E1 --period 2026-09 --key opening --kind opening --amount 12.50
expect 0 ledger post retained --employee E1 --period 2026-09 --key opening --kind opening --amount 12.50
prints 'before'
expect 1 ledger post retained --employee E1 --period 2026-09 --key opening --kind opening --amount 13
expect 0 ledger balances retained --period 2026-09
prints $'E1\t12.50'
expect 0 ledger show retained --employee E1

# The audit logs are whole, and say who.
expect 0 audit verify
prints 'whole: '
expect 0 audit show --subject E1 --as li
prints person.change
expect 0 audit verify --operators
psql "$owner" -qc 'alter table kg_acme.audit_log disable trigger all' \
  -c "update kg_acme.audit_log set actor = 'somebody' where seq = 3"
expect 1 audit verify
says 'broken at row 3'

# Suspended, exported, erased.
expect 0 tenant suspend acme --reason unpaid
expect 1 period list
says 'suspended'
expect 0 tenant resume acme
expect 0 period list
expect 0 tenant export acme --out export
[[ -s export/manifest.json && -s export/entries.csv ]] || fail 'the export is not whole'
expect 1 tenant erase acme
expect 0 tenant erase acme --yes
prints '"people":2'
expect 1 period list
says 'there is no tenant acme'
expect 0 tenant list --all
prints $'acme\terased'
expect 0 period list --tenant other

finish
