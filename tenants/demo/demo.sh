#!/usr/bin/env bash
# What Kaogong does, in a minute: usage: demo.sh PROGRAM. Generates a company, scores and pays it, shows grades, a ranking,
# a payslip and why a figure is what it is. Environment: KEEP=1 keeps the generated files; KAOGONG_DEMO_EMPLOYEES is the
# size of the company (default 100000); NO_COLOR: no colours.
set -euo pipefail
export LC_ALL=C # awk counts bytes, whichever awk it is

program=$(readlink -f -- "${1:?usage: demo.sh PROGRAM}")
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
employees=${KAOGONG_DEMO_EMPLOYEES:-100000}
[[ $employees =~ ^[1-9][0-9]{2,8}$ ]] || {
  echo "KAOGONG_DEMO_EMPLOYEES is '$employees', not a number from 100 to 999999999" >&2
  exit 1
}
[[ -x $program ]] || {
  echo "$program is not a program" >&2
  exit 1
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/kaogong-demo.XXXXXX")
finish() {
  local status=$?
  if [[ ${KEEP:-} == 1 ]]; then
    echo "The files are in $folder"
  else
    rm -rf -- "$folder"
  fi
  ((status == 0)) || echo "demo: stopped with status $status" >&2
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cd -- "$folder"

bold='' dim='' plain='' green='' cyan=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m' green=$'\e[32m' cyan=$'\e[36m'
fi

grouped() { printf '%s' "$1" | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta'; }

chapter=0
title() {
  chapter=$((chapter + 1))
  printf '\n%s%d. %s%s\n\n' "$bold$cyan" "$chapter" "$1" "$plain"
}

# kaogong ARGUMENTS...: shows the command and runs it; what it prints is indented.
kaogong() {
  printf '   %s$ kaogong %s%s\n' "$green" "$*" "$plain"
  local status=0
  "$program" "$@" >printed || status=$?
  sed 's/^/     /' printed
  return "$status"
}

# show SCRIPT FILES...: an awk script of this folder, with the functions that all of them use.
show() {
  local script=$1
  shift
  awk -f "$here/text.awk" -f "$here/$script.awk" -v bold="$bold" -v dim="$dim" -v plain="$plain" -v green="$green" "$@"
}

# also TEMPLATE PERIOD EMPLOYEES COLUMN: another scheme over a smaller company, and how the values of a column are spread.
also() {
  local template=$1 period=$2 size=$3 column=$4
  "$program" generate --template "$template" --period "$period" --employees "$size" --seed 2026 --out "$template" --quiet
  "$program" score --template "$template" --period "$period" --data "$template" --out "$template/results" >printed
  show also -v template="$template" -v period="$period" -v column="$column" printed "$template/results/results.csv"
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
"$program" generate --template kitchen-monthly --period 2026-10 --employees 2000 --seed 8 --faults 0.005 --out faulty --quiet
status=0
kaogong score --template kitchen-monthly --period 2026-10 --data faulty --out faulty/results || status=$?
((status == 2)) || exit 1
show rejects faulty/results/rejects.csv

title "Other schemes, smaller companies"
also kitchen-monthly 2026-10 10000 pay_factor
also customer-service-monthly 2026-10 50000 grade
also logistics-half-year 2026-H2 20000 grade
also medical-monthly 2026-10 200000 adjustment

title "And now"
cat <<EOF
   kaogong template list                       nineteen schemes that come with the program
   kaogong template show kitchen-monthly       one of them, to read and to change
   kaogong scheme check my-scheme.yaml         what is wrong with one of your own, before anyone is paid
   kaogong score --help                        the files that a calculation reads

   The program is $program; docs/ says the rest.
EOF
