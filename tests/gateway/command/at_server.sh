# shellcheck shell=bash
# For scripts that test commands at a server, after `here`: a PostgreSQL of their own, what expect.sh has, and an end of
# the server that they put into $server.
if [[ -z ${KAOGONG_POSTGRES_CONNINFO:-} ]]; then
  exec "$1" cluster --template-cache "$2" -- "$0" "$@"
fi
unset KAOGONG_SERVER KAOGONG_KEY KAOGONG_TENANT XDG_CONFIG_HOME
# shellcheck source=tests/gateway/command/expect.sh
source "$here/expect.sh"
export HOME=$work
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf -- "$work"' EXIT
