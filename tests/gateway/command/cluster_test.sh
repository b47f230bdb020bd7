#!/usr/bin/env bash
# Runs `kaogong cluster` as a user does: usage: cluster_test.sh PROGRAM TEMPLATE_CACHE
set -uo pipefail
export LC_ALL=C.UTF-8
program=$(readlink -f -- "$1")
cache=$2
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
failures=0
fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}
run() { "$program" cluster --template-cache "$cache" "$@"; }

# Both servers are there, empty, and speak; what the command says and its status come out.
# shellcheck disable=SC2016
out=$(run -- bash -c '
  psql "$KAOGONG_POSTGRES_CONNINFO" -Atc "select 40 + 2, current_setting(\$\$fsync\$\$)"
  redis-cli -s "${KAOGONG_REDIS_ENDPOINT#unix:}" PING
  dirname -- "${KAOGONG_REDIS_ENDPOINT#unix:}"
  exit 7')
status=$?
((status == 7)) || fail "the status is $status, not the command's"
[[ $out == $'42|off\nPONG\n/'* ]] || fail "the servers said: $out"
[[ ! -e ${out##*$'\n'} ]] || fail "the folder is still there"

# shellcheck disable=SC2016
out=$(run --durable -- bash -c 'psql "$KAOGONG_POSTGRES_CONNINFO" -Atc "show fsync"')
[[ $out == on ]] || fail "--durable: fsync is '$out'"

# The variables are those of the configuration.
out=$(run -- "$program" config)
grep -qE '^postgres\.conninfo +\*+ +environment KAOGONG_POSTGRES_CONNINFO$' <<<"$out" || fail "config does not see PostgreSQL: $out"
grep -qE '^redis\.endpoint +unix:/.+ +environment KAOGONG_REDIS_ENDPOINT$' <<<"$out" || fail "config does not see Redis: $out"

run -- "$work/not-there" 2>/dev/null
(($? == 127)) || fail "a command that is not there"
run --parent "$work/nowhere" -- true 2>"$work/err" && fail "a parent that is not there"
grep -q nowhere "$work/err" || fail "it does not say what is missing"

# A signal reaches the command; then the servers go.
mkfifo "$work/said"
# shellcheck disable=SC2016
"$program" cluster --template-cache "$cache" -- bash -c 'trap "exit 5" TERM; echo "${KAOGONG_REDIS_ENDPOINT#unix:}"; while :; do sleep 0.1; done' >"$work/said" &
read -r socket <"$work/said"
kill -TERM $!
wait $!
(($? == 5)) || fail "SIGTERM does not end it by the command"
[[ ! -e $(dirname -- "$socket") ]] || fail "the folder is still there after SIGTERM"

((failures == 0)) && echo "cluster: all good"
exit $((failures > 0))
