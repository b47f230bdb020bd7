#!/usr/bin/env bash
# Runs the program where the system fails it: files that are none, full disks, lost output, kills, too little memory.
# Each time one clear line, the documented exit status, and nothing half done. usage: trouble_test.sh PROGRAM CASES
set -uo pipefail
export LC_ALL=C.UTF-8
cases=$(readlink -f -- "$2")
# shellcheck source-path=SCRIPTDIR
source "$(dirname -- "$0")/expect.sh"

data=$cases/trade-monthly
score() { # score STATUS DATA OUT [ARGUMENT...]
  local wanted=$1 from=$2 to=$3
  shift 3
  expect "$wanted" score --template trade-monthly --period 2026-10 --data "$from" --out "$to" "$@"
}
one_line() { (($(wc -l <err.txt) == 1)) || fail 'standard error has not exactly one line'; }
empty() { [[ -z $(ls -A "$1" 2>/dev/null) ]] || { fail "left in $1: $(ls -A "$1")"; }; }

# -- What is there is no file, or no folder ---------------------------------------------------------------------------
cp -r -- "$data" copy
chmod -R u+w copy
with_ratings() { # with_ratings COMMAND...: ratings.csv is what the command makes of it
  rm -rf copy/ratings.csv
  "$@"
  score 1 copy out
  one_line
}
with_ratings mkfifo copy/ratings.csv
says 'ratings.csv cannot be read: it is a device or a pipe'
with_ratings ln -s /dev/zero copy/ratings.csv
says 'it is a device or a pipe'
with_ratings mkdir copy/ratings.csv
says 'it is a directory'
with_ratings ln -s ratings.csv copy/ratings.csv
says 'ratings.csv cannot be read: '
score 1 "$data/population.csv" out
says 'cannot be read: it is not a folder'
score 1 '' out
says 'cannot be read'
score 1 "$data" ''
says 'cannot be made'
score 1 "$data" "$data/population.csv/x"
says 'cannot be made'
mkdir -p taken/results.csv
score 1 "$data" taken
says 'results.csv cannot be written: it is a directory'
[[ ! -e taken/rejects.csv ]] || fail 'rejects.csv was written although results.csv could not be'
# The data of a scheme that has a table of that name would be lost.
cp -r -- "$cases/trade-annual-appraisal" mine
chmod -R u+w mine
expect 1 score --template trade-annual-appraisal --period 2026 --data mine --out mine/../mine
says 'results.csv of the scheme is read from the folder'
cmp -s mine/results.csv "$cases/trade-annual-appraisal/results.csv" || fail 'results.csv of the data was overwritten'
expect 0 score --template trade-annual-appraisal --period 2026 --data mine --out mine/out
mkdir -p taken2/population.csv
expect 1 generate --template trade-monthly --period 2026-10 --out taken2
says 'population.csv'
one_line
expect 1 generate --template trade-monthly --period 2026-10 --out "$data/population.csv"
one_line
expect 1 score --scheme /dev/zero --period 2026-10 --data "$data" --out out
says 'at most 8388608 are read'
expect 1 scheme check "$data" /nonexistent
says 'Is a directory'

# As somebody who may not; root may do everything.
as_somebody() { "$@"; }
if ((EUID == 0)); then
  as_somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; }
fi
chmod 755 . && mkdir closed && chmod 755 closed
if as_somebody test -x "$program" && as_somebody test -r "$data/population.csv" && ! as_somebody test -w /proc/1/mem; then
  cp -r -- "$data" locked
  chmod 000 locked/ratings.csv
  chmod 555 closed
  run_as() {
    local status=0
    as_somebody "$program" score --template trade-monthly --period 2026-10 --data "$1" --out "$2" >out.txt 2>err.txt ||
      status=$?
    ((status == 1)) || fail "status $status instead of 1 for data $1, out $2"
    says "$3"
    one_line
  }
  run_as locked "$work/closed" 'ratings.csv cannot be read: Permission denied'
  run_as "$data" "$work/closed" 'results.csv cannot be written: Permission denied'
  run_as "$data" "$work/closed/new" 'cannot be made: Permission denied'
  empty closed
  chmod 755 closed
  chmod 644 locked/ratings.csv
fi

# -- The compatibility kit --------------------------------------------------------------------------------------------
mkdir -p kit/a empty_kit
expect 1 tck nowhere
says 'nowhere cannot be read'
expect 1 tck empty_kit
says 'there are no tests'
one_line
printf '<testCases><modelName>m.dmn</modelName><testCase id="1"><resultNode name="d"><expected/></resultNode></testCase></testCases>' >kit/a/t.xml
mkfifo kit/a/m.dmn kit/a/other.xml
expect 2 tck kit
prints 'the model is missing'
rm kit/a/m.dmn
printf '<definitions' >kit/a/m.dmn
ln -s .. kit/a/loop
expect 2 tck kit
prints 'not XML'
expect 1 tck kit --out nowhere/x.csv
says 'nowhere/x.csv cannot be written: No such file or directory'
expect 1 tck kit --out /dev/full
says 'No space left'

