#!/usr/bin/env bash
# The commands at a server, each beside the same command in PostgreSQL: usage: remote_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
# shellcheck source=tests/gateway/command/at_server.sh
source "$here/at_server.sh"

expect 0 migrate
export KAOGONG_POSTGRES_OWNER_CONNINFO=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_CONNINFO="$KAOGONG_POSTGRES_CONNINFO user=kaogong_app"
expect 0 key create --operators --role operator
cp out.txt operator
mkfifo address.txt
"$program" serve --worker --set server.port=0 --set server.drain_delay_ms=0 >address.txt 2>serve.txt &
server=$!
read -r address <address.txt || fail "no server: $(cat serve.txt)"

# remote STATUS COMMAND…: by the tenant's administrator.
remote() { expect "$@" --server "$address" --key-file admin; }
# same COMMAND…: through the server it is what it is in PostgreSQL.
same() {
  expect 0 "$@" --tenant acme
  cp out.txt local.txt
  remote 0 "$@"
  cmp -s out.txt local.txt || fail "$*: $(diff local.txt out.txt | head -n 6)"
}

# Operators.
expect 0 tenant create acme --name 'Acme Canteen' --people 100 --server "$address" --key-file operator
prints $'acme\tactive\tAcme Canteen'
expect 0 tenant quota acme --runs-per-day 50 --server "$address" --key-file operator
prints $'people at most\t100'
prints $'runs a day\t50'
expect 0 tenant suspend acme --reason 'a bill' --server "$address" --key-file operator
prints suspended
expect 0 tenant resume acme --reason paid --server "$address" --key-file operator
expect 0 tenant list
cp out.txt local.txt
KAOGONG_SERVER=$address expect 0 tenant list --key-file operator
cmp -s out.txt local.txt || fail 'another list of tenants'
expect 0 tenant show acme --server "$address" --key-file operator
prints $'state\tactive'
expect 1 tenant erase acme --server "$address" --key-file operator
says '--yes'
expect 0 key create --operators --label "on call" --server "$address" --key-file operator
expect 0 key list --operators --server "$address" --key-file operator
prints "on call"
expect 0 key create --role tenant_admin --label admin --tenant acme --server "$address" --key-file operator
cp out.txt admin
grep -q '^kg_live_' admin || fail "no key: $(cat admin)"
same key list
# A key that is verified is the one that calls, whatever other key there is.
for whose in admin operator; do
  expect 0 key verify <"$whose"
  cp out.txt local.txt
  KAOGONG_KEY=kg_live_other expect 0 key verify --server "$address" <"$whose"
  cmp -s out.txt local.txt || fail "another key: $(diff local.txt out.txt)"
done
expect 0 key verify --server "$address" --key-file admin </dev/null
prints $'tenant\tacme'
echo kg_live_wrong >wrong
expect 1 key verify --server "$address" <wrong
says 401
remote 0 key create --role hr --expires 2030-12-31 --scope people:read
key=$(cut -d_ -f1-3 out.txt)
remote 0 key list
prints '2031-01-01'
remote 0 key rotate "${key%%.*}" --overlap-hours 1
remote 0 key revoke "${key%%.*}"
prints revoked

# What the server refuses is said, and what cannot be said to a server is not left out silently.
remote 1 run show 99
says 'there is no run 99'
remote 1 people list --on 2026-10-01 --as somebody
says '--as cannot be said to a server'
expect 1 people list --on 2026-10-01
says 'no tenant is named'
expect 1 key list
says 'whose keys?'
mkdir -p .config/kaogong
printf 'server = %s\nkey = %s\n' "$address" "$(<admin)" >profile
chmod 600 profile
expect 0 period list --profile profile

