# Reads C++ files: includes, and what the engine may not say. Variables: packages (infra/packages.txt), headers
# (which package has a foreign header), floating (where the engine may use binary floating point).

function fault(rule, text) { print FILENAME ":" FNR ": " rule ": " text }

function read_table(name, what,    line, part, key) {
  while ((getline line < name) > 0) {
    sub(/[[:space:]]*#.*/, "", line)
    if (line ~ /^[[:space:]]*$/) continue
    split(line, part)
    if (what == "package") package[part[1]] = 1
    else if (what == "header") owner[part[1]] = part[2]
    else {
      key = part[1]
      sub(/^[^[:space:]]+[[:space:]]*/, "", line)
      allowed[key] = line
      if (line == "") print name ":1: floating: no reason is given for " key
    }
  }
  close(name)
}

BEGIN {
  may["gateway"] = " gateway tenants engine infra "
  may["tenants"] = " tenants engine infra "
  may["engine"] = " engine "
  may["infra"] = " infra "
  may["bench"] = may["tests"] = " gateway tenants engine infra bench tests "
  read_table(packages, "package")
  read_table(headers, "header")
  read_table(floating, "floating")
  engine_never = "^(iostream|fstream|filesystem|random|locale|codecvt|ctime|clocale|time\\.h|locale\\.h|" \
                 "sys/.*|unistd\\.h|fcntl\\.h|boost/asio.*|boost/beast.*|pqxx.*|libpq.*|hiredis.*|CLI/.*|benchmark/.*)$"
  engine_words = "(system_clock|steady_clock|high_resolution_clock|getenv|setlocale|std::cout|std::cerr|std::cin|" \
                 "printf|fopen|std::rand|localtime|gmtime|random_device)"
}

FNR == 1 {
  split(FILENAME, part, "/")
  folder = part[1]
  comment = 0
  pragma = 0
  if (last_header != "" && !last_pragma) print last_header ":1: pragma: a header begins with #pragma once"
  last_header = FILENAME ~ /\.h$/ ? FILENAME : ""
  last_pragma = 0
}
/^#pragma once/ { last_pragma = 1 }

/^[[:space:]]*#[[:space:]]*include/ {
  name = $0
  sub(/^[[:space:]]*#[[:space:]]*include[[:space:]]*/, "", name)
  quoted = substr(name, 1, 1) == "\""
  sub(/^["<]/, "", name)
  sub(/[">].*/, "", name)
  split(name, part, "/")
  if (part[1] in may) {
    if (index(may[folder], " " part[1] " ") == 0) fault("arrow", folder " includes " name)
    if (!quoted) fault("include", "\"" name "\" is ours: write it in quotes")
  } else if (quoted) {
    fault("include", "\"" name "\": write includes from the root of the tree, foreign ones in <>")
  } else if (name ~ /[\/.]/ && name !~ /^(sys\/|unistd|fcntl|immintrin\.h|x86intrin\.h)/ && !(name in owner) && !(part[1] "/" in owner)) {
    fault("package", "<" name "> is in no package that tests/rules/headers.txt knows")
  } else if ((name in owner) || (part[1] "/" in owner)) {
    needed = name in owner ? owner[name] : owner[part[1] "/"]
    if (needed != "-" && !(needed in package)) fault("package", "<" name "> needs " needed ", which infra/packages.txt does not list")
  }
  # Memory by the page is no input or output.
  if (folder == "engine" && name ~ engine_never && name != "sys/mman.h") fault("pure", "the engine includes <" name ">")
  next
}

{
  # What is left is code: no comments, no text in quotes.
  code = $0
  if (comment) {
    if (!index(code, "*/")) next
    sub(/.*\*\//, "", code)
    comment = 0
  }
  gsub(/\\./, "", code)
  gsub(/"[^"]*"/, "\"\"", code)
  sub(/\/\/.*/, "", code)
  gsub(/\/\*[^*]*\*\//, "", code)
  if (index(code, "/*")) {
    sub(/\/\*.*/, "", code)
    comment = 1
  }
}
folder == "engine" && code ~ "(^|[^A-Za-z0-9_])" engine_words "([^A-Za-z0-9_]|$)" {
  fault("pure", "the engine has no input, output, clock, environment or locale of its own")
}
folder == "engine" && code ~ /(^|[^A-Za-z0-9_])(double|float)([^A-Za-z0-9_]|$)/ {
  if (FILENAME in allowed) met[FILENAME] = 1
  else fault("floating", "no binary floating point in the engine (tests/rules/floating_point.txt holds the exceptions)")
}
/^[[:space:]]*using namespace / && FILENAME ~ /\.h$/ { fault("header", "no `using namespace` in a header") }

END {
  if (last_header != "" && !last_pragma) print last_header ":1: pragma: a header begins with #pragma once"
  for (name in allowed)
    if (!(name in met)) print name ":1: floating: the exception in tests/rules/floating_point.txt is not needed"
}
