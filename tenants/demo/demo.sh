#!/usr/bin/env bash
# What Kaogong does, in two minutes: usage: demo.sh PROGRAM. Generates a company, scores and pays it, shows grades, a
# ranking, a payslip and why a figure is what it is; then three companies in a PostgreSQL and a Redis of its own, which
# are gone at the end (tenants.sh); then an HTTP server (server.sh), which on a terminal stays until Ctrl-C. Environment: KEEP=1 keeps the generated files; KAOGONG_DEMO_EMPLOYEES is the size of
# the company (default 100000); NO_COLOR: no colours.
set -euo pipefail

program=$(readlink -f -- "${1:?usage: demo.sh PROGRAM}")
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
export KAOGONG_DEMO_EMPLOYEES=${KAOGONG_DEMO_EMPLOYEES:-100000}
employees=$KAOGONG_DEMO_EMPLOYEES
[[ $employees =~ ^[1-9][0-9]{2,8}$ ]] || {
  echo "KAOGONG_DEMO_EMPLOYEES is '$employees', not a number from 100 to 999999999" >&2
  exit 1
}
[[ -x $program ]] || {
  echo "$program is not a program" >&2
  exit 1
}
# Nothing of the caller's settings or tenants: the demo has its own.
while IFS= read -r name; do
  [[ $name == KAOGONG_DEMO_* ]] || unset "$name"
done < <(compgen -e KAOGONG_)

# shellcheck source=tenants/demo/show.sh
source "$here/show.sh"
is_last=0
folder=$(mktemp -d "${TMPDIR:-/tmp}/kaogong-demo.XXXXXX")
finish() {
  local status=$?
  trap '' INT TERM HUP
  stop_running
  if [[ ${KEEP:-} == 1 ]]; then
    echo "The files are in $folder"
  else
    rm -rf -- "$folder"
  fi
  ((status == 0 || (is_last && status > 128))) || echo "demo: stopped with status $status" >&2
}
trap finish EXIT
cd -- "$folder"
began=$(now_us)

# also TEMPLATE PERIOD EMPLOYEES COLUMN: another scheme over a smaller company, and how the values of a column are spread.
also() {
  local template=$1 period=$2 size=$3 column=$4
  quietly generate --template "$template" --period "$period" --employees "$size" --seed 2026 --out "$template" --quiet
  quietly score --template "$template" --period "$period" --data "$template" --out "$template/results"
  show also -v template="$template" -v period="$period" -v column="$column" printed "$template/results/results.csv"
  rm -rf -- "$template"
}

printf '%s考功 Kaogong%s scores people and pays them: exactly, fast, and able to say why.\n' "$bold" "$plain"
printf '%sEverything below is computed here and now from generated people; nobody in it is real.%s\n' "$dim" "$plain"

title "A company of $(grouped "$employees") people in foreign trade 出口外贸"
kaogong generate --template trade-monthly --period 2026-10 --employees "$employees" --seed 2026 --out company

title "Its scores and pay of October 2026"
kaogong score --template trade-monthly --period 2026-10 --data company --out results

title "Grades 考核结果"
show grades results/results.csv

title "The best of the month 月度排名"
# Leaders have no score; equal scores go by pay, then by number.
paste -d, results/results.csv company/population.csv | show columns -v wanted=score,gross_pay,employee,name,department_name,position,grade \
  | sort -t, -k1,1gr -k2,2gr -k3,3 >ranked # no `head` behind sort: it would be stopped before it is done
show ranking ranked

# Someone who shows a little of everything: a good score, a reward, a penalty.
employee=$(paste -d, results/results.csv company/population.csv | show pick)

title "A payslip 工资条"
show payslip -v who="$employee" company/population.csv results/results.csv

title "Why this commission? 提成是怎么来的"
kaogong explain --template trade-monthly --period 2026-10 --data company --employee "$employee" --value commission

title "Faulty rows are refused, with the reason; everybody else is paid"
quietly generate --template kitchen-monthly --period 2026-10 --employees 2000 --seed 8 --faults 0.005 --out faulty --quiet
status=0
kaogong score --template kitchen-monthly --period 2026-10 --data faulty --out faulty/results || status=$?
((status == 2)) || exit 1
show rejects faulty/results/rejects.csv

title "Other schemes, smaller companies"
also customer-service-monthly 2026-10 $((employees / 2)) grade
also medical-monthly 2026-10 $((employees * 2)) adjustment

# The same again for several companies, kept in a database. October's files are the ones above.
mv company 2026-10
KAOGONG_DEMO_CHAPTER=$chapter run "$program" cluster -- "$here/tenants.sh" "$program"
chapter=$(<chapter)

title "And now"
cat <<EOF
   kaogong template list                       nineteen schemes that come with the program
   kaogong template show kitchen-monthly       one of them, to read and to change
   kaogong scheme check my-scheme.yaml         what is wrong with one of your own, before anyone is paid
   kaogong score --help                        the files that a calculation reads
   kaogong cluster -- bash                     a PostgreSQL and a Redis to try it with, until you leave

   All of the above took $(since "$began"). The program is $program; docs/ says the rest.
EOF

# The last part is ended from outside as a matter of course.
is_last=1
KAOGONG_DEMO_CHAPTER=$chapter run "$program" cluster -- "$here/server.sh" "$program"
