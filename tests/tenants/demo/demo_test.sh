#!/usr/bin/env bash
# The demo over a small company: twice, and ended from outside: usage: demo_test.sh PROGRAM SOURCES
set -uo pipefail
program=$(readlink -f -- "$1")
demo=$(readlink -f -- "$2")/tenants/demo/demo.sh
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work" || exit 1
mkdir files
export KAOGONG_DEMO_EMPLOYEES=300 NO_COLOR=1 TMPDIR=$work/files
export KAOGONG_DEMO_MARK=$work # all that the demo starts has it in its environment
failures=0
fail() {
  echo "FAILED: $*"
  tail -n 20 out.txt
  failures=$((failures + 1))
}

# started: which processes of the demo there are.
started() {
  local file
  for file in /proc/[0-9]*/environ; do
    [[ ${file//[^0-9]/} != "$$" && ${file//[^0-9]/} != "$BASHPID" ]] || continue
    if tr '\0' '\n' <"$file" | grep -qxF "KAOGONG_DEMO_MARK=$work"; then
      tr '\0' ' ' <"${file%environ}cmdline" | grep -F -e kaogong -e postgres -e redis -e demo
    fi
  done 2>/dev/null
}
expect_nothing_left() {
  [[ -z $(ls files) ]] || fail "$1: files are left: $(ls files)"
  [[ -z $(started) ]] || fail "$1: processes are left: $(started)"
}

for time in first second; do
  "$demo" "$program" >out.txt 2>&1 || fail "the $time time it gives $?"
  for wanted in 'is what its inputs give' 'deductions_carried' '2026-09  deductions_carried' 'whole: ' 'All of the above took' \
    '     ready' '"monthly_pay":"' '"place":3' '月度薪酬'; do
    grep -qF -- "$wanted" out.txt || fail "the $time time it does not say: $wanted"
  done
  expect_nothing_left "$time"
done

# Ended while its servers and its worker are there, as Ctrl-C does (all of them hear it), and by a signal to it alone.
for how in 'INT group' 'TERM alone'; do
  read -r signal whom <<<"$how"
  mkfifo lines
  setsid env --default-signal=INT "$demo" "$program" >lines 2>&1 &
  demo_pid=$!
  exec 3<lines
  while IFS= read -r line <&3 && [[ $line != *'run leaders'* ]]; do :; done
  [[ -n $(started) ]] || fail "$how: nothing was started"
  if [[ $whom == group ]]; then kill "-$signal" -- "-$demo_pid"; else kill "-$signal" "$demo_pid"; fi
  cat <&3 >out.txt
  wait "$demo_pid"
  status=$?
  ((status == 130 || status == 143)) || fail "$how: it gives $status"
  exec 3<&-
  rm lines
  expect_nothing_left "$how"
done
((failures == 0)) && echo 'all passed'
exit $((failures > 0))