# Schemes and templates.
remote 0 template list
prints kitchen-monthly
expect 0 template show kitchen-monthly
cp out.txt kitchen.yaml
remote 0 template show kitchen-monthly
cmp -s out.txt kitchen.yaml || fail 'another template'
remote 0 scheme publish --template kitchen-monthly
prints $'kitchen-monthly\t1\tpublished'
sed 's/0\.90}$/0.80}/' kitchen.yaml >changed.yaml
remote 0 scheme publish changed.yaml --note 'less for the last'
prints $'kitchen-monthly\t2\tpublished'
same scheme list
same scheme versions kitchen-monthly
same scheme show kitchen-monthly --version 1
same scheme changes kitchen-monthly 1 2
remote 0 scheme assign kitchen-monthly --pay-group kitchen --from 2026-07
same scheme assignments

# People, departments, days, periods.
remote 0 department put KITCHEN --name Kitchen --from 2026-01-01
remote 0 department put KITCHEN --name 'Central kitchen' --from 2026-06-01
same department list --on 2026-10-01
expect 0 api POST /v1/people --field employee=E1 --field 'name=Lin Xiao' --field hired_on=2026-01-01 --server "$address" --key-file admin
remote 0 people change E1 --from 2026-02-01 department=KITCHEN pay_group=kitchen shoe=42
same people list --on 2026-10-01
same people show E1 --on 2026-10-01
same people history E1
printf 'employee,name,hired_on,department,pay_group,shoe\nE2,Wu Min,2026-01-10,KITCHEN,kitchen,38\nE3,Zhou Jie,2026-02-01,,,\n' >people.csv
remote 0 people load people.csv --from 2026-03-01
prints '2 lines, 2 people added, 2 versions of attributes'
same people load people.csv --from 2026-03-01
same people list --on 2026-10-01
printf 'employee,name,hired_on,manager\nE4,,2026-13-01,\nE5,n,2026-01-01,E99\n' >faulty.csv
for lang in en zh; do
  expect 1 people load faulty.csv --from 2026-03-01 --lang "$lang" --tenant acme
  cp out.txt local.txt
  cp err.txt local.err.txt
  remote 1 people load faulty.csv --from 2026-03-01 --lang "$lang"
  cmp -s out.txt local.txt || fail "other faults: $(diff local.txt out.txt | head -n 6)"
  cmp -s err.txt local.err.txt || fail "another refusal: $(diff local.err.txt err.txt | head -n 6)"
done
prints 'people.csv,2,E4,hired_on,2026-13-01,'
says 'nothing was stored: 3 faults'
remote 1 people load nowhere.csv --from 2026-03-01
says 'nowhere.csv'
remote 1 people load people.csv --from yesterday
says 'not a date'
same scheme people kitchen-monthly --period 2026-10
same scheme people --employee E1 --period 2026-10
remote 0 people leave E1 --last-day 2026-12-31
remote 0 scheme unassign 1 --to 2026-12
printf 'day,kind,name\n2026-10-01,holiday,National Day\n2026-10-10,working,\n' >days.csv
remote 0 calendar load days.csv
prints '2 days'
same calendar list --from 2026-10-01 --to 2026-10-31
same calendar count 2026-09-30 3
remote 0 period open 2026-07 --window 5..10
remote 0 period open 2026-08
same period list

# Inputs.
for month in 2026-07 2026-08; do
  expect 0 generate --template kitchen-monthly --period "$month" --employees 40 --seed 7 --out "$month" --quiet
  remote 0 input load "$month" --scheme kitchen-monthly --period "$month"
  says 'ratings: '
done
set=(--scheme kitchen-monthly --period 2026-07)
somebody=$(sed -n '2p' 2026-07/population.csv | cut -d, -f1)
same input show population --employee "$somebody" "${set[@]}"
remote 0 input patch population base_wage=4321.00 --employee "$somebody" "${set[@]}"
prints $'entered\t'
same input show population --employee "$somebody" "${set[@]}"
remote 0 input put population base_wage=4321.00 --employee "$somebody" "${set[@]}"
prints $'it stood there already\t'
remote 0 input history population --employee "$somebody" "${set[@]}"
prints replaced
same input changes "${set[@]}" --limit 5
same input check "${set[@]}"
remote 0 input export "${set[@]}" --out exported
expect 0 input export "${set[@]}" --out exported.local --tenant acme
for sheet in population ratings; do
  diff <(sort "exported/$sheet.csv") <(sort "exported.local/$sheet.csv") >/dev/null || fail "another export of $sheet"
