# shellcheck shell=bash disable=SC2154
# What the parts of the demo share: taken in by them, with $program and $here set. Works in the folder that it is in.
export LC_ALL=C # awk counts bytes, whichever awk it is

bold='' dim='' plain='' green='' cyan=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m' green=$'\e[32m' cyan=$'\e[36m'
fi

grouped() { printf '%s' "$1" | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta'; }
say() { printf '   %s%s%s\n' "$dim" "$1" "$plain"; }

# since MICROSECONDS: the seconds since then, with two decimals.
now_us() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }
since() { awk -v us="$(($(now_us) - $1))" 'BEGIN { printf "%.2f s", us / 1e6 }'; }

# The chapters are counted through all parts.
chapter=${KAOGONG_DEMO_CHAPTER:-0}
title() {
  chapter=$((chapter + 1))
  printf '\n%s%d. %s%s\n\n' "$bold$cyan" "$chapter" "$1" "$plain"
}

# Commands run beside the script, which waits for them: so that whoever ends the demo does not wait for them, too.
running=''
stop_running() {
  [[ -z $running ]] || kill -TERM "$running" 2>/dev/null || true
  [[ -z $running ]] || wait "$running" 2>/dev/null || true
  running=''
}
run() {
  local status=0
  "$@" &
  running=$!
  wait "$running" || status=$?
  running=''
  return "$status"
}

# quietly ARGUMENTS...: runs kaogong; what it prints is in the file `printed`, what it remarks in `remarked`, which is shown
# if nothing could be done.
quietly() {
  local status=0
  run "$program" "$@" >printed 2>remarked || status=$?
  ((status != 1)) || cat remarked >&2
  return "$status"
}

# kaogong ARGUMENTS...: shows the command, and what it prints, indented, and how long it took.
kaogong() {
  local status=0 began argument shown=''
  for argument; do
    [[ $argument != *' '* ]] || argument="'$argument'"
    shown+=" $argument"
  done
  printf '   %s$ kaogong%s%s\n' "$green" "$shown" "$plain"
  began=$(now_us)
  quietly "$@" || status=$?
  local took
  took=$(since "$began")
  sed 's/^/     /' printed
  ((status == 1)) || sed "s/^/     $dim/; s/\$/$plain/" remarked
  say "  ($took)"
  return "$status"
}

# show SCRIPT FILES...: an awk script of this folder, with the functions that all of them use.
show() {
  local script=$1
  shift
  awk -f "$here/text.awk" -f "$here/$script.awk" -v bold="$bold" -v dim="$dim" -v plain="$plain" -v green="$green" "$@"
}

trap 'exit 130' INT
trap 'exit 143' TERM HUP
