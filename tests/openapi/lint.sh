#!/usr/bin/env bash
# Reads the API's description, as the program serves it, with Spectral: usage: lint.sh PROGRAM FOLDER
# Spectral is installed into FOLDER, as package-lock.json has it. Fails on every finding, also on warnings.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
program=$(readlink -f -- "$1")
mkdir -p -- "$2"
folder=$(readlink -f -- "$2")
for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "lint.sh: Spectral needs $tool, which is not installed" >&2; exit 1; }
done

if ! cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
  rm -f -- "$folder/package-lock.json"
  mkdir -p -- "$folder/installed"
  cp -- "$here/package.json" "$here/package-lock.json" "$folder/installed/"
  log=$folder/npm.log
  # Nothing of these packages has to run when it is installed.
  if ! (cd -- "$folder/installed" && npm clean-install --ignore-scripts --no-audit --no-fund >"$log" 2>&1); then
    tail -n 20 -- "$log" >&2
    echo "lint.sh: Spectral cannot be installed: npm does not reach its registry, or lacks a package of tests/openapi/package-lock.json" >&2
    exit 1
  fi
  cp -- "$here/package-lock.json" "$folder/"
fi

# The server asks for PostgreSQL when it starts.
KAOGONG_SERVER_PORT=0 "$program" cluster -- bash -euo pipefail -c '
  "$1" migrate >/dev/null
  mkfifo "$2/address"
  trap "rm -f -- \"$2/address\"; kill \$(jobs -p) 2>/dev/null" EXIT
  "$1" serve >"$2/address" 2>"$2/server.log" &
  read -r server <"$2/address" || { cat -- "$2/server.log" >&2; exit 1; }
  curl -sS --fail-with-body "$server/openapi.json" -o "$2/openapi.json"' - "$program" "$folder"
cd -- "$folder"
installed/node_modules/.bin/spectral lint --ruleset "$here/ruleset.yaml" --fail-severity hint openapi.json
