#!/usr/bin/env bash
# The commands of docs/quickstart.md, as they stand there: usage: quickstart_test.sh PROGRAM SOURCES
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
docs=$(readlink -f -- "$2")/docs
while IFS= read -r name; do unset "$name"; done < <(compgen -e KAOGONG_)
# shellcheck source=tests/gateway/command/expect.sh
source "$here/expect.sh"
PATH=$(dirname -- "$program"):$PATH
export KAOGONG_SERVER_PORT=0 # many tests run at once
ln -s "$docs" docs

# The first block begins a shell; all others are typed into it. Nothing of them may fail, and no server outlives them.
awk '/^```/ { inside = $0 == "```sh" && !inside; block += inside; next } inside && block == 1' docs/quickstart.md >first
{
  # shellcheck disable=SC2016 # for that shell to expand
  echo 'set -euo pipefail; trap '\''kill $(jobs -p) 2>/dev/null || true'\'' EXIT'
  awk '/^```/ { inside = $0 == "```sh" && !inside; block += inside; next } inside && block > 1' docs/quickstart.md
} >others
[[ $(<first) == 'kaogong cluster -- bash' ]] || fail "the first block is another one: $(<first)"
(($(wc -l <others) > 50)) || fail 'there are no other blocks'
status=0
bash ./first <others >out.txt 2>err.txt || status=$?
((status == 0)) || fail "the page's commands give $status: $(tail -n 5 out.txt err.txt)"

for wanted in '"state":"active"' '"name":"林晓"' '"scheme":"sales-monthly","version":1' '"refused_lines":0' \
  '"done":true' '"state":"published"' '"monthly_pay":"8160.00"' '月度薪酬' '"status":422' \
  'population: 1 lines, 0 refused' 'run 1 succeeded' 'monthly pay: 8160.00' "refused: employee 'nobody' has no result here"; do
  prints "$wanted"
done
# Explanation and payslip, by curl and by Python.
(($(grep -c '^Monthly pay monthly_pay = 8160.00' out.txt) >= 2)) || fail 'no explanations'
(($(grep -c '月度薪酬' out.txt) >= 2)) || fail 'no payslips'
finish
