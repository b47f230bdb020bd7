#!/usr/bin/env bash
# Shows that check.sh finds each fault it knows, and finds none in a tree that has none.
set -euo pipefail
rules=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
tree=$(mktemp -d)
trap 'rm -rf -- "$tree"' EXIT
cp -r -- "$rules" "$tree/rules"
: >"$tree/rules/floating_point.txt"
failed=0

# put FILE: writes standard input to a file of the tree under test.
put() {
  mkdir -p -- "$tree/house/$(dirname -- "$1")"
  cat >"$tree/house/$1"
}

good_tree() {
  rm -rf -- "$tree/house"
  local folder
  for folder in gateway tenants engine infra bench tests docs; do
    echo "See [the rest](README.md)." | put "$folder/README.md"
  done
  echo 'libtbb-dev build' | put infra/packages.txt
  put engine/number/decimal.h <<'EOF'
// A double is named in a comment only.
#pragma once
#include <string>
#include <tbb/parallel_for.h>
inline const char* text = "float steady_clock";  /* double
still a comment: float */
EOF
  put tenants/run.cpp <<'EOF'
#include "engine/number/decimal.h"
#include "infra/csv/reader.h"
double ratio = 1;
EOF
  put engine/number/CMakeLists.txt <<<'add_library(kaogong_number decimal.cpp)'
  put tenants/CMakeLists.txt <<<'target_link_libraries(kaogong_tenants PUBLIC kaogong_number)'
}

check() { "$tree/rules/check.sh" "$tree/house" 2>&1; }

# finds WHERE RULE: the tree as it stands has exactly this one fault.
finds() {
  local where=$1 rule=$2 out status=0
  out=$(check) || status=$?
  if ((status != 1)) || [[ $(grep -c . <<<"$out") -ne 2 ]] || ! grep -q "^$where: $rule: " <<<"$out"; then
    echo "expected one fault '$where: $rule', status 1; status $status:"
    echo "$out"
    failed=1
  fi
  good_tree
}

good_tree
if ! out=$(check); then
  echo "a good tree has faults:"
  echo "$out"
  failed=1
fi

put engine/a.cpp <<<'#include "tenants/run.h"'
finds engine/a.cpp:1 arrow
put engine/a.cpp <<<'#include "infra/csv/reader.h"'
finds engine/a.cpp:1 arrow
put infra/a.cpp <<<'  #  include "engine/number/decimal.h"'
finds infra/a.cpp:1 arrow
put tenants/a.cpp <<<'#include "gateway/command/main.h"'
finds tenants/a.cpp:1 arrow
put infra/csv/CMakeLists.txt <<<'target_link_libraries(kaogong_csv PUBLIC kaogong_number)'
finds infra/csv/CMakeLists.txt:1 arrow
put engine/a.cpp <<<'#include "decimal.h"'
finds engine/a.cpp:1 include
put engine/a.cpp <<<'#include <engine/number/decimal.h>'
finds engine/a.cpp:1 include
for header in iostream fstream filesystem random locale ctime; do
  put engine/a.cpp <<<"#include <$header>"
  finds engine/a.cpp:1 pure
done
put engine/a.cpp <<<'auto now = std::chrono::steady_clock::now();'
finds engine/a.cpp:1 pure
put engine/a.cpp <<<'double x = 1;  // "not in a text"'
finds engine/a.cpp:1 floating
put engine/a.cpp <<<'f("text", static_cast<float>(x));'
finds engine/a.cpp:1 floating
put gateway/a.cpp <<<'#include <unknown/thing.h>'
finds gateway/a.cpp:1 package
put gateway/a.cpp <<<'#include <gtest/gtest.h>'
finds gateway/a.cpp:1 package
put gateway/a.h <<<'int x;'
finds gateway/a.h:1 pragma
printf '#pragma once\nusing namespace std;\n' | put gateway/a.h
finds gateway/a.h:2 header
put utils/a.txt <<<'x'
finds utils:1 folder
rm -- "$tree/house/bench/README.md"
finds bench:1 readme
put docs/a.md <<<'[gone](gone.md)'
finds docs/a.md:1 link
put docs/a.md <<<'Look in /home/somebody/kaogong.'
finds docs/a.md:1 machine

# An exception needs a reason, and a use.
put engine/a.cpp <<<'double x = 1;'
echo 'engine/a.cpp only counts steps' >"$tree/rules/floating_point.txt"
if ! out=$(check); then
  echo "an exception with its reason is refused:"
  echo "$out"
  failed=1
fi
good_tree
finds engine/a.cpp:1 floating

((failed == 0)) && echo "every rule finds its fault"
exit "$failed"