# -- Nothing can be written -------------------------------------------------------------------------------------------
printf 'old\n' >old.csv
mkdir full
cp old.csv full/results.csv
cp old.csv full/rejects.csv
(
  ulimit -f 4 # blocks of 1,024 bytes; the results are longer
  score 1 "$data" full
  says 'results.csv cannot be written: File too large'
  one_line
  exit $((failures > 0))
) || failures=$((failures + 1))
cmp -s old.csv full/results.csv || fail 'an older results.csv was harmed'
cmp -s old.csv full/rejects.csv || fail 'rejects.csv was replaced although results.csv could not be written'
(($(find full -type f | wc -l) == 2)) || fail "left behind: $(ls full)"
(
  ulimit -f 64
  expect 1 generate --template trade-monthly --period 2026-10 --employees 5000 --out generated
  says 'File too large'
  exit $((failures > 0))
) || failures=$((failures + 1))
empty generated
# A full disk, where we may make one.
mkdir tiny
on_tiny_disk() { unshare -m -- bash -c 'mount -t tmpfs -o size=8k tmpfs "$1" && cd "$1" && shift && "$@"' - tiny "$@"; }
if on_tiny_disk true 2>/dev/null; then
  status=0
  on_tiny_disk "$program" score --template trade-monthly --period 2026-10 --data "$data" --out out >out.txt 2>err.txt ||
    status=$?
  ((status == 1)) || fail "status $status instead of 1 on a full disk"
  says 'results.csv cannot be written: No space left on device'
  one_line
fi

# -- Standard output and standard error are lost ----------------------------------------------------------------------
lost() { # lost COMMAND...: all it would say is lost
  local status=0
  "$program" "$@" >/dev/full 2>err.txt || status=$?
  ((status == 1)) || fail "status $status instead of 1 with standard output lost: kaogong $*"
  says 'cannot be written'
  one_line
}
lost template list
lost template show trade-monthly
lost scheme schema
lost scheme check kitchen-monthly
lost scheme diff trade-monthly kitchen-monthly
lost explain --template trade-monthly --period 2026-10 --data "$data" --employee E000009
lost --help
# A pipe that nobody reads any more: by the signal, as usual; where that is ignored, with a line.
mkfifo pipe
exec 4<>pipe 5>pipe 4<&-
status=0
env --default-signal=PIPE "$program" template show trade-monthly >&5 2>err.txt || status=$?
((status == 141)) || fail "status $status instead of 141: not ended by the signal"
status=0
env --ignore-signal=PIPE "$program" template show trade-monthly >&5 2>err.txt || status=$?
((status == 1)) || fail "status $status instead of 1 where SIGPIPE is ignored"
says 'standard output cannot be written: Broken pipe'
exec 5>&-
# Closed descriptors: no file of ours takes their place and gets our messages.
score 0 "$data" whole
"$program" score --template trade-monthly --period 2026-10 --data "$data" --out parts <&- >&- 2>&- || fail 'without descriptors'
cmp -s whole/results.csv parts/results.csv || fail 'results.csv holds something else where standard output is closed'
cmp -s whole/rejects.csv parts/rejects.csv || fail 'rejects.csv holds something else where standard error is closed'

# -- Killed in the middle ---------------------------------------------------------------------------------------------
killed() { # killed SIGNAL STATUS: while it writes; nothing of it is left
  local status=0 pid
  mkdir -p killed
  env --default-signal=INT,TERM "$program" generate --template trade-monthly --period 2026-10 --employees 100000000 --out killed \
    >out.txt 2>err.txt &
  pid=$!
  until [[ $(ls -l /proc/$pid/fd 2>/dev/null) == *"$work/killed/"* ]]; do
    kill -0 $pid 2>/dev/null || break
  done
  kill -s "$1" $pid
  wait $pid || status=$?
  ((status == $2)) || fail "status $status instead of $2 after SIG$1"
  # A file system without nameless files keeps the unfinished ones under another name after SIGKILL.
  [[ -z $(find killed -name '*.csv') ]] || fail "SIG$1 left files that look finished: $(ls killed)"
  if [[ $(stat -f -c %T killed) =~ ^(ext2/ext3|xfs|btrfs|tmpfs)$ ]]; then empty killed; fi
  rm -rf killed
}
killed INT 130
killed TERM 143
killed KILL 137

# -- Threads that cannot begin: it gets by with those it has, or says so ----------------------------------------------
if ! instrumented; then
  status=0
  (ulimit -S -v 400000 && exec "$program" score --template trade-monthly --period 2026-10 --data "$data" --out few --threads 1024 \
    >out.txt 2>err.txt) || status=$?
  if ((status == 0)); then
    cmp -s whole/results.csv few/results.csv || fail 'other results with few threads'
  else
    ((status == 1)) || fail "status $status instead of 1 without memory for threads"
    one_line
  fi
fi

# -- Arguments --------------------------------------------------------------------------------------------------------
for arguments in '--threads 0' '--threads 1025' '--threads x' '--morsel 0' '--lang fr' 'extra' '--period 2026-11'; do
  # shellcheck disable=SC2086
  score 1 "$data" out $arguments
  [[ -s err.txt && ! -s out.txt ]] || fail "no word on standard error about $arguments"
done
for period in '' 2026-13 2026-00 2026-Q5 2026-H3 99999999-10 -1 2026-10-11 $'2026-10\n' ２０２６-10; do
  expect 1 score --template trade-monthly --period "$period" --data "$data" --out out
done
for arguments in '--employees 0' '--employees -1' '--employees 99999999999999999999' '--seed -1' '--faults 2' '--faults nan'; do
  # shellcheck disable=SC2086
  expect 1 generate --template trade-monthly --period 2026-10 --out generated $arguments
  [[ -s err.txt ]] || fail "no word on standard error about $arguments"
done
empty generated
for arguments in '--employee' '--employee E1' '--employee E000009 --depth -1' '--employee E000009 --rows -1' \
  '--employee E000009 --value' '--employee E000009 --format xml'; do
  # shellcheck disable=SC2086
  expect 1 explain --template trade-monthly --period 2026-10 --data "$data" $arguments
done

finish
