#!/usr/bin/env bash
# The server's process, as an operator runs it: usage: serve_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --template-cache "$2" -- "${BASH_SOURCE[0]}" "$@"
fi
# shellcheck source=tests/gateway/command/expect.sh
source "$here/expect.sh"

server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf -- "$work"' EXIT

# serve ARGUMENTS...: starts the server; its port is in $port.
serve() {
  rm -f address.txt
  mkfifo address.txt
  "$program" serve --set server.port=0 "$@" >address.txt 2>serve.txt &
  server=$!
  local address
  read -r address <address.txt
  port=${address##*:}
  [[ $address == http*://127.0.0.1:* ]] || fail "no address: '$address' $(cat serve.txt)"
}

# ask REQUEST-LINE [FIELD...]: the whole answer is in answer.txt.
ask() {
  local line=$1 field
  shift
  exec 5<>"/dev/tcp/127.0.0.1/$port" || fail 'nobody listens'
  {
    printf '%s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n' "$line"
    for field; do printf '%s\r\n' "$field"; done
    printf '\r\n'
  } >&5
  cat <&5 >answer.txt
  exec 5<&- 5>&-
}

# answers STATUS [TEXT]
answers() {
  head -1 answer.txt | grep -q "^HTTP/1.1 $1 " || fail "expected $1: $(cat answer.txt)"
  [[ $# -lt 2 ]] || grep -qF -- "$2" answer.txt || fail "expected '$2': $(cat answer.txt)"
}

# ends STATUS: the server has ended with it.
ends() {
  local status=0
  wait "$server" || status=$?
  server=
  ((status == $1)) || fail "the server ended with $status: $(cat serve.txt)"
}

# Before there is a schema nothing is served.
expect 1 serve --set server.port=0
says 'kaogong migrate'
expect 0 migrate
owner=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_OWNER_CONNINFO=$owner
export KAOGONG_POSTGRES_CONNINFO="$owner user=kaogong_app"
expect 0 tenant create acme --name 'Acme Canteen'
expect 0 key create --tenant acme --role hr
key=$(grep -o 'kg_live_[0-9A-Za-z_]*' out.txt | awk '{print length, $0}' | sort -rn | head -1 | cut -d' ' -f2)

serve --set log.file_path=log.txt --set server.access_log=true
ask 'GET /livez'
answers 200 live
ask 'GET /readyz'
answers 200 ready
ask 'GET /v1/runs'
answers 401 'application/problem+json'
ask 'GET /v1/runs' "Authorization: Bearer $key"
answers 200 '"items":[]'
ask 'GET /v1/nothing' "Authorization: Bearer $key"
answers 404 'application/problem+json'
ask 'GET /metrics'
answers 200 'kaogong_http_requests_total{class="2xx",operation="live"} 1'

# The log says what was done, and nothing of who did it.
grep -q '"event":"http_request"' log.txt || fail "no line of the access log: $(cat log.txt)"
! grep -qF "$key" log.txt || fail 'a key is in the log'
! grep -q 'v1/runs' log.txt || fail 'a path is in the log'

# Another at the same port takes over; SIGTERM ends the first.
kill -TERM "$server"
ends 0
expect 1 serve --set server.port="$port" --set server.address=nowhere
says 'is no IPv4 or IPv6 address'

# One published result: the usual way, from Redis, from memory: the same. What is voided is gone.
export KAOGONG_TENANT=acme
expect 0 scheme publish --template kitchen-monthly
expect 0 generate --template kitchen-monthly --period 2026-07 --employees 20 --seed 7 --out july --quiet
expect 0 period open 2026-07
expect 0 input load july --scheme kitchen-monthly --period 2026-07
expect 0 run create --scheme kitchen-monthly --period 2026-07
expect 0 worker --until-idle
expect 0 run approve 1
expect 0 run publish 1
employee=$(sed -n 2p july/population.csv | cut -d, -f1)
result="GET /v1/results/kitchen-monthly/2026-07/$employee"
serve --set server.io_threads=1
ask "$result" "Authorization: Bearer $key"
answers 200 "\"employee\":\"$employee\""
tail -1 answer.txt >usual.txt
until grep -q 'kaogong_hot_results_total{kind="memory"} [1-9]' answer.txt; do
  ask "$result" "Authorization: Bearer $key"
  answers 200
  tail -1 answer.txt | cmp -s - usual.txt || fail "another answer: $(cat answer.txt)"
  ask 'GET /metrics'
done
grep -Eq 'kaogong_hot_results_total\{kind="(redis|postgres)"\} [1-9]' answer.txt || fail "from nowhere: $(cat answer.txt)"
for series in 'postgres_pipeline_connections [1-9]' 'postgres_pipeline_connections_opened_total [1-9]' \
  'postgres_pipeline_outstanding_reads 0' 'postgres_pipeline_refused_total\{outcome="overloaded"\} 0' \
  'redis_pipeline_connections 1' 'redis_pipeline_commands_total [1-9]' 'redis_pipeline_batches_total [1-9]'; do
  grep -Eq "^kaogong_$series" answer.txt || fail "metrics without $series: $(cat answer.txt)"
done
ask "$result" 'Authorization: Bearer kg_live_nobody'
answers 401
ask "$result" "Authorization: Bearer $key" 'Kaogong-Tenant: other'
answers 403
kill -TERM "$server"
ends 0
serve --set server.io_threads=1 --set redis.endpoint= --set server.results_bytes_max=0 --set server.requests_per_second_max=500
until grep -q 'kaogong_hot_results_total{kind="postgres"} [2-9]' answer.txt; do
  ask "$result" "Authorization: Bearer $key"
  answers 200 '"tenant";q=500;w=1'
  tail -1 answer.txt | cmp -s - usual.txt || fail "another answer: $(cat answer.txt)"
  ask 'GET /metrics'
done
for series in 'postgres_pipeline_reads_total [2-9]' 'postgres_pipeline_transactions_total [1-9]' \
  'redis_pipeline_connections 0'; do
  grep -Eq "^kaogong_$series" answer.txt || fail "metrics without $series: $(cat answer.txt)"
done
ask 'GET /v1/none'
answers 404 '"type":"/problems/not_found"'
expect 0 run void 1 --why 'a test'
until grep -q '^HTTP/1.1 404 ' answer.txt; do ask "$result" "Authorization: Bearer $key"; done
kill -TERM "$server"
ends 0

# TLS files that do not fit; then a worker in the same process.
expect 1 serve --set server.port=0 --set server.tls_certificate_path=none.pem --set server.tls_key_path=none.pem
says 'cannot be read'
expect 1 serve --set server.tls_certificate_path=none.pem
says 'without its other half'
serve --worker
kill -HUP "$server"
ask 'GET /livez'
answers 200
kill -INT "$server"
ends 0

finish
