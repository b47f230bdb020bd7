# The first lines of rejects.csv: file, line, employee, column, value, error.
NR == 1 { next }
NR <= 7 {
  error = $6
  for (i = 7; i <= NF; ++i) error = error "," $i
  gsub(/"/, "", error)
  printf "     %s %s %s %s %s\n", left($1 ":" $2, 22), left($3, 10), left($4, 10), left($5 == "" ? "(empty)" : $5, 10), error
}
END { if (NR > 7) printf "     %s… and %d more in rejects.csv%s\n", dim, NR - 7, plain }
