#!/usr/bin/env bash
# The command as a client of a server: usage: api_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
# shellcheck source=tests/gateway/command/at_server.sh
source "$here/at_server.sh"

# serve ARGUMENT...: starts the server; where it is is in $address.
serve() {
  rm -f address.txt
  mkfifo address.txt
  "$program" serve --set server.port=0 --set server.drain_delay_ms=0 "$@" >address.txt 2>serve.txt &
  server=$!
  read -r address <address.txt || fail "no server: $(cat serve.txt)"
}

expect 0 migrate
export KAOGONG_POSTGRES_OWNER_CONNINFO=$KAOGONG_POSTGRES_CONNINFO
export KAOGONG_POSTGRES_CONNINFO="$KAOGONG_POSTGRES_CONNINFO user=kaogong_app"
expect 0 key create --operators --role operator
cp out.txt operator
serve

# Where the server is, and by whom it is asked.
expect 1 api GET /readyz
says 'no server is named'
expect 1 api GET /readyz --server localhost:1
says 'is no address'
expect 0 api GET /readyz --server "$address"
prints ready
expect 1 api GET /v1/tenants --server "$address"
says '401'
expect 1 api GET /v1/tenants --server http://pay.example.com --key-file operator
says 'unencrypted'
KAOGONG_KEY=$(<operator) KAOGONG_SERVER=$address expect 0 api GET /v1/tenants
prints '"items":[]'
mkdir -p .config/kaogong
printf '# ours\nserver = %s\nkey = %s\n' "$address" "$(<operator)" >.config/kaogong/profile
chmod 644 .config/kaogong/profile
expect 1 api GET /v1/tenants
says 'chmod 600'
chmod 600 .config/kaogong/profile
expect 0 api GET /v1/tenants
# The profile's key is not for other servers.
expect 1 api GET /v1/tenants --server "${address/127.0.0.1/localhost}"
says '401'

# Bodies: by fields, by files, by standard input; the same key again gives the same answer.
expect 0 api POST /v1/tenants --field id=acme --field 'name=Acme Canteen' --field 'quotas:={"people_max":10}' --idempotency-key one
prints '"people_max":10'
cp out.txt first.txt
expect 0 api POST /v1/tenants --field id=acme --field 'name=Acme Canteen' --field 'quotas:={"people_max":10}' --idempotency-key one
cmp -s out.txt first.txt || fail 'the same call gives another answer'
expect 1 api POST /v1/tenants --data '{"id": "acme", "name": "Another"}'
says '409'
expect 0 api POST /v1/keys --field role=tenant_admin --tenant acme
sed -E 's/.*"key":"([^"]*)".*/\1/' out.txt >admin
expect 0 api POST /v1/templates/sales-monthly/install --data '{}' --key-file admin
expect 0 api POST /v1/periods --field period=2026-10 --key-file admin
"$program" generate --template sales-monthly --period 2026-10 --employees 50 --seed 1 --out company --quiet || fail 'no company'
expect 0 api POST /v1/inputs/sales-monthly/2026-10/sheets/population --data @company/population.csv --key-file admin
prints '"lines":50'
expect 0 api POST /v1/inputs/sales-monthly/2026-10/sheets/kpis --data @company/kpis.csv --key-file admin
"$program" api POST /v1/runs --data @- --server "$address" --key-file admin <<<'{"scheme": "sales-monthly", "period": "2026-10", "start": false}' \
  >out.txt 2>err.txt || fail 'no run by standard input'
prints '"state":"waiting"'

# What the server refuses is said as it says it, fault by fault.
expect 1 api POST /v1/people --data '{"employee": "E1", "hired_on": "last summer"}' --key-file admin
says '422'
says '/hired_on'
expect 1 api GET /v1/runs/99 --key-file admin
says 'there is no run 99'
expect 1 api GET /v1/people --key-file nowhere
says 'no key can be read'
expect 1 api POST /v1/people --data @nowhere.json --key-file admin
says 'cannot read nowhere.json'
expect 1 api FETCH /v1/people --key-file admin
says 'is no method'

# Nobody there: every attempt fails, and it is said that nothing is known of a change.
expect 1 api GET /livez --server http://127.0.0.1:1
says 'cannot reach'
kill "$server"
wait "$server"
server=

# TLS: a certificate that is not trusted, or another host's, is refused.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>openssl.txt || fail "no certificate: $(cat openssl.txt)"
serve --set server.tls_certificate_path="$work/cert.pem" --set server.tls_key_path="$work/key.pem"
named=${address/127.0.0.1/localhost}
expect 1 api GET /readyz --server "$named"
says 'no TLS with'
expect 0 api GET /readyz --server "$named" --ca-file cert.pem
prints ready
expect 1 api GET /readyz --server "$address" --ca-file cert.pem
says 'no TLS with'
expect 1 api GET /readyz --server "$named" --ca-file nowhere.pem
says 'cannot be read'
finish
