# For the benches of runs: taken in by each with its first argument, the program. A database, a tenant's months, a worker.
program=$(readlink -f -- "$1")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work" || exit 1

# quietly ARGUMENT...: runs the program, and says what went wrong if anything did.
quietly() {
  local status=0
  "$program" "$@" >out.txt 2>err.txt || status=$?
  if ((status != 0 && status != 2)); then
    echo "status $status: kaogong $*" >&2
    cat err.txt >&2
    exit 1
  fi
}
# begin: migrates, and goes on as the application.
begin() {
  quietly migrate
  export KAOGONG_POSTGRES_OWNER_CONNINFO=$KAOGONG_POSTGRES_CONNINFO
  export KAOGONG_POSTGRES_CONNINFO="$KAOGONG_POSTGRES_CONNINFO user=kaogong_app"
}
# month TENANT TEMPLATE PERIOD EMPLOYEES: a month's generated inputs are entered.
month() {
  local data=data
  rm -rf -- "$data"
  quietly generate --template "$2" --period "$3" --employees "$4" --seed 7 --out "$data" --quiet
  rm -f "$data/history.csv"
  quietly period open "$3" --tenant "$1"
  quietly input load "$data" --scheme "$2" --period "$3" --tenant "$1"
}
# seconds COMMAND...: how long it takes, with three decimals.
seconds() {
  local begun=$EPOCHREALTIME ended
  "$@"
  ended=$EPOCHREALTIME
  awk -v a="$begun" -v b="$ended" 'BEGIN {printf "%.3f\n", b - a}'
}
