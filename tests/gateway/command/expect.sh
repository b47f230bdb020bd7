# For the tests of the program: taken in by each with its first argument, the program. Goes to a folder of its own.
program=$(readlink -f -- "$1")
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd -- "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $*"
  sed 's/^/    /' out.txt err.txt 2>/dev/null | head -n 20
  failures=$((failures + 1))
}
# expect STATUS ARGUMENT...: runs the program and compares its exit status.
expect() {
  local wanted=$1 status=0
  shift
  "$program" "$@" >out.txt 2>err.txt || status=$?
  ((status == wanted)) || fail "status $status instead of $wanted: kaogong $*"
}
says() { grep -qF -- "$1" err.txt || fail "standard error does not say: $1"; }
prints() { grep -qF -- "$1" out.txt || fail "standard output does not say: $1"; }
# instrumented: whether the program is one of a sanitizer's builds, which need terabytes of addresses.
# All of nm is read: what it cannot write would count as its failure.
instrumented() { nm -D "$program" 2>/dev/null | grep -c '__[at]san' >/dev/null; }
finish() {
  ((failures == 0)) && echo 'all passed'
  exit $((failures > 0))
}
