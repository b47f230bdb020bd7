#!/usr/bin/env bash
# The rules of the house, read from the text of the tree: usage: check.sh [TREE]. Writes a line
# `file:line: rule: what is wrong` for every fault; exit status 1 if there is one.
set -euo pipefail
export LC_ALL=C
rules=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
tree=${1:-$rules/../..}
cd -- "$tree"

# The files of the project: what git tracks or would track; without git, everything but the build folder.
list_files() {
  if git -c safe.directory='*' rev-parse --show-prefix 2>/dev/null | grep -qx ''; then
    git -c safe.directory='*' ls-files --cached --others --exclude-standard
  else
    find . \( -path ./build -o -path ./.git \) -prune -o -type f -print | sed 's|^\./||'
  fi | sort -u | while IFS= read -r file; do
    if [[ -f $file ]]; then printf '%s\n' "$file"; fi
  done
}

files=$(mktemp)
faults=$(mktemp)
trap 'rm -f -- "$files" "$faults"' EXIT
list_files >"$files"

# for_files PATTERN COMMAND...: runs the command over the files whose path matches, nothing if there are none.
for_files() {
  local pattern=$1
  shift
  { grep -E -- "$pattern" "$files" || true; } | tr '\n' '\0' | xargs -0 -r "$@"
}

house='gateway tenants engine infra bench tests docs'

check_folders() {
  local folder
  sed -n 's|/.*||p' "$files" | sort -u | while IFS= read -r folder; do
    case " $house .ci .github " in
      *" $folder "*) ;;
      *) echo "$folder:1: folder: not a folder of the house ($house); say in docs/architecture.md why it must be" ;;
    esac
  done
  for folder in $house; do
    grep -qxF -- "$folder/README.md" "$files" ||
      echo "$folder:1: readme: $folder/README.md is missing: what lives here, the way data takes, what it may touch"
  done
}

check_code() {
  for_files '^(gateway|tenants|engine|infra|bench|tests)/.*\.(h|cpp|inc)$' awk \
    -v packages=infra/packages.txt -v headers="$rules/headers.txt" -v floating="$rules/floating_point.txt" \
    -f "$rules/code.awk"
}

# A room links only what its folder may include: kaogong_<room> belongs to the folder that has add_library for it.
check_links() {
  for_files '^(gateway|tenants|engine|infra)/.*CMakeLists\.txt$' awk '
    BEGIN {
      may["gateway"] = " gateway tenants engine infra "; may["tenants"] = " tenants engine infra "
      may["engine"] = " engine "; may["infra"] = " infra "
    }
    { sub(/#.*/, "") }
    match($0, /add_library\([[:space:]]*kaogong_[a-z0-9_]+/) {
      name = substr($0, RSTART, RLENGTH); sub(/.*\([[:space:]]*/, "", name)
      split(FILENAME, part, "/"); home[name] = part[1]
    }
    {
      text = $0
      while (match(text, /kaogong_[a-z0-9_]+/)) {
        ++uses; used[uses] = substr(text, RSTART, RLENGTH); where[uses] = FILENAME ":" FNR
        split(FILENAME, part, "/"); from[uses] = part[1]
        text = substr(text, RSTART + RLENGTH)
      }
    }
    END {
      for (i = 1; i <= uses; ++i)
        if (used[i] in home && index(may[from[i]], " " home[used[i]] " ") == 0)
          print where[i] ": arrow: " from[i] " links " used[i] " of " home[used[i]]
    }'
}

# Paths of somebody's machine, private addresses, and this machine's own name have no place in the project; models by
# others (*.dmn) are theirs as they are.
check_machines() {
  local name
  { for_files '^' grep -nIE '(^|[^A-Za-z0-9_./])/(work|home|root|Users)/[A-Za-z0-9_.]|[A-Z]:\\Users\\|192\.168\.[0-9]' /dev/null || true; } |
    { grep -vE '^(tests/rules/|[^:]*\.dmn:)' || true; } | sed -E 's|^([^:]*:[0-9]+):(.*)|\1: machine: a path or address of one machine: \2|'
  name=$(cat /proc/sys/kernel/hostname 2>/dev/null || true)
  if ((${#name} >= 6)) && [[ $name != localhost* && $name != debian* && $name != kaogong* ]]; then
    { for_files '^' grep -nIwF -e "$name" /dev/null || true; } |
      sed -E 's|^([^:]*:[0-9]+):.*|\1: machine: the name of this machine|'
  fi
}

# A link in a page leads to a file that is there.
check_pages() {
  local page line target
  { for_files '\.md$' grep -noE '\]\([^)# ]+' /dev/null || true; } | while IFS=: read -r page line target; do
    target=${target#*](}
    case $target in
      http://* | https://* | mailto:*) continue ;;
    esac
    [[ -e $(dirname -- "$page")/$target ]] || echo "$page:$line: link: $target is not there"
  done
}

{
  check_folders
  check_code
  check_links
  check_machines
  check_pages
} >"$faults"

if [[ -s $faults ]]; then
  cat -- "$faults"
  echo "rules: $(wc -l <"$faults") faults"
  exit 1
fi
echo "rules: $(wc -l <"$files") files, no fault"
