#!/usr/bin/env bash
# The part of the demo that has the HTTP server: usage: kaogong cluster -- server.sh PROGRAM, in a folder of its own. A company
# is made, loaded, computed and published through the API, then curl lines are shown. On a terminal they are for whoever
# sits there, and the server stays until Ctrl-C; else they are run here, and the server ends.
set -euo pipefail

program=${1:?usage: server.sh PROGRAM}
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
employees=$((${KAOGONG_DEMO_EMPLOYEES:-100000} / 10))
# shellcheck source=tenants/demo/show.sh
source "$here/show.sh"
served=''
finish() {
  trap '' INT TERM HUP
  stop_running
  [[ -z $served ]] || kill -TERM "$served" 2>/dev/null || true
  [[ -z $served ]] || wait "$served" 2>/dev/null || true
}
trap finish EXIT

# call KEY PATH [ARGUMENT...]: curl; the answer is in the file `printed`, which is shown if it is a refusal.
call() {
  local key=$1 path=$2 status=0
  shift 2
  run curl -sS --fail-with-body "$server$path" -H "Authorization: Bearer $key" "$@" >printed || status=$?
  ((status == 0)) || cat printed >&2
  return "$status"
}

# post KEY PATH BODY [ARGUMENT...]: a call that changes something: with a key by which it is done only once.
posts=0
post() {
  local key=$1 path=$2 body=$3
  shift 3
  posts=$((posts + 1))
  call "$key" "$path" -H "Idempotency-Key: demo-$posts" -H 'Content-Type: application/json' -d "$body" "$@"
}

# upload SHEET: a generated CSV file, as one line.
upload() {
  local began
  began=$(now_us)
  posts=$((posts + 1))
  call "$key" "/v1/inputs/sales-monthly/2026-10/sheets/$1" -H "Idempotency-Key: demo-$posts" -H 'Content-Type: text/csv' \
    -T "company/$1.csv" -X POST
  printf '     %-12s %9s rows in %s\n' "$1" "$(grouped "$(value lines)")" "$(since "$began")"
}

# value NAME: a text or a number of the answer.
value() { sed -nE "s/.*\"$1\":\"?([^\",}]*).*/\1/p" printed; }

title "The API: a server, and a company that comes in by HTTP 接口"
export KAOGONG_POSTGRES_OWNER_CONNINFO=$KAOGONG_POSTGRES_CONNINFO
quietly migrate
export KAOGONG_POSTGRES_CONNINFO="$KAOGONG_POSTGRES_CONNINFO user=kaogong_app"
quietly key create --operators --role operator --label demo
operator=$(<printed)
mkfifo address
"$program" serve --worker --set server.port=0 --set server.drain_delay_ms=0 >address 2>server.log &
served=$!
read -r server <address || {
  cat server.log >&2
  exit 1
}
say "kaogong serve --worker: at $server, with a worker in the same process. 服务已启动。"
post "$operator" /v1/tenants '{"id": "sales", "name": "华南销售 South Sales"}'
post "$operator" /v1/keys '{"role": "tenant_admin", "label": "demo"}' -H 'Kaogong-Tenant: sales'
key=$(value key)
post "$key" /v1/templates/sales-monthly/install '{}'
post "$key" /v1/periods '{"period": "2026-10"}'
quietly generate --template sales-monthly --period 2026-10 --employees "$employees" --seed 2026 --out company --quiet
upload population
upload kpis
began=$(now_us)
post "$key" /v1/runs '{"scheme": "sales-monthly", "period": "2026-10"}'
number=$(value run)
call "$key" "/v1/operations/$number/events" -N
post "$key" "/v1/runs/$number/approve" ''
post "$key" "/v1/runs/$number/publish" ''
printf '     run %-8s %9s people  %s in %s\n' "$number" "$(grouped "$employees")" "$(value state)" "$(since "$began")"

title "Ask it yourself 试一试"
lines=(
  "curl $server/readyz"
  "curl -H 'Authorization: Bearer $key' $server/v1/results/sales-monthly/2026-10/E00000001"
  "curl -H 'Authorization: Bearer $key' '$server/v1/results/sales-monthly/2026-10/E00000001/explanation?value=monthly_pay&format=text'"
  "curl -H 'Authorization: Bearer $key' '$server/v1/results/sales-monthly/2026-10/E00000001/payslip?format=text&lang=zh'"
  "curl -H 'Authorization: Bearer $key' '$server/v1/leaders/sales-monthly/2026-10?output=monthly_pay&count=3'"
)
printf '   address   %s\n   key       %s\n' "$server" "$key"
if [[ -t 1 ]]; then
  printf '\n'
  printf '   %s\n' "${lines[@]}"
  printf '\n'
  say "The server is up until Ctrl-C; then it and its database are gone. 按 Ctrl-C 结束。"
  wait "$served"
  exit
fi
for line in "${lines[@]}"; do
  printf '\n   %s$ %s%s\n' "$green" "$line" "$plain"
  run bash -c "${line/curl/curl -sS --fail-with-body}" >printed
  sed 's/^/     /' printed
  [[ -z $(tail -c 1 printed) ]] || echo
done
