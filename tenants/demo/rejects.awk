# The first lines of rejects.csv: file, line, employee, column, value, error.

# The fields of a line, in quotes or not, into `field`; returns how many.
function split_csv(line,    n, c, i, quoted) {
  n = 1
  field[1] = ""
  for (i = 1; i <= length(line); ++i) {
    c = substr(line, i, 1)
    if (c == "\"") {
      if (quoted && substr(line, i + 1, 1) == "\"") {
        field[n] = field[n] c
        ++i
      } else {
        quoted = !quoted
      }
    } else if (c == "," && !quoted) {
      field[++n] = ""
    } else {
      field[n] = field[n] c
    }
  }
  return n
}
function shortened(s, most) {
  if (length(s) <= most) return s
  s = substr(s, 1, most - 2)
  sub(/[^ -~]+$/, "", s) # part of a character
  return s " …"
}
NR == 1 { next }
NR <= 7 {
  split_csv($0)
  printf "     %s%s %s%s\n", bold, left(field[1] ":" field[2], 22), field[3], plain
  value = field[4] == "" ? "row" : field[4]
  value = value " " (field[5] == "" ? "(empty)" : field[5])
  printf "       %s %s%s%s\n", left(value, 24), dim, shortened(field[6], 92), plain
}
END { if (NR > 7) printf "     %s… and %d more in rejects.csv%s\n", dim, NR - 7, plain }