done
remote 1 input load nowhere "${set[@]}"
says 'no file of this scheme'
printf 'employee,base_wage\nE1,much\n' >faulty.csv
remote 1 input load faulty.csv --sheet population "${set[@]}"
says 422

# Runs.
remote 0 run create "${set[@]}" --wait --key july
prints $'state\tcalculated'
remote 0 run create "${set[@]}" --wait --key july
prints $'run\t1'
same run result 1 --employee "$somebody"
same run rejects 1
same run export 1
same run leaders 1 --output pay --count 3
same run explain 1 --employee "$somebody" --value pay
remote 0 run distribution 1 --output pay_factor
prints $'rows\t40'
same run verify 1
remote 0 run approve 1
prints $'state\tapproved'
remote 0 run publish 1
same run list --state published
remote 0 run create --scheme kitchen-monthly --period 2026-08 --draft
prints $'state\tdraft'
remote 0 run start 2
remote 0 run wait 2
prints $'state\tcalculated'
same run diff 1 2 --warn pay=20
same run diff 1 2 --all
remote 0 run approve 2
remote 0 run publish 2
remote 0 run what-if 1 --input "$somebody:base_wage=1.00"
prints '"changed":1'
remote 0 input patch population base_wage=5000.00 --employee "$somebody" "${set[@]}" --reason 'slip was wrong'
remote 0 run correct "${set[@]}"
prints $'kitchen-monthly\t2026-07\t1'
remote 0 run year-end --scheme kitchen-monthly --period 2026 --wait
prints $'kind\tyear_end'
remote 1 run void 1 --why 'a wrong table'
says 'took values from run 1'
remote 0 run void 2 --why 'a wrong table'
prints $'state\tvoid'

# Everything that the tenant has: the same files from the server, but for the moment of it.
expect 0 tenant export acme --out exported.whole.local
cp out.txt local.txt
expect 0 tenant export acme --out exported.whole --server "$address" --key-file operator
cmp -s out.txt local.txt || fail "another export: $(diff local.txt out.txt | head -n 6)"
diff -r -x manifest.json exported.whole.local exported.whole >/dev/null || fail 'other files are exported'
diff <(grep -v exported_at exported.whole.local/manifest.json) <(grep -v exported_at exported.whole/manifest.json) ||
  fail 'another manifest'
grep -q exported_at exported.whole/manifest.json || fail 'no manifest'
remote 1 tenant export acme --out nothing
says 403
expect 1 tenant export nobody --out nothing --server "$address" --key-file operator
says 'there is no tenant nobody'
[[ ! -e nothing ]] || fail 'something was exported'
expect 1 tenant export acme --out /dev/null/x --server "$address" --key-file operator
says '/dev/null/x cannot be made'
expect 0 audit show --operators --subject acme --server "$address" --key-file operator
(($(grep -c tenant.export out.txt) == 3)) || fail 'not three exports on record'

# Ledgers, the log, and what is not stored.
remote 0 ledger post commission --employee E1 --period 2026-07 --key opening --kind opening --amount 120.50
prints posted
remote 0 ledger post commission --employee E1 --period 2026-07 --key opening --kind opening --amount 120.50
prints 'it was posted before'
same ledger balances commission --period 2026-07
same ledger show commission --employee E1
remote 0 audit show --limit 3
(($(wc -l <out.txt) == 3)) || fail 'not three rows'
remote 0 audit show --after 3 --limit 2
[[ $(cut -f1 out.txt | xargs) == '4 5' ]] || fail 'not rows 4 and 5'
remote 0 audit verify
prints whole
expect 0 score --template kitchen-monthly --period 2026-07 --data 2026-07 --out scored --quiet
remote 0 score --template kitchen-monthly --period 2026-07 --data 2026-07 --out scored.remote
prints '40 rows, 0 refused'
cmp -s scored/results.csv scored.remote/results.csv || fail 'the server scores otherwise'
finish
