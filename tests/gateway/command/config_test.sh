#!/usr/bin/env bash
# kaogong config: sources, faults, secrets, and the reference in the docs. usage: config_test.sh PROGRAM PAGE
set -uo pipefail
export LC_ALL=C.UTF-8
page=$(readlink -f -- "$2")
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/expect.sh"
for name in $(compgen -e KAOGONG_); do unset "$name"; done

# shows KEY VALUE SOURCE: a line of the output.
shows() { awk -v k="$1" -v v="$2" -v s="$3" '$1 == k && $2 == v {sub(/^[^ ]+ +[^ ]+ +/, ""); if ($0 == s) found = 1} END {exit !found}' out.txt ||
  fail "does not show $1 = $2 from $3"; }

cat >good.yaml <<'YAML'
log:
  level: warn
redis:
  endpoint: redis.internal:6379
  password: correct horse
YAML
printf 'log:\n  levle: warn\nredis:\n  command_timeout_ms: soon\n' >bad.yaml

expect 0 config
shows log.level info default
shows postgres.conninfo - default
expect 0 config --config good.yaml
shows log.level warn good.yaml:2
shows redis.password '********' good.yaml:5
grep -q horse out.txt err.txt && fail "a secret is shown"
KAOGONG_CONFIG=good.yaml KAOGONG_LOG_LEVEL=error KAOGONG_REDIS_DATABASE=2 expect 0 config --set redis.database=3 --set worker.threads=1
shows log.level error 'environment KAOGONG_LOG_LEVEL'
shows redis.endpoint redis.internal:6379 good.yaml:4
shows redis.database 3 'flag --set redis.database'
shows worker.threads 1 'flag --set worker.threads'

expect 1 config --config bad.yaml --set log.level=loud
says 'bad.yaml:2: log.levle = ********: is not a key; did you mean log.level?'
says 'bad.yaml:4: redis.command_timeout_ms = "soon": is not a whole number of 64 bits; write a whole number from 1 to 60000'
says 'flag --set log.level: log.level = "loud": is not one of the choices; write debug, info, warn, error or off'
[[ -s out.txt ]] && fail "values are shown although there are faults"
KAOGONG_REDIS_ENDPIONT=x expect 1 config
says 'environment KAOGONG_REDIS_ENDPIONT: is not a key; did you mean KAOGONG_REDIS_ENDPOINT?'
KAOGONG_JOBS=2 KAOGONG_REDIS_SERVICE_HOST=10.0.0.1 expect 0 config
expect 1 config --config none.yaml
says 'none.yaml: cannot be read: No such file or directory'

# --check looks at the file alone.
KAOGONG_LOG_LEVEL=loud expect 0 config --check good.yaml
expect 1 config --check bad.yaml
says 'did you mean log.level?'

expect 0 config --reference
sed -n '/^<!-- begin: kaogong config --reference -->$/,/^<!-- end -->$/p' "$page" | sed '1d;$d' >page.txt
diff page.txt out.txt >diff.txt || fail "$page is not what kaogong config --reference prints: $(head -n 6 diff.txt)"
expect 0 config --reference --lang zh
grep -qF '| 键 | 默认值 | 取值 | 含义 |' out.txt || fail "the Chinese reference has no Chinese"

finish
